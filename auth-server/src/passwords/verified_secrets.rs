//! Which client secrets were good a moment ago: a client that asks for a hundred tokens a minute pays
//! for bcrypt once.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use quick_cache::sync::Cache;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use symbolon::clock::Clock;
use symbolon::identifiers::ClientId;
use symbolon::random::Random;
use symbolon::secret::Secret;
use zeroize::Zeroizing;

use super::{PasswordHash, PasswordVerifier, VerificationError};

/// Remembers that a client presented a secret that matched its hash. What is kept is an HMAC-SHA-256
/// under a key of this process, which neither shows the secret nor helps to guess it; it covers the
/// hash too, so a secret that is changed is forgotten at once. Refusals are not remembered.
pub struct VerifiedSecrets {
    /// A whole block of SHA-256: it is used as it is.
    key: Zeroizing<[u8; 64]>,
    /// From one half of the code to the other half.
    verified: Cache<[u8; 16], Verified>,
    ttl: Duration,
    clock: Arc<dyn Clock>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// How the memory does, for metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretMemory {
    /// Secrets that were recalled.
    pub hits: u64,
    /// Secrets with slow hashes that were not.
    pub misses: u64,
    /// Secrets that are remembered; some may be past their time.
    pub entries: u64,
}

#[derive(Clone, Copy)]
struct Verified {
    check: [u8; 16],
    /// On the stopwatch of the clock.
    until: Duration,
}

impl VerifiedSecrets {
    /// Remembers up to `capacity` secrets for `ttl_secs` seconds each; with 0 seconds, none.
    pub fn new(capacity: usize, ttl_secs: u64, clock: Arc<dyn Clock>, random: &dyn Random) -> Self {
        Self {
            key: Zeroizing::new(random.bytes()),
            verified: Cache::new(capacity.max(1)),
            ttl: Duration::from_secs(ttl_secs),
            clock,
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// How the memory does.
    pub fn statistics(&self) -> SecretMemory {
        SecretMemory {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            entries: u64::try_from(self.verified.len()).unwrap_or(u64::MAX),
        }
    }

    /// Whether `presented` is the secret behind `hash`, from memory or else from `verifier`. Fast
    /// hashes are cheaper to compute than to remember, so they are not.
    pub async fn verify(
        &self,
        client_id: &ClientId,
        presented: &Secret,
        hash: &PasswordHash,
        verifier: &PasswordVerifier,
    ) -> Result<bool, VerificationError> {
        if !hash.is_slow() {
            return verifier.verify(presented, Some(hash)).await;
        }
        if self.recalls(client_id, presented, hash) {
            self.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(true);
        }
        self.misses.fetch_add(1, Ordering::Relaxed);
        let good = verifier.verify(presented, Some(hash)).await?;
        if good {
            self.remember(client_id, presented, hash);
        }
        Ok(good)
    }

    /// Whether this client presented this secret against this hash within the time, and it was good.
    pub fn recalls(&self, client_id: &ClientId, presented: &Secret, hash: &PasswordHash) -> bool {
        let (place, check) = self.code(client_id, presented, hash);
        // The place reveals nothing to whoever measures the search: without the key nobody can choose
        // it. The check is compared in constant time all the same.
        self.verified.get(&place).is_some_and(|verified| {
            let same: bool = verified.check.ct_eq(&check).into();
            same && self.clock.elapsed() < verified.until
        })
    }

    /// Notes that `presented` was verified against `hash`. The time is counted from here and not
    /// prolonged by use.
    pub fn remember(&self, client_id: &ClientId, presented: &Secret, hash: &PasswordHash) {
        let (place, check) = self.code(client_id, presented, hash);
        let until = self.clock.elapsed().saturating_add(self.ttl);
        self.verified.insert(place, Verified { check, until });
    }

    fn code(
        &self,
        client_id: &ClientId,
        presented: &Secret,
        hash: &PasswordHash,
    ) -> ([u8; 16], [u8; 16]) {
        let mut mac = Hmac::<Sha256>::new(&(*self.key).into());
        // Each with its length before it: two different triples never read the same.
        for part in [client_id.as_str(), hash.expose(), presented.expose()] {
            mac.update(&part.len().to_be_bytes());
            mac.update(part.as_bytes());
        }
        let code: [u8; 32] = mac.finalize().into_bytes().into();
        let (mut place, mut check) = ([0; 16], [0; 16]);
        let (left, right) = code.split_at(16);
        place.copy_from_slice(left);
        check.copy_from_slice(right);
        (place, check)
    }
}

impl fmt::Debug for VerifiedSecrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerifiedSecrets")
            .field("len", &self.verified.len())
            .field("ttl", &self.ttl)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use symbolon::clock::{SettableClock, Timestamp};
    use symbolon::random::SystemRandom;

    use super::super::HashCount;
    use super::*;

    const BCRYPT: &str = "{bcrypt}$2b$04$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi";
    const SECRET: &str = "correct horse 电池";

    fn memory(capacity: usize) -> (VerifiedSecrets, Arc<SettableClock>) {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000)));
        let shared: Arc<dyn Clock> = clock.clone();
        let memory = VerifiedSecrets::new(capacity, 300, shared, &SystemRandom);
        (memory, clock)
    }

    #[tokio::test]
    async fn a_secret_is_remembered_no_longer_when_the_hour_is_set_back() {
        let (memory, clock) = memory(8);
        let (client, secret) = (ClientId::new("print-photo"), Secret::new(SECRET));
        let hash = BCRYPT.parse().unwrap();
        memory.remember(&client, &secret, &hash);
        clock.advance_secs(299);
        clock.set(Timestamp::from_secs(0));
        assert!(memory.recalls(&client, &secret, &hash));
        clock.advance_secs(1);
        assert!(!memory.recalls(&client, &secret, &hash));
    }

    #[tokio::test]
    async fn a_good_secret_is_computed_once_in_its_time() {
        let (memory, clock) = memory(8);
        let verifier = PasswordVerifier::new(NonZeroUsize::MIN, 1, &SystemRandom).unwrap();
        let (client, secret) = (ClientId::new("print-photo"), Secret::new(SECRET));
        let hash = BCRYPT.parse().unwrap();
        for (elapsed_secs, slow) in [(0, 1), (299, 1), (1, 2)] {
            clock.advance_secs(elapsed_secs);
            let verdict = memory.verify(&client, &secret, &hash, &verifier).await;
            assert_eq!(verdict, Ok(true));
            assert_eq!(verifier.hash_count(), HashCount { slow, fast: 0 });
        }
        let statistics = memory.statistics();
        let expected = SecretMemory {
            hits: 1,
            misses: 2,
            entries: 1,
        };
        assert_eq!(statistics, expected);
    }

    #[tokio::test]
    async fn a_wrong_secret_is_computed_every_time() {
        let (memory, _) = memory(8);
        let verifier = PasswordVerifier::new(NonZeroUsize::MIN, 1, &SystemRandom).unwrap();
        let (client, wrong) = (ClientId::new("print-photo"), Secret::new("wrong"));
        let hash = BCRYPT.parse().unwrap();
        for slow in 1..=2 {
            let verdict = memory.verify(&client, &wrong, &hash, &verifier).await;
            assert_eq!(verdict, Ok(false));
            assert_eq!(verifier.hash_count(), HashCount { slow, fast: 0 });
        }
    }

    #[test]
    fn only_the_same_client_secret_and_hash_are_recalled() {
        let (memory, _) = memory(8);
        let (client, secret) = (ClientId::new("a"), Secret::new("b"));
        let hash = "{noop}b".parse().unwrap();
        memory.remember(&client, &secret, &hash);
        assert!(memory.recalls(&client, &secret, &hash));
        assert!(!memory.recalls(&ClientId::new("b"), &secret, &hash));
        assert!(!memory.recalls(&client, &Secret::new("a"), &hash));
        assert!(!memory.recalls(&client, &secret, &"{noop}c".parse().unwrap()));
    }

    #[test]
    fn memory_is_bounded() {
        let (memory, _) = memory(16);
        let hash = "{noop}b".parse().unwrap();
        for number in 0..1_000 {
            let secret = Secret::new(number.to_string());
            memory.remember(&ClientId::new("a"), &secret, &hash);
        }
        assert!(memory.verified.len() <= 32, "{memory:?}");
    }
}
