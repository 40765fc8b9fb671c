//! The brakes against guessing passwords. They and the queue of hashes are the only parts of the logic that
//! know where a caller comes from.
//!
//! - Attempts for one account from one address (of IPv6: from one /64), and all attempts from one address, are
//!   refused beyond so many a minute. Whoever goes on for one account from one address after that is refused for
//!   longer each time.
//! - Attempts for one account from everywhere together are never refused, or strangers could lock its owner
//!   out: beyond so many a minute they have to wait a moment.
//! - A browser in which the owner signed in before is counted by itself and never waits; nor does an address from
//!   which the owner did.
//!
//! An attempt that turns out to be right was never counted.

use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use quick_cache::sync::Cache;
use symbolon::clock::Clock;

use crate::brakes::{Meter, network_of};
use crate::resource_owners::growing_wait::GrowingWaits;

/// How many accounts are remembered with an address from which their owner signed in.
const FAMILIAR: usize = 65_536;
/// For how long.
const FAMILIAR_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Where somebody signs in.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// The address.
    pub address: &'a str,
    /// The browser's own name, when the owner signed in there before.
    pub known_browser: Option<&'a str>,
}

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
    /// Those for one account from one address, or in one browser.
    AccountAndAddress,
    /// Those from one address.
    Address,
}

impl SignInLimit {
    /// The word in the audit stream and in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountAndAddress => "account_and_address",
            Self::Address => "address",
        }
    }
}

/// How many attempts are let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInLimits {
    /// Attempts per minute for one account from one address.
    pub per_account_and_address_per_minute: NonZeroU32,
    /// Attempts per minute from one address.
    pub per_address_per_minute: NonZeroU32,
    /// Attempts per minute for one account from everywhere, beyond which strangers wait.
    pub per_account_per_minute: NonZeroU32,
    /// How long they wait.
    pub wait: Duration,
    /// How long whoever goes on for one account from one address is refused at most; nothing: never longer than the first time.
    pub longest_refusal: Duration,
}

/// Counts attempts per minute.
#[derive(Debug)]
pub struct SignInThrottle {
    pairs: Meter,
    addresses: Meter,
    accounts: Meter,
    refusals: GrowingWaits,
    familiar: Cache<u64, Duration>,
    hasher: RandomState,
    wait: Duration,
    clock: Arc<dyn Clock>,
    slowed: AtomicU64,
}

/// An attempt that was let through.
#[derive(Debug)]
pub struct Admission<'a> {
    username: &'a str,
    from: Origin<'a>,
    /// How long it has to wait, when the account is under attack.
    pub wait: Option<Duration>,
    /// Whether the owner signed in there before.
    pub is_familiar: bool,
}

#[derive(Debug)]
enum Origin<'a> {
    KnownBrowser(&'a str),
    Network(String),
}

impl SignInThrottle {
    /// Lets through as much as `limits` say.
    pub fn new(limits: &SignInLimits, clock: Arc<dyn Clock>) -> Self {
        let meter = |per_minute| Meter::new(per_minute, clock.clone());
        Self {
            pairs: meter(limits.per_account_and_address_per_minute),
            addresses: meter(limits.per_address_per_minute),
            accounts: meter(limits.per_account_per_minute),
            refusals: GrowingWaits::up_to(limits.longest_refusal),
            familiar: Cache::new(FAMILIAR),
            hasher: RandomState::new(),
            wait: limits.wait,
            slowed: AtomicU64::new(0),
            clock,
        }
    }

    /// Counts an attempt.
    pub fn admit<'a>(
        &self,
        username: &'a str,
        caller: &Caller<'a>,
    ) -> Result<Admission<'a>, Throttled> {
        if let Some(browser) = caller.known_browser {
            let counted = self.pairs.count(&(username, "browser", browser));
            counted.map_err(|wait| throttled(SignInLimit::AccountAndAddress, wait))?;
            return Ok(Admission {
                username,
                from: Origin::KnownBrowser(browser),
                wait: None,
                is_familiar: true,
            });
        }
        let network = network_of(caller.address);
        let (place, now) = (self.place(username, &network), self.clock.elapsed());
        if let Some(left) = self.refusals.left(place, now) {
            return Err(throttled(SignInLimit::AccountAndAddress, left));
        }
        let counted = self.addresses.count(&network);
        counted.map_err(|wait| throttled(SignInLimit::Address, wait))?;
        if let Err(wait) = self.pairs.count(&(username, "address", &network)) {
            self.addresses.take_back(&network);
            let wait = self.refusals.grow(place, wait, now);
            return Err(throttled(SignInLimit::AccountAndAddress, wait));
        }
        let is_familiar = self.is_familiar(username, &network);
        Ok(Admission {
            username,
            wait: self.wait_of(username, is_familiar),
            from: Origin::Network(network),
            is_familiar,
        })
    }

    /// Beyond so many attempts for one account whoever is not known there has to wait. What was familiar is
    /// not counted: it is no part of an attack.
    fn wait_of(&self, username: &str, is_familiar: bool) -> Option<Duration> {
        if is_familiar || self.accounts.count(&username).is_ok() {
            return None;
        }
        self.slowed.fetch_add(1, Ordering::Relaxed);
        Some(self.wait)
    }

    /// The attempt was not a guess: somebody signed in, or it was not looked at.
    pub fn take_back(&self, admission: &Admission<'_>) {
        let username = admission.username;
        match &admission.from {
            Origin::KnownBrowser(browser) => self.pairs.take_back(&(username, "browser", *browser)),
            Origin::Network(network) => {
                self.addresses.take_back(network);
                self.pairs.take_back(&(username, "address", network));
                if admission.wait.is_none() && !admission.is_familiar {
                    self.accounts.take_back(&username);
                }
            }
        }
    }

    /// The owner signed in there.
    pub fn remember(&self, admission: &Admission<'_>) {
        if let Origin::Network(network) = &admission.from {
            let until = self.clock.elapsed().saturating_add(FAMILIAR_FOR);
            let place = self.place(admission.username, network);
            self.familiar.insert(place, until);
            self.refusals.forget(place);
        }
    }

    /// How many attempts had to wait.
    pub fn slowed(&self) -> u64 {
        self.slowed.load(Ordering::Relaxed)
    }

    fn is_familiar(&self, username: &str, network: &str) -> bool {
        let until = self.familiar.get(&self.place(username, network));
        until.is_some_and(|until| self.clock.elapsed() < until)
    }

    fn place(&self, username: &str, network: &str) -> u64 {
        self.hasher.hash_one((username, network))
    }
}

const fn throttled(limit: SignInLimit, wait: Duration) -> Throttled {
    let secs = wait.as_secs();
    Throttled {
        limit,
        retry_after_secs: if secs == 0 { 1 } else { secs },
    }
}
