//! Signing in: name and password, with brakes against guessing. The page and the password grant share
//! them.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use symbolon::clock::Clock;
use symbolon::secret::Secret;

use crate::audit::AuditEvent;
use crate::resource_owners::owner::ResourceOwner;
use crate::server::Server;

/// Why somebody cannot sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// The name or the password is wrong; which one is not told.
    #[error("Bad credentials")]
    BadCredentials,
    /// Too many attempts for this account or from this address.
    #[error("too many sign-in attempts")]
    TooManyAttempts {
        /// When it is worth trying again, in seconds.
        retry_after_secs: u64,
    },
    /// So many passwords wait for their check that this one was not taken.
    #[error("too many sign-ins at the moment")]
    Busy,
}

/// Checks an owner's name and password. An unknown name takes as long as a wrong password.
pub async fn authenticate<'a>(
    server: &'a Server,
    address: &str,
    username: &str,
    password: &Secret,
) -> Result<&'a ResourceOwner, SignInError> {
    server
        .throttle
        .admit(username, address)
        .map_err(|throttled| {
            let limit = throttled.limit;
            server
                .audit
                .record(&AuditEvent::SignInThrottled { limit, address });
            SignInError::TooManyAttempts {
                retry_after_secs: throttled.retry_after_secs,
            }
        })?;
    let owner = server.owners.find(username);
    let verified = server
        .passwords
        .verify(password, owner.map(|owner| &owner.password))
        .await;
    match (verified, owner) {
        (Ok(true), Some(owner)) => {
            let signed_in = AuditEvent::OwnerSignedIn {
                owner: &owner.name,
                address,
            };
            server.audit.record(&signed_in);
            Ok(owner)
        }
        (Ok(true | false), _) => {
            let owner = owner.map(|owner| owner.name.as_str());
            server
                .audit
                .record(&AuditEvent::SignInFailed { owner, address });
            Err(SignInError::BadCredentials)
        }
        (Err(error), _) => {
            let reason = &error.to_string();
            server
                .audit
                .record(&AuditEvent::SignInNotVerified { reason, address });
            Err(SignInError::Busy)
        }
    }
}

/// An attempt that was one too many.
struct Throttled {
    /// What was counted: attempts for the account, or from the address.
    limit: &'static str,
    retry_after_secs: u64,
}

/// How many attempts are let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInLimits {
    /// Attempts for one account a minute.
    pub per_account_per_minute: NonZeroU32,
    /// Attempts from one address a minute.
    pub per_address_per_minute: NonZeroU32,
}

type Limiter = RateLimiter<String, DashMapStateStore<String>, MovableClock, NoOpMiddleware<Nanos>>;

/// Counts attempts a minute, for each account and for each address.
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
    fn admit(&self, username: &str, address: &str) -> Result<(), Throttled> {
        for (limit, limiter, key) in [
            ("address", &self.addresses, address),
            ("account", &self.accounts, username),
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

/// The injected clock, in the terms of the rate limiter.
#[derive(Clone, Debug)]
struct MovableClock(Arc<dyn Clock>);

impl GovernorClock for MovableClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::new(self.0.now().as_secs().saturating_mul(1_000_000_000))
    }
}
