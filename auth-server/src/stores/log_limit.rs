//! A line of the log that comes once in a while, however often there is a reason for it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_secs(10);

/// When something was said last.
#[derive(Debug)]
pub(super) struct LogLimit {
    since: Instant,
    /// Milliseconds after `since` before which nothing is said.
    silent_until: AtomicU64,
}

impl LogLimit {
    pub(super) fn new() -> Self {
        Self {
            since: Instant::now(),
            silent_until: AtomicU64::new(0),
        }
    }

    /// Whether it is time to say it again; of many who ask at once one hears yes.
    pub(super) fn is_due(&self) -> bool {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let now = millis(self.since.elapsed());
        let silent_until = self.silent_until.load(Ordering::Relaxed);
        let next = now.saturating_add(millis(PAUSE));
        now >= silent_until
            && self
                .silent_until
                .compare_exchange(silent_until, next, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_reason_on_and_on_is_said_once() {
        let limit = LogLimit::new();
        assert!(limit.is_due());
        assert!(!limit.is_due());
    }
}
