//! Time as an argument: whatever depends on the hour takes a [`Clock`], so a test can move it.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A moment: whole seconds since 1970-01-01T00:00:00Z, the `NumericDate` of RFC 7519 §2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The moment `secs` seconds after the epoch.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs)
    }

    /// Seconds since the epoch.
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// `secs` seconds later; stays at the end of time instead of overflowing.
    #[must_use]
    pub const fn plus_secs(self, secs: u64) -> Self {
        Self(self.0.saturating_add(secs))
    }

    /// Seconds from `self` to `later`; zero when `later` has passed.
    pub const fn secs_until(self, later: Self) -> u64 {
        later.0.saturating_sub(self.0)
    }
}

/// Where the time comes from: the hour, which the machine's owner may set, and a stopwatch, which nobody can.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The present moment. For what the protocol dates: ends of life, `iat`, `exp`.
    fn now(&self) -> Timestamp;

    /// The time since a fixed moment of no meaning; never goes back, and does not jump when the hour is set.
    /// For how long something took or may take: brakes, caches, the pace of fetches.
    fn elapsed(&self) -> Duration;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that reads the system's clock"
    )]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
        Timestamp(since_epoch.map_or(0, |elapsed| elapsed.as_secs()))
    }

    fn elapsed(&self) -> Duration {
        static ORIGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
        ORIGIN.elapsed()
    }
}

/// A clock that moves only when it is told to.
#[derive(Debug)]
pub struct SettableClock(Mutex<Hands>);

#[derive(Clone, Copy, Debug)]
struct Hands {
    now: Timestamp,
    elapsed: Duration,
}

impl SettableClock {
    /// A clock that stands at `now`.
    pub const fn at(now: Timestamp) -> Self {
        let elapsed = Duration::ZERO;
        Self(Mutex::new(Hands { now, elapsed }))
    }

    /// Time passes: `secs` seconds.
    pub fn advance_secs(&self, secs: u64) {
        let mut hands = self.hands();
        hands.now = hands.now.plus_secs(secs);
        hands.elapsed = hands.elapsed.saturating_add(Duration::from_secs(secs));
    }

    /// Somebody sets the hour, forth or back, while no time passes.
    pub fn set(&self, now: Timestamp) {
        self.hands().now = now;
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SettableClock {
    fn now(&self) -> Timestamp {
        self.hands().now
    }

    fn elapsed(&self) -> Duration {
        self.hands().elapsed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setting_the_hour_lets_no_time_pass() {
        let clock = SettableClock::at(Timestamp::from_secs(10_000));
        clock.advance_secs(5);
        clock.set(Timestamp::from_secs(6_400));
        assert_eq!(clock.now().as_secs(), 6_400);
        assert_eq!(clock.elapsed(), Duration::from_secs(5));
        clock.advance_secs(1);
        assert_eq!(clock.now().as_secs(), 6_401);
        assert_eq!(clock.elapsed(), Duration::from_secs(6));
    }

    #[test]
    fn the_stopwatch_of_the_system_does_not_go_back() {
        let first = SystemClock.elapsed();
        assert!(first <= SystemClock.elapsed());
    }
}
