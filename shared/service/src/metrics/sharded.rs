//! Values that many threads change and a scrape reads. Each thread writes to one of a few shards on cache
//! lines of their own, so that threads do not wait for each other; the scrape adds the shards up.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use std::{fmt, thread_local};

use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::{MetricType, TypedMetric};

/// How many threads can write without meeting.
const SHARDS: usize = 8;

/// Bounds of a histogram that fit into a shard, besides the last one, which is infinite.
const BOUNDS: usize = 15;

/// The shard of a thread: threads take them in turn.
fn shard<T>(shards: &[T; SHARDS]) -> &T {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static TURN: usize = NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS;
    }
    let [first, ..] = shards;
    TURN.with(|turn| shards.get(*turn)).unwrap_or(first)
}

/// How long things take: a histogram of seconds.
#[derive(Clone)]
pub struct Histogram(Arc<Durations>);

struct Durations {
    /// Upper bounds in seconds, ascending.
    bounds: Vec<f64>,
    shards: [DurationShard; SHARDS],
}

#[derive(Default)]
#[repr(align(128))]
struct DurationShard {
    counts: [AtomicU64; BOUNDS + 1],
    /// The sum; enough for five hundred years.
    nanos: AtomicU64,
}

impl Histogram {
    /// A histogram with these upper bounds, in seconds and ascending; at most 15.
    pub fn new(bounds: impl IntoIterator<Item = f64>) -> Self {
        Self(Arc::new(Durations {
            bounds: bounds.into_iter().take(BOUNDS).collect(),
            shards: Default::default(),
        }))
    }

    /// Notes that something took so long.
    pub fn observe(&self, took: Duration) {
        let secs = took.as_secs_f64();
        let bounds = &self.0.bounds;
        let bucket = bounds.iter().position(|bound| secs <= *bound);
        let shard = shard(&self.0.shards);
        if let Some(count) = shard.counts.get(bucket.unwrap_or(bounds.len())) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        shard.nanos.fetch_add(nanos, Ordering::Relaxed);
    }
}

impl fmt::Debug for Histogram {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Histogram({:?})", self.0.bounds)
    }
}

impl TypedMetric for Histogram {
    const TYPE: MetricType = MetricType::Histogram;
}

impl EncodeMetric for Histogram {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), fmt::Error> {
        let Durations { bounds, shards } = self.0.as_ref();
        let sum = |read: &dyn Fn(&DurationShard) -> u64| shards.iter().map(read).sum::<u64>();
        let bounds = bounds.iter().copied().chain([f64::INFINITY]);
        let buckets: Vec<(f64, u64)> = bounds
            .enumerate()
            .map(|(place, bound)| {
                let count = |shard: &DurationShard| {
                    let count = shard.counts.get(place);
                    count.map_or(0, |count| count.load(Ordering::Relaxed))
                };
                (bound, sum(&count))
            })
            .collect();
        let count = buckets.iter().map(|(_, count)| count).sum();
        let nanos = sum(&|shard| shard.nanos.load(Ordering::Relaxed));
        let secs = Duration::from_nanos(nanos).as_secs_f64();
        encoder.encode_histogram::<NoLabelSet>(secs, count, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}

/// How many there are now.
#[derive(Clone, Debug, Default)]
pub struct Gauge(Arc<[NumberShard; SHARDS]>);

#[derive(Debug, Default)]
#[repr(align(128))]
struct NumberShard(AtomicI64);

impl Gauge {
    /// One more.
    pub fn inc(&self) {
        shard(&self.0).0.fetch_add(1, Ordering::Relaxed);
    }

    /// One less; it need not be the thread that counted it.
    pub fn dec(&self) {
        shard(&self.0).0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl TypedMetric for Gauge {
    const TYPE: MetricType = MetricType::Gauge;
}

impl EncodeMetric for Gauge {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), fmt::Error> {
        let now = self.0.iter().map(|shard| shard.0.load(Ordering::Relaxed));
        encoder.encode_gauge(&now.sum::<i64>())
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::registry::Registry;

    use super::super::registry::exposition;
    use super::*;

    /// Runs something on more threads than there are shards.
    fn on_many_threads(act: impl Fn() + Send + Sync) {
        std::thread::scope(|scope| {
            for _ in 0..2 * SHARDS {
                scope.spawn(&act);
            }
        });
    }

    #[test]
    fn observations_of_all_threads_add_up() {
        let histogram = Histogram::new([0.001, 0.25]);
        on_many_threads(|| {
            for millis in [1, 2, 250, 251] {
                histogram.observe(Duration::from_millis(millis));
            }
        });
        let mut registry = Registry::default();
        registry.register("h", "H", histogram);
        let text = exposition(&registry).unwrap();
        for line in [
            "h_sum 8.064",
            "h_count 64",
            "h_bucket{le=\"0.001\"} 16",
            "h_bucket{le=\"0.25\"} 48",
            "h_bucket{le=\"+Inf\"} 64",
        ] {
            assert!(text.lines().any(|shown| shown == line), "{line}: {text}");
        }
    }

    #[test]
    fn what_one_thread_begins_another_may_end() {
        let gauge = Gauge::default();
        on_many_threads(|| gauge.inc());
        gauge.dec();
        let mut registry = Registry::default();
        registry.register("g", "G", gauge);
        let text = exposition(&registry).unwrap();
        assert!(text.contains("\ng 15\n"), "{text}");
    }
}
