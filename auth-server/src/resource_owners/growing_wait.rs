//! Waits that grow: whoever goes on guessing at one account from one network after having been refused waits twice as long each
//! time. Nobody else does, so nobody can lock an owner out elsewhere.

use std::time::Duration;

use quick_cache::sync::Cache;

/// How many pairs of account and network are remembered.
const KEPT: usize = 65_536;
/// Who was quiet for so long starts afresh.
const QUIET: Duration = Duration::from_secs(60 * 60);
/// More doublings of a second than this are longer than any wait.
const MOST_DOUBLINGS: u32 = 20;

/// How long whom has to wait.
#[derive(Debug)]
pub(crate) struct GrowingWaits {
    by_pair: Cache<u64, Wait>,
    longest: Duration,
}

#[derive(Clone, Copy, Debug)]
struct Wait {
    /// How often it has been imposed.
    times: u32,
    /// On the clock that no setting of the hour moves.
    until: Duration,
}

impl GrowingWaits {
    /// Waits that grow up to this; none grows when that is nothing.
    pub(crate) fn up_to(longest: Duration) -> Self {
        Self {
            by_pair: Cache::new(KEPT),
            longest,
        }
    }

    /// What is left of the wait of a pair.
    pub(crate) fn left(&self, pair: u64, now: Duration) -> Option<Duration> {
        let wait = self.by_pair.get(&pair)?;
        let left = wait.until.checked_sub(now)?;
        (!left.is_zero()).then_some(left)
    }

    /// A pair was refused for so long: from the second time on it is for longer. Answers for how long.
    pub(crate) fn grow(&self, pair: u64, refused_for: Duration, now: Duration) -> Duration {
        if self.longest.is_zero() {
            return refused_for;
        }
        let before = self.by_pair.get(&pair);
        let before = before.filter(|wait| now < wait.until.saturating_add(QUIET));
        let times = before.map_or(0, |wait| wait.times).saturating_add(1);
        let doubled = 1u32 << (times - 1).min(MOST_DOUBLINGS);
        let longest = self.longest.max(refused_for);
        let wait = refused_for.saturating_mul(doubled).min(longest);
        let until = now.saturating_add(wait);
        self.by_pair.insert(pair, Wait { times, until });
        wait
    }

    /// The owner signed in there.
    pub(crate) fn forget(&self, pair: u64) {
        self.by_pair.remove(&pair);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn a_wait_doubles_each_time_up_to_the_longest() {
        let waits = GrowingWaits::up_to(secs(100));
        let mut now = secs(5);
        for expected in [15, 30, 60, 100, 100] {
            assert_eq!(waits.grow(1, secs(15), now), secs(expected));
            assert_eq!(waits.left(1, now), Some(secs(expected)));
            now += secs(expected);
            assert_eq!(waits.left(1, now), None);
        }
        assert_eq!(waits.grow(2, secs(15), now), secs(15), "of another pair");
        assert_eq!(waits.grow(3, secs(200), now), secs(200), "not shortened");
    }

    #[test]
    fn who_was_quiet_for_an_hour_or_signed_in_starts_afresh() {
        let waits = GrowingWaits::up_to(secs(900));
        assert_eq!(waits.grow(1, secs(10), secs(0)), secs(10));
        assert_eq!(waits.grow(1, secs(10), secs(9) + QUIET), secs(20));
        assert_eq!(waits.grow(1, secs(10), secs(29) + QUIET + QUIET), secs(10));
        waits.grow(1, secs(10), secs(40) + QUIET + QUIET);
        waits.forget(1);
        assert_eq!(waits.grow(1, secs(10), secs(60) + QUIET + QUIET), secs(10));
        let same = GrowingWaits::up_to(Duration::ZERO);
        for _ in 0..3 {
            assert_eq!(same.grow(1, secs(10), secs(0)), secs(10));
            assert_eq!(same.left(1, secs(0)), None);
        }
    }
}
