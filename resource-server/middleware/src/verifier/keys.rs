//! The authorization server's public keys: a snapshot that readers share, replaced as a whole by a task that
//! fetches, so that no reader's end ends it.

mod fetcher;
mod key_set;
mod source;
mod verification_key;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use symbolon::clock::Clock;

use crate::verdict::VerificationError;
use crate::verifier::algorithm::VerificationAlgorithm;
use fetcher::{Attempt, Fetcher};
use key_set::KeySet;

pub use source::{KeyPublication, KeySource};
pub(super) use verification_key::VerificationKey;

/// While there are no keys nobody is served, so another fetch may follow this soon.
const FIRST_KEYS_INTERVAL: Duration = Duration::from_secs(1);

/// How often keys are fetched.
#[derive(Clone, Copy, Debug)]
pub(super) struct FetchPace {
    /// At least this time lies between two fetches, whatever tokens come.
    pub(super) interval: Duration,
    /// Keys older than this are fetched again, so that a key that was withdrawn ends.
    pub(super) max_age: Duration,
}

impl FetchPace {
    /// Keys of this age are renewed while nobody waits for it.
    fn renewal_age(&self) -> Duration {
        self.max_age.saturating_sub(self.max_age / 4)
    }
}

/// The keys in use, and when they are fetched.
pub(super) struct KeyRing {
    pub(super) pace: FetchPace,
    clock: Arc<dyn Clock>,
    fetcher: Arc<Fetcher>,
}

impl KeyRing {
    pub(super) fn new(
        source: KeySource,
        pinned: Vec<VerificationAlgorithm>,
        pace: FetchPace,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            pace,
            clock,
            fetcher: Arc::new(Fetcher::new(source, pinned)),
        }
    }

    /// The algorithms that may sign at all.
    pub(super) fn pinned(&self) -> &[VerificationAlgorithm] {
        &self.fetcher.pinned
    }

    /// The keys as they were fetched last, whatever their age.
    pub(super) fn snapshot(&self) -> Arc<KeySet> {
        self.fetcher.snapshot()
    }

    /// Keys to check with: those at hand. Before they are too old they are renewed in the background. Where they
    /// are too old all the same, after a quiet hour, callers wait for newer ones for a moment, unless the last
    /// fetch has failed, and go on with the old ones.
    pub(super) async fn current(&self) -> Result<Arc<KeySet>, VerificationError> {
        let keys = self.snapshot();
        let Some(fetched_at) = keys.fetched_at else {
            return self.renewed(&keys).await;
        };
        let age = self.clock.elapsed().saturating_sub(fetched_at);
        if age < self.pace.renewal_age() {
            return Ok(keys);
        }
        let attempt = self.attempt(&keys);
        if age < self.pace.max_age || attempt.follows_failure {
            return Ok(keys);
        }
        // What went wrong stands in the log already.
        let _ = attempt.outcome().await;
        Ok(self.snapshot())
    }

    /// Keys that are newer than `seen`, if there are any: at most one fetch at a time, which serves all
    /// who wait, and none when the last one was a moment ago.
    pub(super) async fn renewed(&self, seen: &KeySet) -> Result<Arc<KeySet>, VerificationError> {
        let keys = self.snapshot();
        if keys.generation > seen.generation {
            return Ok(keys);
        }
        self.attempt(&keys).outcome().await?;
        Ok(self.snapshot())
    }

    /// The fetch that runs, or the last one, or a new one when the last one was long enough ago.
    fn attempt(&self, keys: &KeySet) -> Attempt {
        let interval = if keys.fetched_at.is_none() {
            self.pace.interval.min(FIRST_KEYS_INTERVAL)
        } else {
            self.pace.interval
        };
        self.fetcher.attempt(self.clock.elapsed(), interval)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.snapshot();
        let names: Vec<_> = keys.keys.iter().map(|key| key.kid.as_deref()).collect();
        formatter
            .debug_struct("KeyRing")
            .field("source", &self.fetcher.source)
            .field("pinned", &self.fetcher.pinned)
            .field("pace", &self.pace)
            .field("kids", &names)
            .finish_non_exhaustive()
    }
}
