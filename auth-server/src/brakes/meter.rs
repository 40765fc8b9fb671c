//! So many a minute of each key, in a memory that does not grow.

use std::convert::Infallible;
use std::fmt;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed, StateStore};
use governor::{Quota, RateLimiter};
use quick_cache::sync::Cache;
use symbolon::clock::Clock;

/// How many keys are remembered. Beyond that those give way that have been quiet.
const KEYS: usize = 65_536;

/// Counts attempts a minute, or an hour, by key. An attempt counts when it begins, so that many at once do not slip
/// through, and is taken back when it turns out to be an honest one.
pub struct Meter {
    limiter: RateLimiter<u64, Memory, Stopwatch, NoOpMiddleware<Nanos>>,
    memory: Memory,
    clock: Stopwatch,
    /// What one attempt weighs.
    one: Nanos,
    /// Keys of any length are kept as numbers, which nobody outside can choose.
    hasher: RandomState,
}

impl fmt::Debug for Meter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Meter")
            .field("keys", &self.len())
            .finish_non_exhaustive()
    }
}

impl Meter {
    /// Lets `per_minute` attempts of each key through in a minute.
    pub fn new(per_minute: NonZeroU32, clock: Arc<dyn Clock>) -> Self {
        Self::of(Quota::per_minute(per_minute), clock)
    }

    /// Lets `per_hour` attempts of each key through in an hour.
    pub fn hourly(per_hour: NonZeroU32, clock: Arc<dyn Clock>) -> Self {
        Self::of(Quota::per_hour(per_hour), clock)
    }

    fn of(quota: Quota, clock: Arc<dyn Clock>) -> Self {
        let memory = Memory(Arc::new(Cache::new(KEYS)));
        let clock = Stopwatch(clock);
        Self {
            limiter: RateLimiter::new(quota, memory.clone(), clock.clone()),
            memory,
            clock,
            one: quota.replenish_interval().into(),
            hasher: RandomState::new(),
        }
    }

    /// Counts an attempt; when it is one too many, says how long to wait and does not count it.
    pub fn count(&self, key: &impl Hash) -> Result<(), Duration> {
        let checked = self.limiter.check_key(&self.hasher.hash_one(key));
        checked.map_err(|refused| refused.wait_time_from(self.clock.now()))
    }

    /// Takes an attempt back that was counted.
    pub fn take_back(&self, key: &impl Hash) {
        let one = self.one.as_u64();
        let lighter = |weight: Option<Nanos>| {
            let weight = weight.unwrap_or_default().as_u64();
            Ok::<_, Infallible>(((), Nanos::new(weight.saturating_sub(one))))
        };
        let Ok(()) = self
            .memory
            .measure_and_replace(&self.hasher.hash_one(key), lighter);
    }

    /// How many keys are remembered.
    pub fn len(&self) -> usize {
        self.memory.0.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The weights of the keys, as the rate limiter wants to keep them.
#[derive(Clone)]
struct Memory(Arc<Cache<u64, Arc<InMemoryState>>>);

impl StateStore for Memory {
    type Key = u64;

    fn measure_and_replace<T, F, E>(&self, key: &u64, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let fresh = || Ok::<_, Infallible>(Arc::default());
        let Ok(state) = self.0.get_or_insert_with(key, fresh);
        state.measure_and_replace(&NotKeyed::NonKey, decide)
    }
}

/// The injected clock, in the terms of the rate limiter: what it measures does not jump when the hour is set.
#[derive(Clone, Debug)]
struct Stopwatch(Arc<dyn Clock>);

impl GovernorClock for Stopwatch {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}

#[cfg(test)]
mod tests {
    use symbolon::clock::{SettableClock, Timestamp};

    use super::*;

    fn meter(per_minute: u32) -> (Meter, Arc<SettableClock>) {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000)));
        let per_minute = NonZeroU32::new(per_minute).unwrap();
        (Meter::new(per_minute, clock.clone()), clock)
    }

    #[test]
    fn so_many_a_minute_of_each_key_are_let_through() {
        let (meter, clock) = meter(3);
        for _ in 0..3 {
            assert_eq!(meter.count(&"a"), Ok(()));
        }
        assert_eq!(meter.count(&"a"), Err(Duration::from_secs(20)));
        assert_eq!(meter.count(&"b"), Ok(()));
        clock.advance_secs(20);
        assert_eq!(meter.count(&"a"), Ok(()));
        assert!(meter.count(&"a").is_err());
    }

    #[test]
    fn so_many_an_hour_come_back_one_by_one() {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000)));
        let three = NonZeroU32::new(3).unwrap();
        let meter = Meter::hourly(three, clock.clone());
        for _ in 0..3 {
            assert_eq!(meter.count(&"a"), Ok(()));
        }
        clock.advance_secs(20 * 60 - 1);
        assert_eq!(meter.count(&"a"), Err(Duration::from_secs(1)));
        clock.advance_secs(1);
        assert_eq!(meter.count(&"a"), Ok(()));
        assert!(meter.count(&"a").is_err());
    }

    #[test]
    fn what_is_taken_back_was_never_counted() {
        let (meter, _) = meter(2);
        for _ in 0..100 {
            assert_eq!(meter.count(&"a"), Ok(()));
            meter.take_back(&"a");
        }
        assert_eq!(meter.count(&"a"), Ok(()));
        assert_eq!(meter.count(&"a"), Ok(()));
        assert!(meter.count(&"a").is_err());
    }

    #[test]
    fn a_brake_does_not_feel_the_hour_being_set() {
        for hour in [0, 1_000_000] {
            let (meter, clock) = meter(1);
            assert_eq!(meter.count(&"a"), Ok(()));
            clock.set(Timestamp::from_secs(hour));
            assert_eq!(meter.count(&"a"), Err(Duration::from_secs(60)));
            clock.advance_secs(60);
            assert_eq!(meter.count(&"a"), Ok(()));
        }
    }

    #[test]
    fn the_memory_of_a_brake_is_bounded() {
        let (meter, _) = meter(1);
        for number in 0..4 * KEYS {
            let _ = meter.count(&number);
        }
        assert!(meter.len() <= 2 * KEYS, "{meter:?}");
    }
}
