//! What a registry elsewhere has answered lately. A check of a token then asks nobody, and what was known goes on
//! working for a while when the registry cannot be reached.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::Cache;
use symbolon::clock::Clock;

use crate::stores::StoreError;

/// After so long what was read is read again for somebody whom it does not suit. Until then nobody makes us ask on
/// and on.
const NEW_FOR: Duration = Duration::from_secs(1);

/// Takes notice of how a registry elsewhere is.
pub trait RegistryObserver: Send + Sync {
    /// It can be reached, or cannot.
    fn reachable(&self, reachable: bool);

    /// It could not be asked, and what it had answered before was good enough.
    fn answered_from_memory(&self);
}

/// How long answers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryLimits {
    /// How many are remembered.
    pub entries: usize,
    /// Without asking again.
    pub good_for: Duration,
    /// Longer than that, while the registry cannot be asked.
    pub longer_when_away: Duration,
}

/// Answers of a registry elsewhere, by name.
pub struct Remembered<T> {
    answers: Cache<String, Answer<T>>,
    limits: MemoryLimits,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn RegistryObserver>,
}

struct Answer<T> {
    value: Arc<T>,
    /// When, on the stopwatch of the clock.
    read_at: Duration,
}

impl<T> Clone for Answer<T> {
    fn clone(&self) -> Self {
        Self {
            value: Arc::clone(&self.value),
            read_at: self.read_at,
        }
    }
}

impl<T> fmt::Debug for Remembered<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Remembered({:?})", self.limits)
    }
}

impl<T> Remembered<T> {
    /// Nothing yet.
    pub fn new(
        limits: MemoryLimits,
        clock: Arc<dyn Clock>,
        observer: Arc<dyn RegistryObserver>,
    ) -> Self {
        Self {
            answers: Cache::new(limits.entries.max(1)),
            limits,
            clock,
            observer,
        }
    }

    /// What is known under a name, or what `ask` answers. Where that fails because nobody can be asked, what was
    /// known before counts for longer. That nobody has the name is not remembered: who is registered is known at once.
    pub async fn find(
        &self,
        name: &str,
        ask: impl Future<Output = Result<Option<Arc<T>>, StoreError>>,
    ) -> Result<Option<Arc<T>>, StoreError> {
        let known = self.answers.get(name);
        if let Some(answer) = &known
            && self.age(answer) < self.limits.good_for
        {
            return Ok(Some(Arc::clone(&answer.value)));
        }
        let error = match ask.await {
            Err(StoreError::Unavailable(error)) => error,
            answered => return self.note(name, answered),
        };
        let longest = self.limits.good_for + self.limits.longer_when_away;
        match known.filter(|answer| self.age(answer) < longest) {
            Some(answer) => {
                self.observer.answered_from_memory();
                Ok(Some(answer.value))
            }
            None => Err(StoreError::Unavailable(error)),
        }
    }

    /// Takes an answer down, and passes it on. What is gone, or cannot be understood any more, is forgotten.
    pub fn note(
        &self,
        name: &str,
        answered: Result<Option<Arc<T>>, StoreError>,
    ) -> Result<Option<Arc<T>>, StoreError> {
        match &answered {
            Ok(Some(value)) => self.remember(name, value),
            Ok(None) | Err(StoreError::Damaged(_)) => drop(self.answers.remove(name)),
            Err(StoreError::Unavailable(_)) => {}
        }
        answered
    }

    /// Takes down what was read in passing.
    pub fn remember(&self, name: &str, value: &Arc<T>) {
        let answer = Answer {
            value: Arc::clone(value),
            read_at: self.clock.elapsed(),
        };
        self.answers.insert(name.to_owned(), answer);
    }

    /// Whether what is known was read a moment ago: to ask again would say the same.
    pub fn is_new(&self, name: &str) -> bool {
        let known = self.answers.get(name);
        known.is_some_and(|answer| self.age(&answer) < NEW_FOR)
    }

    /// How long answers count.
    pub const fn limits(&self) -> &MemoryLimits {
        &self.limits
    }

    fn age(&self, answer: &Answer<T>) -> Duration {
        self.clock.elapsed().saturating_sub(answer.read_at)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use symbolon::clock::{SettableClock, Timestamp};

    use super::*;

    #[derive(Default)]
    struct Counts(AtomicU64);

    impl RegistryObserver for Counts {
        fn reachable(&self, _: bool) {}

        fn answered_from_memory(&self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    struct Bench {
        memory: Remembered<u32>,
        clock: Arc<SettableClock>,
        counts: Arc<Counts>,
    }

    fn bench() -> Bench {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1)));
        let counts = Arc::new(Counts::default());
        let limits = MemoryLimits {
            entries: 10,
            good_for: Duration::from_secs(60),
            longer_when_away: Duration::from_secs(600),
        };
        Bench {
            memory: Remembered::new(limits, clock.clone(), counts.clone()),
            clock,
            counts,
        }
    }

    async fn find(bench: &Bench, answer: Result<Option<u32>, StoreError>) -> Option<u32> {
        let answer = answer.map(|found| found.map(Arc::new));
        let found = bench.memory.find("a", async { answer }).await;
        found.ok().flatten().map(|found| *found)
    }

    fn away() -> Result<Option<u32>, StoreError> {
        Err(StoreError::Unavailable("away".to_owned()))
    }

    #[tokio::test]
    async fn an_answer_counts_for_its_time_and_then_the_registry_is_asked_again() {
        let bench = bench();
        assert_eq!(find(&bench, Ok(Some(1))).await, Some(1));
        bench.clock.advance_secs(59);
        assert_eq!(find(&bench, Ok(Some(2))).await, Some(1));
        bench.clock.advance_secs(1);
        assert_eq!(find(&bench, Ok(Some(2))).await, Some(2));
        bench.clock.advance_secs(60);
        assert_eq!(find(&bench, Ok(None)).await, None);
        assert_eq!(find(&bench, away()).await, None);
    }

    #[tokio::test]
    async fn what_was_known_counts_for_longer_while_nobody_can_be_asked() {
        let bench = bench();
        assert_eq!(find(&bench, away()).await, None);
        assert_eq!(find(&bench, Ok(Some(1))).await, Some(1));
        bench.clock.advance_secs(659);
        assert_eq!(find(&bench, away()).await, Some(1));
        assert_eq!(bench.counts.0.load(Ordering::Relaxed), 1);
        bench.clock.advance_secs(1);
        assert_eq!(find(&bench, away()).await, None);
        assert_eq!(find(&bench, Ok(Some(2))).await, Some(2));
    }

    #[tokio::test]
    async fn what_cannot_be_understood_any_more_is_forgotten() {
        let bench = bench();
        assert_eq!(find(&bench, Ok(Some(1))).await, Some(1));
        bench.clock.advance_secs(60);
        let damaged = Err(StoreError::Damaged("nonsense".to_owned()));
        assert_eq!(find(&bench, damaged).await, None);
        assert_eq!(find(&bench, away()).await, None);
    }
}
