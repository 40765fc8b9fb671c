//! Metrics of one service: a registry that its parts register with, and what every service tells. There is
//! no global one, so several services can run in one process.
//!
//! **Callers cannot make series.** Label values are words of the program's own ([`Labels`]), the patterns of
//! its routes, and statuses.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use symbolon::clock::Timestamp;

mod http;
mod sharded;

pub use http::HttpMetrics;
pub use sharded::{Gauge, Histogram};

/// The content type of [`exposition`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

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

/// The registry of a service, with what names it: `target_info` and when it started.
pub fn registry(service: &'static str, version: &'static str, started_at: Timestamp) -> Registry {
    let mut registry = Registry::default();
    let info = Info::new([("service_name", service), ("service_version", version)]);
    registry.register("target", "The service and its version", info);
    register_reading(
        &mut registry,
        Description {
            name: "process_start_time",
            help: "When the service was started, in seconds since 1970",
            unit: Some(Unit::Seconds),
            kind: MetricType::Gauge,
        },
        move || vec![(Vec::new(), started_at.as_secs())],
    );
    registry
}

/// What a scrape is answered with: [OpenMetrics](https://prometheus.io/docs/specs/om/open_metrics_spec/).
pub fn exposition(registry: &Registry) -> Result<String, fmt::Error> {
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, registry)?;
    Ok(text)
}

/// A metric as a scrape describes it.
#[derive(Debug)]
pub struct Description {
    /// Its name, without the unit and without `_total`.
    pub name: &'static str,
    /// What it means.
    pub help: &'static str,
    /// Its unit, which is added to the name.
    pub unit: Option<Unit>,
    /// Gauge or counter.
    pub kind: MetricType,
}

/// What is read for one series: its labels and its value.
pub type Reading = (Vec<(&'static str, &'static str)>, u64);

/// Registers a metric whose values somebody keeps already: they are read when a scrape asks, and cost
/// nothing before.
pub fn register_reading(
    registry: &mut Registry,
    description: Description,
    read: impl Fn() -> Vec<Reading> + Send + Sync + 'static,
) {
    registry.register_collector(Box::new(ReadOnScrape {
        description,
        read: Box::new(read),
    }));
}

struct ReadOnScrape {
    description: Description,
    read: Box<dyn Fn() -> Vec<Reading> + Send + Sync>,
}

impl fmt::Debug for ReadOnScrape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.description.fmt(formatter)
    }
}

impl Collector for ReadOnScrape {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let Description {
            name,
            help,
            unit,
            kind,
        } = &self.description;
        let readings = (self.read)();
        // A metric that has no series now is left out, with its description.
        if readings.is_empty() {
            return Ok(());
        }
        let mut metric = encoder.encode_descriptor(name, help, unit.as_ref(), *kind)?;
        for (labels, value) in readings {
            let labels = labels.as_slice();
            let series = if labels.is_empty() {
                None
            } else {
                Some(metric.encode_family(&labels)?)
            };
            match (kind, series) {
                (MetricType::Counter, Some(series)) => ConstCounter::new(value).encode(series)?,
                (MetricType::Counter, None) => {
                    metric.encode_counter::<[(&str, &str); 0], u64, u64>(&value, None)?;
                }
                (_, Some(series)) => ConstGauge::new(value).encode(series)?,
                (_, None) => metric.encode_gauge(&value)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(kind: MetricType, readings: Vec<Reading>) -> String {
        let mut registry = Registry::default();
        let description = Description {
            name: "sessions",
            help: "Sessions",
            unit: None,
            kind,
        };
        register_reading(&mut registry, description, move || readings.clone());
        exposition(&registry).unwrap()
    }

    #[test]
    fn a_service_names_itself_and_its_start() {
        let registry = registry("auth-server", "1.2.3", Timestamp::from_secs(1_800_000_000));
        let text = exposition(&registry).unwrap();
        let info = "target_info{service_name=\"auth-server\",service_version=\"1.2.3\"} 1\n";
        assert!(text.contains(info), "{text}");
        assert!(
            text.contains("\nprocess_start_time_seconds 1800000000\n"),
            "{text}"
        );
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn what_is_kept_elsewhere_is_read_at_the_scrape() {
        let of_kinds = vec![(vec![("kind", "a")], 1), (vec![("kind", "b")], 2)];
        let text = reading(MetricType::Gauge, of_kinds);
        assert!(text.contains("# TYPE sessions gauge\n"), "{text}");
        assert!(
            text.contains("sessions{kind=\"a\"} 1\nsessions{kind=\"b\"} 2\n"),
            "{text}"
        );
        let text = reading(MetricType::Counter, vec![(vec![], 3)]);
        assert!(text.contains("\nsessions_total 3\n"), "{text}");
        assert_eq!(reading(MetricType::Gauge, vec![]), "# EOF\n");
    }
}
