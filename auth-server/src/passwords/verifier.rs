//! Verifying without blocking: slow hashes are computed off the async threads, as many at a time as
//! there are cores, and only so many may wait. A flood of sign-ins slows sign-ins and nothing else.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use symbolon::random::Random;
use symbolon::secret::Secret;
use zeroize::Zeroizing;

use super::queue::FairQueue;
use super::{
    HashKinds, HashLimits, HashQueue, Lane, PasswordHash, VerificationError, hash_password,
};

/// Called after every slow hash that was computed.
pub trait HashObserver: Send + Sync + std::fmt::Debug {
    /// Takes notice of the algorithm and of how long it took, without the time in the queue.
    fn computed(&self, algorithm: &'static str, took: Duration);
}

/// Verifies passwords and secrets. One for the whole server: its bounds are those of the machine.
#[derive(Debug)]
pub struct PasswordVerifier {
    queue: FairQueue,
    name_key: NameKey,
    slow: AtomicU64,
    fast: AtomicU64,
    observer: Option<Arc<dyn HashObserver>>,
}

/// Whether `presented` is the password of somebody.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Whose.
    pub name: &'a str,
    /// What was presented.
    pub presented: &'a Secret,
    /// The hash of the account; `None` when nobody has the name.
    pub hash: Option<&'a PasswordHash>,
    /// What accounts have, for a name that nobody has.
    pub kinds: &'a HashKinds,
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// The lane.
    pub lane: Lane,
    /// Those of one caller wait for one another.
    pub caller: &'a str,
}

/// Decides which kind of hash an unknown name is checked against. Servers of one estate need the same: a name
/// must cost the same at each of them and after a restart, as one that somebody has does.
#[derive(Clone)]
pub struct NameKey(Zeroizing<[u8; 32]>);

impl NameKey {
    /// This key.
    pub fn new(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }

    fn digest(&self, name: &str) -> u64 {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).ok();
        let code = mac.map(|mac| mac.chain_update(name).finalize().into_bytes());
        let first = code.and_then(|code| code.first_chunk().copied());
        u64::from_be_bytes(first.unwrap_or_default())
    }
}

impl std::fmt::Debug for NameKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[redacted]")
    }
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
    /// Computes and lets wait as much as `limits` say.
    pub fn new(limits: &HashLimits, name_key: NameKey) -> Self {
        Self {
            queue: FairQueue::new(limits),
            name_key,
            slow: AtomicU64::new(0),
            fast: AtomicU64::new(0),
            observer: None,
        }
    }

    /// The same, reporting to `observer` how long slow hashes take.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn HashObserver>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Whether the password is the right one. Where nobody has the name, the answer is no and costs what one
    /// of the accounts would cost, so that the time does not tell which names exist. Nothing proves nothing: the empty
    /// text is nobody's password, whatever hash somebody keeps of it, and costs no hash.
    pub async fn verify(
        &self,
        question: &Question<'_>,
        turn: Turn<'_>,
    ) -> Result<bool, VerificationError> {
        if question.presented.expose().is_empty() {
            return Ok(false);
        }
        let reference = || question.kinds.choose(self.name_key.digest(question.name));
        let Some(computed) = question.hash.or_else(reference) else {
            // Nobody has an account.
            return Ok(false);
        };
        let (presented, id) = (question.presented, computed.id());
        let matches = if computed.is_slow() {
            let (presented, computed) = (presented.clone(), computed.clone());
            let matches = move || computed.matches(&presented);
            self.compute_apart(id, matches, turn).await?
        } else {
            self.fast.fetch_add(1, Ordering::Relaxed);
            computed.matches(presented)
        };
        Ok(matches && question.hash.is_some())
    }

    /// What [`hash_password`] makes of a password, computed in turn with the others.
    pub async fn hash(
        &self,
        password: Secret,
        random: Arc<dyn Random>,
        turn: Turn<'_>,
    ) -> Result<PasswordHash, VerificationError> {
        let compute = move || hash_password(&password, random.as_ref());
        let computed = self.compute_apart("argon2", compute, turn).await?;
        computed.map_err(|_| VerificationError::Interrupted)
    }

    /// How many hashes were computed since the start.
    pub fn hash_count(&self) -> HashCount {
        HashCount {
            slow: self.slow.load(Ordering::Relaxed),
            fast: self.fast.load(Ordering::Relaxed),
        }
    }

    /// What happens now: for secrets of clients, and for passwords.
    pub fn queues(&self) -> [(&'static str, HashQueue); 2] {
        let [clients, strangers, familiar] = [Lane::Clients, Lane::Owners, Lane::FamiliarOwners]
            .map(|lane| self.queue.reading(lane));
        let owners = HashQueue {
            running: strangers.running + familiar.running,
            waiting: strangers.waiting + familiar.waiting,
            running_limit: familiar.running_limit,
            waiting_limit: strangers.waiting_limit + familiar.waiting_limit,
        };
        [("clients", clients), ("owners", owners)]
    }

    async fn compute_apart<T: Send + 'static>(
        &self,
        algorithm: &'static str,
        compute: impl FnOnce() -> T + Send + 'static,
        turn: Turn<'_>,
    ) -> Result<T, VerificationError> {
        let place = self.queue.enter(turn.lane, turn.caller).await?;
        self.slow.fetch_add(1, Ordering::Relaxed);
        // The place goes along: a caller who hangs up does not free a core that is still busy.
        let observer = self.observer.clone();
        tokio::task::spawn_blocking(move || {
            let started = Instant::now();
            let computed = compute();
            if let Some(observer) = observer {
                observer.computed(algorithm, started.elapsed());
            }
            drop(place);
            computed
        })
        .await
        .map_err(|_| VerificationError::Interrupted)
    }
}

impl HashLimits {
    /// As many at a time as this machine has cores.
    pub fn of_this_machine(waiting_clients: usize, waiting_owners: usize) -> Self {
        Self {
            at_a_time: thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            waiting_clients,
            waiting_owners,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BCRYPT: &str = "{bcrypt}$2b$04$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi";
    const PASSWORD: &str = "correct horse 电池";
    const TURN: Turn<'_> = Turn {
        lane: Lane::Owners,
        caller: "somebody",
    };

    fn verifier(waiting: usize) -> PasswordVerifier {
        let limits = HashLimits {
            at_a_time: NonZeroUsize::MIN,
            waiting_clients: waiting,
            waiting_owners: waiting,
        };
        PasswordVerifier::new(&limits, NameKey::new([7; 32]))
    }

    fn kinds(hashes: &[&str]) -> HashKinds {
        let mut kinds = HashKinds::default();
        for hash in hashes {
            kinds.include(&hash.parse().unwrap());
        }
        kinds
    }

    async fn verify(
        verifier: &PasswordVerifier,
        presented: &str,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, VerificationError> {
        let question = Question {
            name: "somebody",
            presented: &Secret::new(presented),
            hash,
            kinds: &kinds(&[BCRYPT]),
        };
        verifier.verify(&question, TURN).await
    }

    #[tokio::test]
    async fn a_password_is_verified_against_slow_and_fast_hashes() {
        let verifier = verifier(1);
        for text in [BCRYPT, "{noop}correct horse 电池"] {
            let hash = text.parse().unwrap();
            let good = verify(&verifier, PASSWORD, Some(&hash)).await;
            let bad = verify(&verifier, "wrong", Some(&hash)).await;
            assert_eq!((good, bad), (Ok(true), Ok(false)));
        }
        assert_eq!(verifier.hash_count(), HashCount { slow: 2, fast: 2 });
    }

    #[tokio::test]
    async fn an_unknown_name_costs_what_a_known_one_does_and_is_never_verified() {
        // The very password of the reference: still nobody's.
        let verifier = verifier(1);
        assert_eq!(verify(&verifier, PASSWORD, None).await, Ok(false));
        assert_eq!(verifier.hash_count(), HashCount { slow: 1, fast: 0 });
    }

    #[tokio::test]
    async fn the_empty_text_is_nobodys_password_and_costs_no_hash() {
        let verifier = verifier(1);
        let of_nothing: PasswordHash = "{noop}".parse().unwrap();
        for hash in [Some(&of_nothing), Some(&BCRYPT.parse().unwrap()), None] {
            assert_eq!(verify(&verifier, "", hash).await, Ok(false));
        }
        assert_eq!(verifier.hash_count(), HashCount { slow: 0, fast: 0 });
    }

    #[tokio::test]
    async fn in_a_migrated_estate_unknown_names_cost_what_its_kinds_cost_and_each_always_the_same()
    {
        let kinds = kinds(&[BCRYPT, "{noop}a"]);
        let secret = Secret::new(PASSWORD);
        let slow_of = async |verifier: &PasswordVerifier, name: &str| {
            let before = verifier.hash_count().slow;
            let question = Question {
                name,
                presented: &secret,
                hash: None,
                kinds: &kinds,
            };
            assert_eq!(verifier.verify(&question, TURN).await, Ok(false));
            verifier.hash_count().slow - before
        };
        // Another server of the estate.
        let (one, other) = (verifier(1), verifier(1));
        let mut slow = 0;
        for number in 0..100 {
            let name = format!("name-{number}");
            let cost = slow_of(&one, &name).await;
            assert_eq!(slow_of(&one, &name).await, cost, "{name}");
            assert_eq!(slow_of(&other, &name).await, cost, "{name}");
            slow += cost;
        }
        assert!((25..75).contains(&slow), "{slow} of 100 were slow");
    }

    #[tokio::test]
    async fn a_flood_over_the_bound_is_told_that_the_server_is_busy() {
        let verifier = verifier(2);
        let hash: PasswordHash = BCRYPT.parse().unwrap();
        // Somebody computes for as long as this is held.
        let core = verifier.queue.enter(Lane::Owners, "first").await.unwrap();
        let release = async {
            tokio::task::yield_now().await;
            let [_, (_, owners)] = verifier.queues();
            assert_eq!((owners.running, owners.waiting), (1, 2));
            drop(core);
        };
        let (first, second, third, ()) = tokio::join!(
            biased;
            verify(&verifier, PASSWORD, Some(&hash)),
            verify(&verifier, PASSWORD, Some(&hash)),
            verify(&verifier, PASSWORD, Some(&hash)),
            release,
        );
        assert_eq!((first, second), (Ok(true), Ok(true)));
        assert_eq!(third, Err(VerificationError::Busy));
        assert_eq!(verify(&verifier, PASSWORD, Some(&hash)).await, Ok(true));
    }

    #[tokio::test]
    async fn fast_hashes_never_wait() {
        let verifier = verifier(0);
        let _core = verifier.queue.enter(Lane::Owners, "first").await.unwrap();
        let hash = "{noop}secret".parse().unwrap();
        assert_eq!(verify(&verifier, "secret", Some(&hash)).await, Ok(true));
    }
}
