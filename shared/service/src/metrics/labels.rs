//! Metrics that labels tell apart whose values are known when the program is built.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;

use super::sharded::Histogram;

/// A histogram for requests over a network: from half a millisecond to ten seconds.
pub fn network_histogram() -> Histogram {
    Histogram::new([
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
    ])
}

/// Labels whose values are known when the program is built.
pub type Labels<const N: usize> = [(&'static str, &'static str); N];

/// Counters that such labels tell apart.
pub type Counters<const N: usize> = Family<Labels<N>, Counter>;

/// Histograms that such labels tell apart.
pub type Histograms<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;
