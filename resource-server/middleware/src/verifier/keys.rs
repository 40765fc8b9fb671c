//! The authorization server's public keys: a snapshot that readers share, replaced as a whole after a
//! fetch that no lock for readers spans.

mod source;
mod verification_key;

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use symbolon::clock::{Clock, Timestamp};
use symbolon::jwk::SigningAlgorithm;
use tokio::sync::Mutex;

use crate::verdict::VerificationError;
use crate::verifier::transport::nonsense;

pub use source::{KeyPublication, KeySource};
pub(super) use verification_key::VerificationKey;

/// The keys of one fetch.
#[derive(Default)]
pub(super) struct KeySet {
    pub(super) keys: Vec<VerificationKey>,
    /// Counts the times that the keys changed; 0 before the first fetch.
    pub(super) generation: u64,
    fetched_at: Option<Timestamp>,
}

impl KeySet {
    fn same_keys(&self, keys: &[VerificationKey]) -> bool {
        self.keys.len() == keys.len()
            && self
                .keys
                .iter()
                .zip(keys)
                .all(|(left, right)| left.same_as(right))
    }
}

/// How often keys are fetched.
#[derive(Clone, Copy, Debug)]
pub(super) struct FetchPace {
    /// At least this many seconds lie between two fetches, whatever tokens come.
    pub(super) interval_secs: u64,
    /// Keys older than this many seconds are fetched again, so that a key that was withdrawn ends.
    pub(super) max_age_secs: u64,
}

/// The keys in use and the one place that fetches them.
pub(super) struct KeyRing {
    source: KeySource,
    /// The algorithms that may sign at all.
    pub(super) pinned: Vec<SigningAlgorithm>,
    pub(super) pace: FetchPace,
    clock: Arc<dyn Clock>,
    /// Held for the length of a pointer's copy, never across the network.
    snapshot: RwLock<Arc<KeySet>>,
    /// Held across the network: whoever holds it is the one who fetches.
    fetching: Mutex<LastFetch>,
}

#[derive(Default)]
struct LastFetch {
    tried_at: Option<Timestamp>,
    failure: Option<VerificationError>,
}

impl KeyRing {
    pub(super) fn new(
        source: KeySource,
        pinned: Vec<SigningAlgorithm>,
        pace: FetchPace,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            source,
            pinned,
            pace,
            clock,
            snapshot: RwLock::default(),
            fetching: Mutex::default(),
        }
    }

    /// The keys as they were fetched last, whatever their age.
    pub(super) fn snapshot(&self) -> Arc<KeySet> {
        // A writer only swaps a pointer, so a poisoned lock still guards a whole snapshot.
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keys to check with: those at hand while they are young. One caller renews old ones and goes on
    /// with them if that fails; the others do not wait for it.
    pub(super) async fn current(&self) -> Result<Arc<KeySet>, VerificationError> {
        let keys = self.snapshot();
        let Some(fetched_at) = keys.fetched_at else {
            return self.renewed(&keys).await;
        };
        if fetched_at.secs_until(self.clock.now()) < self.pace.max_age_secs {
            return Ok(keys);
        }
        let Ok(mut last) = self.fetching.try_lock() else {
            return Ok(keys);
        };
        if let Err(error) = self.fetch(&mut last).await {
            tracing::warn!(event = "keys_not_renewed", reason = %error);
        }
        Ok(self.snapshot())
    }

    /// Keys that are newer than `seen`, if there are any: at most one fetch at a time, which serves all
    /// who wait, and none when the last one was a moment ago.
    pub(super) async fn renewed(&self, seen: &KeySet) -> Result<Arc<KeySet>, VerificationError> {
        let mut last = self.fetching.lock().await;
        let keys = self.snapshot();
        if keys.generation > seen.generation {
            return Ok(keys);
        }
        self.fetch(&mut last).await?;
        Ok(self.snapshot())
    }

    async fn fetch(&self, last: &mut LastFetch) -> Result<(), VerificationError> {
        let now = self.clock.now();
        let rested = last
            .tried_at
            .is_none_or(|tried_at| tried_at.secs_until(now) >= self.pace.interval_secs);
        if !rested {
            return last.failure.clone().map_or(Ok(()), Err);
        }
        last.tried_at = Some(now);
        // Should the caller go away meanwhile, the next one must not take silence for success.
        last.failure = Some(nonsense("the last fetch of its keys was abandoned"));
        match self.source.fetch(&self.pinned).await {
            Ok(keys) => {
                last.failure = None;
                self.replace(keys, now);
                Ok(())
            }
            Err(error) => {
                last.failure = Some(error.clone());
                Err(error)
            }
        }
    }

    fn replace(&self, keys: Vec<VerificationKey>, now: Timestamp) {
        let before = self.snapshot();
        // The same keys again change nothing, so caches may keep what they know.
        let generation = before.generation + u64::from(!before.same_keys(&keys));
        let renewed = Arc::new(KeySet {
            keys,
            generation,
            fetched_at: Some(now),
        });
        *self
            .snapshot
            .write()
            .unwrap_or_else(PoisonError::into_inner) = renewed;
        if generation != before.generation {
            tracing::info!(event = "keys_replaced", generation);
        }
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.snapshot();
        let names: Vec<_> = keys.keys.iter().map(|key| key.kid.as_deref()).collect();
        formatter
            .debug_struct("KeyRing")
            .field("source", &self.source)
            .field("pinned", &self.pinned)
            .field("pace", &self.pace)
            .field("kids", &names)
            .finish_non_exhaustive()
    }
}
