//! The brake against guessing codes. It counts by account alone: only who has shown the password gets so far, so strangers
//! cannot lock an owner out, and who has stolen a password gains nothing by calling from many addresses.

use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use symbolon::clock::Clock;

use crate::brakes::Meter;
use crate::resource_owners::growing_wait::GrowingWaits;

/// Codes of one account in a minute, however many are sent at once.
const PER_MINUTE: NonZeroU32 = match NonZeroU32::new(5) {
    Some(count) => count,
    None => NonZeroU32::MIN,
};

/// The wait after a wrong code, which doubles with each that follows: nobody notices the first ones who types.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// It grows up to this. Three of a million codes are good at any time, so a day of guessing has a chance of less than one in
/// a thousand.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// Slows down whoever guesses codes.
#[derive(Debug)]
pub struct CodeBrake {
    accounts: Meter,
    waits: GrowingWaits,
    hasher: RandomState,
    clock: Arc<dyn Clock>,
}

impl CodeBrake {
    /// A brake that has seen nobody.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            accounts: Meter::new(PER_MINUTE, Arc::clone(&clock)),
            waits: GrowingWaits::up_to(LONGEST_WAIT),
            hasher: RandomState::new(),
            clock,
        }
    }

    /// Counts an attempt, or says how long to wait.
    pub(super) fn count(&self, owner: &str) -> Result<(), Duration> {
        let left = self.waits.left(self.account(owner), self.clock.elapsed());
        left.map_or_else(|| self.accounts.count(&owner), Err)
    }

    /// The code was wrong.
    pub(super) fn slow_down(&self, owner: &str) {
        let now = self.clock.elapsed();
        self.waits.grow(self.account(owner), FIRST_WAIT, now);
    }

    /// The attempt was not looked at.
    pub(super) fn take_back(&self, owner: &str) {
        self.accounts.take_back(&owner);
    }

    /// The owner has shown a good code.
    pub(super) fn forget(&self, owner: &str) {
        self.take_back(owner);
        self.waits.forget(self.account(owner));
    }

    fn account(&self, owner: &str) -> u64 {
        self.hasher.hash_one(owner)
    }
}
