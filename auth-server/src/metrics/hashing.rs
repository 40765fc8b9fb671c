//! Slow hashes of passwords and secrets.

use std::time::Duration;

use prometheus_client::metrics::family::Family;
use prometheus_client::registry::{Registry, Unit};
use symbolon_service::metrics::{Histogram, Histograms};

use crate::passwords::HashObserver;

/// How long slow hashes take to compute, by algorithm.
#[derive(Clone, Debug)]
pub struct HashDurations(Histograms<1>);

/// From 5 milliseconds to 5 seconds: they are meant to be slow.
fn histogram() -> Histogram {
    Histogram::new([0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0])
}

impl Default for HashDurations {
    fn default() -> Self {
        Self(Family::new_with_constructor(histogram))
    }
}

impl HashDurations {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "auth_server_password_hash_duration",
            "How long slow hashes took to compute, without the time in the queue",
            Unit::Seconds,
            self.0.clone(),
        );
    }
}

impl HashObserver for HashDurations {
    fn computed(&self, algorithm: &'static str, took: Duration) {
        let labels = [("algorithm", algorithm)];
        self.0.get_or_create(&labels).observe(took);
    }
}
