//! The one place that fetches keys. A fetch serves everybody, so it is a task of its own: a caller who goes away
//! takes nothing along but their own wait.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::key_set::KeySet;
use super::source::KeySource;
use super::verification_key::VerificationKey;
use crate::verdict::VerificationError;
use crate::verifier::algorithm::VerificationAlgorithm;
use crate::verifier::transport::nonsense;

/// How long a caller waits for a fetch, from its beginning; the fetch itself may take as long as the transport
/// lets it.
const PATIENCE: Duration = Duration::from_secs(1);

type Outcome = Result<(), VerificationError>;

pub(super) struct Fetcher {
    pub(super) source: KeySource,
    pub(super) pinned: Vec<VerificationAlgorithm>,
    /// Held for the length of a pointer's copy, never across the network.
    snapshot: RwLock<Arc<KeySet>>,
    /// Held while a fetch is begun, never across the network.
    last: Mutex<Option<Attempt>>,
}

/// One fetch; clones are the same one.
#[derive(Clone)]
pub(super) struct Attempt {
    /// On the stopwatch of the caller's clock.
    begun_at: Duration,
    patience: Instant,
    /// The one before it failed.
    pub(super) follows_failure: bool,
    outcome: watch::Receiver<Option<Outcome>>,
}

impl Fetcher {
    pub(super) fn new(source: KeySource, pinned: Vec<VerificationAlgorithm>) -> Self {
        Self {
            source,
            pinned,
            snapshot: RwLock::default(),
            last: Mutex::default(),
        }
    }

    pub(super) fn snapshot(&self) -> Arc<KeySet> {
        // A writer only swaps a pointer, so a poisoned lock still guards a whole snapshot.
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The last fetch when it still runs or was begun less than `interval` before `now`; else a new one.
    pub(super) fn attempt(self: &Arc<Self>, now: Duration, interval: Duration) -> Attempt {
        let mut last = self.last();
        if let Some(attempt) = last.as_ref() {
            let rested = now.saturating_sub(attempt.begun_at) >= interval;
            if attempt.runs() || attempt.is_over() && !rested {
                return attempt.clone();
            }
        }
        let follows_failure = last.as_ref().is_some_and(Attempt::has_failed);
        let (sender, outcome) = watch::channel(None);
        let attempt = Attempt {
            begun_at: now,
            patience: Instant::now() + PATIENCE,
            follows_failure,
            outcome,
        };
        *last = Some(attempt.clone());
        let fetcher = Arc::clone(self);
        tokio::spawn(async move {
            // Nobody may be waiting any more.
            let _ = sender.send(Some(fetcher.fetch(now).await));
        });
        attempt
    }

    async fn fetch(&self, now: Duration) -> Outcome {
        match self.source.fetch(&self.pinned).await {
            Ok(keys) => {
                self.replace(keys, now);
                Ok(())
            }
            Err(error) => {
                tracing::warn!(event = "keys_not_renewed", reason = %error);
                Err(error)
            }
        }
    }

    fn replace(&self, keys: Vec<VerificationKey>, now: Duration) {
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

    fn last(&self) -> MutexGuard<'_, Option<Attempt>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt {
    /// What comes of it, for a caller who does not wait for ever.
    pub(super) async fn outcome(mut self) -> Outcome {
        match timeout_at(self.patience, self.outcome.wait_for(Option::is_some)).await {
            Ok(Ok(outcome)) => outcome.clone().unwrap_or(Ok(())),
            Ok(Err(_)) => Err(nonsense("the last fetch of its keys was abandoned")),
            Err(_) => Err(VerificationError::Unavailable(
                "the authorization server has not yet sent its keys".to_owned(),
            )),
        }
    }

    /// It has come to an end of its own.
    fn is_over(&self) -> bool {
        self.outcome.borrow().is_some()
    }

    /// It goes on. One whose runtime is gone neither runs nor is over.
    fn runs(&self) -> bool {
        !self.is_over() && self.outcome.has_changed().is_ok()
    }

    fn has_failed(&self) -> bool {
        !matches!(*self.outcome.borrow(), Some(Ok(())))
    }
}
