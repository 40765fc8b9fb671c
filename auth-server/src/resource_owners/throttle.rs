//! The brake against guessing passwords: so many attempts per minute. It is the only part of the logic that
//! knows where a caller comes from.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use symbolon::clock::Clock;

/// An attempt that was one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttled {
    /// What was counted.
    pub limit: SignInLimit,
    /// When it is worth trying again, in seconds.
    pub retry_after_secs: u64,
}

/// What attempts are counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInLimit {
    /// Those for one account.
    Account,
    /// Those from one address.
    Address,
}

impl SignInLimit {
    /// The word in the audit stream and in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Address => "address",
        }
    }
}

/// How many attempts are let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInLimits {
    /// Attempts per minute for one account.
    pub per_account_per_minute: NonZeroU32,
    /// Attempts per minute from one address.
    pub per_address_per_minute: NonZeroU32,
}

type Limiter = RateLimiter<String, DashMapStateStore<String>, MovableClock, NoOpMiddleware<Nanos>>;

/// Counts attempts per minute, for each account and for each address.
#[derive(Debug)]
pub struct SignInThrottle {
    accounts: Limiter,
    addresses: Limiter,
    clock: MovableClock,
}

impl SignInThrottle {
    /// Lets through as much as `limits` say.
    pub fn new(limits: SignInLimits, clock: Arc<dyn Clock>) -> Self {
        let clock = MovableClock(clock);
        let limiter = |rate| {
            let quota = Quota::per_minute(rate);
            RateLimiter::new(quota, DashMapStateStore::default(), clock.clone())
        };
        Self {
            accounts: limiter(limits.per_account_per_minute),
            addresses: limiter(limits.per_address_per_minute),
            clock,
        }
    }

    /// Counts an attempt.
    pub fn admit(&self, username: &str, address: &str) -> Result<(), Throttled> {
        for (limit, limiter, key) in [
            (SignInLimit::Address, &self.addresses, address),
            (SignInLimit::Account, &self.accounts, username),
        ] {
            limiter.check_key(&key.to_owned()).map_err(|refused| {
                let wait = refused.wait_time_from(self.clock.now());
                Throttled {
                    limit,
                    retry_after_secs: wait.as_secs().max(1),
                }
            })?;
        }
        Ok(())
    }

    /// Forgets accounts and addresses that have been quiet for so long that they start afresh.
    pub fn forget_quiet(&self) {
        self.accounts.retain_recent();
        self.addresses.retain_recent();
    }
}

/// The injected clock, in the terms of the rate limiter: what it measures does not jump when the hour is set.
#[derive(Clone, Debug)]
struct MovableClock(Arc<dyn Clock>);

impl GovernorClock for MovableClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}
