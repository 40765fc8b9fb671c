//! The registry of a service, values that are read when a scrape asks, and what a scrape is answered with.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use symbolon::clock::Timestamp;

use crate::identity::ServiceIdentity;

/// The content type of [`exposition`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The registry of a service, with what names it: `target_info` and when it started.
pub fn registry(service: ServiceIdentity, started_at: Timestamp) -> Registry {
    let mut registry = Registry::default();
    let info = Info::new([
        ("service_name", service.name),
        ("service_version", service.version),
    ]);
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
        let service = ServiceIdentity {
            name: "auth-server",
            version: "1.2.3",
            crate_name: "symbolon_auth_server",
        };
        let registry = registry(service, Timestamp::from_secs(1_800_000_000));
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
