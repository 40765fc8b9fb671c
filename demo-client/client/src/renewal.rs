//! Whose turn it is to renew. One renewal serves all the calls that wait for it, and a server that gave no
//! token is left in peace for a while.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

use crate::endpoint_call::TokenError;

/// How long a server is left in peace after a first failure; after each further one twice as long.
const FIRST_REST: Duration = Duration::from_secs(1);

/// The end of the doubling.
const LONGEST_REST: Duration = Duration::from_secs(60);

/// The longest `Retry-After` that is heeded: a mistake in it must not end a client's work for good.
const LONGEST_WISH: Duration = Duration::from_secs(300);

/// Makes one renewal serve all the calls that wait for it, in success and in failure.
#[derive(Clone, Debug, Default)]
pub struct RenewalLock(Arc<Renewals>);

#[derive(Debug, Default)]
struct Renewals {
    finished: AtomicU64,
    turn: Arc<tokio::sync::Mutex<()>>,
    rest: Mutex<Rest>,
}

/// What the last renewals came to. Moments are those of the stopwatch, [`Clock::elapsed`].
///
/// [`Clock::elapsed`]: symbolon::clock::Clock::elapsed
#[derive(Debug, Default)]
struct Rest {
    until: Duration,
    failures: u32,
    last: Option<Arc<TokenError>>,
}

/// The right to renew. Whoever holds it is the only one.
#[derive(Debug)]
pub(crate) struct Turn {
    renewals: Arc<Renewals>,
    _only: OwnedMutexGuard<()>,
}

impl RenewalLock {
    /// Waits for the right to renew. When a renewal fails meanwhile, its failure is the answer: else a
    /// hundred calls would wait in a row for a server that does not answer.
    pub(crate) async fn turn(&self) -> Result<Turn, Arc<TokenError>> {
        let before = self.0.finished.load(Ordering::SeqCst);
        let only = Arc::clone(&self.0.turn).lock_owned().await;
        let meanwhile = self.0.finished.load(Ordering::SeqCst) != before;
        match &self.0.rest().last {
            Some(failure) if meanwhile => Err(Arc::clone(failure)),
            _ => Ok(Turn::new(&self.0, only)),
        }
    }

    /// The failure of the last renewal, as long as the server is left in peace because of it.
    pub(crate) fn failure(&self, now: Duration) -> Option<Arc<TokenError>> {
        let rest = self.0.rest();
        rest.last.clone().filter(|_| now < rest.until)
    }

    /// The right to renew, if nobody has it and nothing speaks against asking now.
    pub(crate) fn free_turn(&self, now: Duration) -> Option<Turn> {
        let only = Arc::clone(&self.0.turn).try_lock_owned().ok()?;
        (self.0.rest().until <= now).then(|| Turn::new(&self.0, only))
    }
}

impl Renewals {
    fn rest(&self) -> MutexGuard<'_, Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    fn new(renewals: &Arc<Renewals>, only: OwnedMutexGuard<()>) -> Self {
        Self {
            renewals: Arc::clone(renewals),
            _only: only,
        }
    }

    /// Lets the next one in: there is a token.
    pub(crate) fn finish(self) {
        self.end(Rest::default());
    }

    /// Lets the next one in, with the failure for those who wait. What was refused for good needs no rest:
    /// who asks next brings something else.
    pub(crate) fn fail(self, failure: Arc<TokenError>, now: Duration) {
        let failures = self.renewals.rest().failures.saturating_add(1);
        let doubled = FIRST_REST.saturating_mul(1 << failures.saturating_sub(1).min(16));
        let wish = failure.retry_after().unwrap_or_default();
        let rest = doubled.min(LONGEST_REST).max(wish.min(LONGEST_WISH));
        let for_good = failure.is_invalid_grant();
        self.end(Rest {
            until: if for_good { now } else { now + rest },
            failures,
            last: Some(failure),
        });
    }

    /// Lets the next one in: without the owner there is no other token, and until `then` there need not be.
    pub(crate) fn wait(self, then: Duration) {
        self.end(Rest {
            until: then,
            ..Rest::default()
        });
    }

    fn end(self, rest: Rest) {
        *self.renewals.rest() = rest;
        self.renewals.finished.fetch_add(1, Ordering::SeqCst);
    }
}
