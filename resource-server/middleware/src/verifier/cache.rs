//! Remembering what was said about a token.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};
use symbolon::clock::Clock;
use symbolon::secret::Secret;

use crate::authentication::Authentication;
use crate::verdict::VerificationError;
use crate::verifier::TokenVerifier;

/// How much is remembered, and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheLimits {
    /// How many tokens; beyond that, those used least are forgotten.
    pub capacity: usize,
    /// For how many seconds a token counts as good without being checked again. With a remote verifier
    /// a revoked token stays good that long.
    pub max_age_secs: u64,
}

/// Remembers good tokens of another verifier. Keys are SHA-256 digests, so a dump of the memory's
/// index holds no token; `exp` is compared on every hit; when keys change all is forgotten.
pub struct CachedVerifier {
    inner: Arc<dyn TokenVerifier>,
    remembered: Cache<[u8; 32], Remembered>,
    max_age: Duration,
    clock: Arc<dyn Clock>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// How the memory of a [`CachedVerifier`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheStatistics {
    /// Tokens that were recalled, since the start.
    pub hits: u64,
    /// Tokens that had to be checked, since the start.
    pub misses: u64,
    /// Tokens that are remembered now; some may be past their time.
    pub entries: usize,
}

#[derive(Clone)]
struct Remembered {
    authentication: Authentication,
    /// On the stopwatch: whoever sets the hour back must not lengthen what is remembered.
    checked_at: Duration,
    generation: u64,
}

impl CachedVerifier {
    /// Remembers what `inner` says.
    pub fn new(inner: Arc<dyn TokenVerifier>, limits: CacheLimits, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner,
            remembered: Cache::new(limits.capacity),
            max_age: Duration::from_secs(limits.max_age_secs),
            clock,
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// How the memory does: for metrics.
    pub fn statistics(&self) -> CacheStatistics {
        CacheStatistics {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            entries: self.remembered.len(),
        }
    }

    fn remembered(&self, digest: &[u8; 32]) -> Option<Authentication> {
        let remembered = self.remembered.get(digest)?;
        let authentication = remembered.authentication;
        let alive = authentication
            .expires_at
            .is_none_or(|end| self.clock.now() < end);
        let age = self.clock.elapsed().saturating_sub(remembered.checked_at);
        let fresh = age < self.max_age;
        if alive && fresh && remembered.generation == self.inner.generation() {
            self.hits.fetch_add(1, Ordering::Relaxed);
            return Some(authentication);
        }
        self.remembered.remove(digest);
        None
    }
}

#[async_trait]
impl TokenVerifier for CachedVerifier {
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError> {
        let digest = digest(token);
        if let Some(authentication) = self.remembered(&digest) {
            return Ok(authentication);
        }
        self.misses.fetch_add(1, Ordering::Relaxed);
        // Read before the check: keys that change meanwhile make the entry void, never fresh.
        let generation = self.inner.generation();
        let checked_at = self.clock.elapsed();
        let authentication = self.inner.verify(token).await?;
        let entry = Remembered {
            authentication: authentication.clone(),
            checked_at,
            generation,
        };
        self.remembered.insert(digest, entry);
        Ok(authentication)
    }

    fn recall(&self, token: &Secret) -> Option<Authentication> {
        self.remembered(&digest(token))
    }

    fn generation(&self) -> u64 {
        self.inner.generation()
    }
}

fn digest(token: &Secret) -> [u8; 32] {
    Sha256::digest(token.expose().as_bytes()).into()
}

impl fmt::Debug for CachedVerifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CachedVerifier")
            .field("inner", &self.inner)
            .field("remembered", &self.remembered.len())
            .field("max_age", &self.max_age)
            .finish_non_exhaustive()
    }
}
