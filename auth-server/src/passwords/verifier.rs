//! Verifying without blocking: slow hashes are computed off the async threads, as many at a time as
//! there are cores, and only so many may wait. A flood of sign-ins slows sign-ins and nothing else.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use symbolon::random::Random;
use symbolon::secret::Secret;
use tokio::sync::Semaphore;

use super::{HashingError, PasswordHash, hash_password};

/// Called after every slow hash that was computed.
pub trait HashObserver: Send + Sync + std::fmt::Debug {
    /// Takes notice of the algorithm and of how long it took, without the time in the queue.
    fn computed(&self, algorithm: &'static str, took: Duration);
}

/// Verifies passwords and secrets. One for the whole server: its bounds are those of the machine.
#[derive(Debug)]
pub struct PasswordVerifier {
    /// Who may compute: one permit per core.
    computing: Arc<Semaphore>,
    /// Who may compute or wait to.
    admitted: Arc<Semaphore>,
    /// What an unknown name is verified against: a hash of nobody's password.
    nobody: PasswordHash,
    slow: AtomicU64,
    fast: AtomicU64,
    observer: Option<Arc<dyn HashObserver>>,
    running_limit: usize,
    waiting_limit: usize,
}

/// Why there is no verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerificationError {
    /// Too many verifications wait already. Answer 503: the caller may try again in a moment.
    #[error("too many passwords wait to be verified")]
    Busy,
    /// The computation was lost, because the server stops or is out of memory.
    #[error("the verification of a password was interrupted")]
    Interrupted,
}

/// How many slow hashes are computed now and wait for it, and how many may, for metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "fields that say no more than their names")]
pub struct HashQueue {
    pub running: u64,
    pub running_limit: u64,
    pub waiting: u64,
    pub waiting_limit: u64,
}

/// How many hashes were computed, for metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCount {
    /// On a thread of their own.
    pub slow: u64,
    /// On the spot.
    pub fast: u64,
}

impl PasswordVerifier {
    /// Computes `concurrency` slow hashes at a time and lets `waiting` more wait. Hashes once itself,
    /// for the names that nobody has.
    pub fn new(
        concurrency: NonZeroUsize,
        waiting: usize,
        random: &dyn Random,
    ) -> Result<Self, HashingError> {
        let waiting = waiting.min(Semaphore::MAX_PERMITS / 2);
        let computing = concurrency.get().min(Semaphore::MAX_PERMITS / 2);
        Ok(Self {
            computing: Arc::new(Semaphore::new(computing)),
            admitted: Arc::new(Semaphore::new(computing + waiting)),
            nobody: hash_password(&Secret::new(random.text::<32>()), random)?,
            slow: AtomicU64::new(0),
            fast: AtomicU64::new(0),
            observer: None,
            running_limit: computing,
            waiting_limit: waiting,
        })
    }

    /// [`PasswordVerifier::new`] with as many computations at a time as this machine has cores.
    pub fn for_this_machine(waiting: usize, random: &dyn Random) -> Result<Self, HashingError> {
        let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self::new(cores, waiting, random)
    }

    /// The same, reporting to `observer` how long slow hashes take.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn HashObserver>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Whether `presented` is the password behind `hash`. Without a hash, because nobody has the name,
    /// the answer is no and costs as much as a hash that we make ourselves, so that the time does not
    /// tell which names exist.
    pub async fn verify(
        &self,
        presented: &Secret,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, VerificationError> {
        self.verify_or_equal_cost(presented, hash, &self.nobody)
            .await
    }

    /// [`PasswordVerifier::verify`] where the names that exist have hashes like `reference`: it is what
    /// an unknown name costs. For clients, whose secrets may all be fast hashes or all be bcrypt.
    pub async fn verify_or_equal_cost(
        &self,
        presented: &Secret,
        hash: Option<&PasswordHash>,
        reference: &PasswordHash,
    ) -> Result<bool, VerificationError> {
        let computed = hash.unwrap_or(reference);
        let matches = if computed.is_slow() {
            self.compute_apart(presented.clone(), computed.clone())
                .await?
        } else {
            self.fast.fetch_add(1, Ordering::Relaxed);
            computed.matches(presented)
        };
        Ok(matches && hash.is_some())
    }

    /// How many hashes were computed since the start.
    pub fn hash_count(&self) -> HashCount {
        HashCount {
            slow: self.slow.load(Ordering::Relaxed),
            fast: self.fast.load(Ordering::Relaxed),
        }
    }

    /// What happens now.
    pub fn queue(&self) -> HashQueue {
        let number = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
        let (may_run, may_wait) = (self.running_limit, self.waiting_limit);
        let running = may_run.saturating_sub(self.computing.available_permits());
        let admitted = (may_run + may_wait).saturating_sub(self.admitted.available_permits());
        HashQueue {
            running: number(running),
            running_limit: number(may_run),
            waiting: number(admitted.saturating_sub(running)),
            waiting_limit: number(may_wait),
        }
    }

    async fn compute_apart(
        &self,
        presented: Secret,
        hash: PasswordHash,
    ) -> Result<bool, VerificationError> {
        let admitted = Arc::clone(&self.admitted)
            .try_acquire_owned()
            .map_err(|_| VerificationError::Busy)?;
        let computing = Arc::clone(&self.computing)
            .acquire_owned()
            .await
            .map_err(|_| VerificationError::Interrupted)?;
        self.slow.fetch_add(1, Ordering::Relaxed);
        // The permits go along: a caller who hangs up does not free a core that is still busy.
        let observer = self.observer.clone();
        tokio::task::spawn_blocking(move || {
            let started = Instant::now();
            let matches = hash.matches(&presented);
            if let Some(observer) = observer {
                observer.computed(hash.id(), started.elapsed());
            }
            drop((computing, admitted));
            matches
        })
        .await
        .map_err(|_| VerificationError::Interrupted)
    }
}

#[cfg(test)]
mod tests {
    use symbolon::random::SystemRandom;

    use super::*;

    const BCRYPT: &str = "{bcrypt}$2b$04$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi";
    const PASSWORD: &str = "correct horse 电池";

    fn verifier(waiting: usize) -> PasswordVerifier {
        PasswordVerifier::new(NonZeroUsize::MIN, waiting, &SystemRandom).unwrap()
    }

    #[tokio::test]
    async fn a_password_is_verified_against_slow_and_fast_hashes() {
        let verifier = verifier(1);
        for text in [BCRYPT, "{noop}correct horse 电池"] {
            let hash = text.parse().unwrap();
            let good = verifier.verify(&Secret::new(PASSWORD), Some(&hash)).await;
            let bad = verifier.verify(&Secret::new("wrong"), Some(&hash)).await;
            assert_eq!((good, bad), (Ok(true), Ok(false)));
        }
        assert_eq!(verifier.hash_count(), HashCount { slow: 2, fast: 2 });
    }

    #[tokio::test]
    async fn an_unknown_name_costs_as_many_hashes_as_a_known_one() {
        let verifier = verifier(1);
        let password = Secret::new(PASSWORD);
        let chosen = hash_password(&Secret::new("another"), &SystemRandom).unwrap();
        assert_eq!(verifier.verify(&password, Some(&chosen)).await, Ok(false));
        let known = verifier.hash_count();
        assert_eq!(verifier.verify(&password, None).await, Ok(false));
        let both = verifier.hash_count();
        assert_eq!(known, HashCount { slow: 1, fast: 0 });
        assert_eq!(both, HashCount { slow: 2, fast: 0 });
    }

    #[tokio::test]
    async fn an_unknown_client_costs_what_the_reference_does_and_is_never_verified() {
        let verifier = verifier(1);
        let secret = Secret::new(PASSWORD);
        let fast = super::super::hash_generated_secret(&secret);
        let slow = BCRYPT.parse().unwrap();
        for (reference, count) in [
            (fast, HashCount { slow: 0, fast: 1 }),
            (slow, HashCount { slow: 1, fast: 1 }),
        ] {
            // The very secret of the reference: still nobody's.
            let verdict = verifier.verify_or_equal_cost(&secret, None, &reference);
            assert_eq!(verdict.await, Ok(false));
            assert_eq!(verifier.hash_count(), count);
        }
    }

    #[tokio::test]
    async fn a_flood_over_the_bound_is_told_that_the_server_is_busy() {
        let verifier = verifier(2);
        let hash: PasswordHash = BCRYPT.parse().unwrap();
        let password = Secret::new(PASSWORD);
        // Somebody computes for as long as this is held.
        let core = Arc::clone(&verifier.computing)
            .acquire_owned()
            .await
            .unwrap();
        let place = Arc::clone(&verifier.admitted)
            .acquire_owned()
            .await
            .unwrap();
        let release = async {
            tokio::task::yield_now().await;
            let queue = verifier.queue();
            assert_eq!((queue.running, queue.running_limit), (1, 1));
            assert_eq!((queue.waiting, queue.waiting_limit), (2, 2));
            drop((core, place));
        };
        let (first, second, third, ()) = tokio::join!(
            biased;
            verifier.verify(&password, Some(&hash)),
            verifier.verify(&password, Some(&hash)),
            verifier.verify(&password, Some(&hash)),
            release,
        );
        assert_eq!((first, second), (Ok(true), Ok(true)));
        assert_eq!(third, Err(VerificationError::Busy));
        assert_eq!(verifier.verify(&password, Some(&hash)).await, Ok(true));
    }

    #[tokio::test]
    async fn fast_hashes_never_wait() {
        let verifier = verifier(0);
        let _all = Arc::clone(&verifier.admitted)
            .acquire_owned()
            .await
            .unwrap();
        let hash = "{noop}secret".parse().unwrap();
        let verdict = verifier.verify(&Secret::new("secret"), Some(&hash)).await;
        assert_eq!(verdict, Ok(true));
    }
}
