//! Operations of the store, with the names of OpenTelemetry's
//! [database metrics](https://opentelemetry.io/docs/specs/semconv/database/database-metrics/).

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::{Registry, Unit};
use symbolon_service::metrics::{Description, Histogram, Histograms, register_reading};

use crate::metrics::registries::RegistryMetrics;
use crate::stores::{OPERATIONS, OperationOutcome, RegistryObserver, StoreObserver};

/// How long operations take and how they end; whether the store answers.
#[derive(Clone, Debug)]
pub struct StoreMetrics {
    durations: Histograms<3>,
    answers: Arc<AtomicBool>,
    registries: RegistryMetrics,
}

/// From 50 microseconds (a read in memory) to more than the usual time-out.
fn histogram() -> Histogram {
    Histogram::new([
        0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
        0.5, 1.0, 2.5,
    ])
}

impl Default for StoreMetrics {
    fn default() -> Self {
        Self {
            durations: Family::new_with_constructor(histogram),
            // A server that has started has read its keys.
            answers: Arc::new(AtomicBool::new(true)),
            registries: RegistryMetrics::default(),
        }
    }
}

impl StoreMetrics {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "db_client_operation_duration",
            "How long operations of the store took",
            Unit::Seconds,
            self.durations.clone(),
        );
        self.registries.register(registry);
        let answers = Arc::clone(&self.answers);
        let description = Description {
            name: "auth_server_store_up",
            help: "1 when the store answered the last operation, else 0",
            unit: None,
            kind: MetricType::Gauge,
        };
        register_reading(registry, description, move || {
            vec![(Vec::new(), u64::from(answers.load(Ordering::Relaxed)))]
        });
    }

    /// Measures the operations of a store that keeps its records in `system`.
    pub fn of_system(&self, system: &'static str) -> SystemMetrics {
        let unmeasured = OPERATIONS.map(|operation| (operation, OnceLock::new()));
        SystemMetrics {
            system,
            metrics: self.clone(),
            succeeded: unmeasured.into(),
            says_whether_it_answers: true,
        }
    }

    /// Measures the operations of a store that is not this server's own: whether it answers is another question.
    pub fn of_other_system(&self, system: &'static str) -> SystemMetrics {
        SystemMetrics {
            says_whether_it_answers: false,
            ..self.of_system(system)
        }
    }

    /// Observes the registry of this name, which somebody else keeps; a word of ours.
    pub fn of_registry(&self, name: &'static str) -> Arc<dyn RegistryObserver> {
        self.registries.of_registry(name)
    }

    fn durations(
        &self,
        system: &'static str,
        operation: &'static str,
        outcome: OperationOutcome,
    ) -> Histogram {
        self.durations.get_or_create_owned(&[
            ("db_system_name", system),
            ("db_operation_name", operation),
            // An empty label is none.
            ("error_type", outcome.error_type().unwrap_or("")),
        ])
    }

    /// Notes whether the store answered.
    fn answered(&self, answered: bool) {
        // Mostly it did, and nothing needs to be written where other workers read.
        if self.answers.load(Ordering::Relaxed) != answered {
            self.answers.store(answered, Ordering::Relaxed);
        }
    }
}

/// Measures the operations of one store.
#[derive(Debug)]
pub struct SystemMetrics {
    system: &'static str,
    metrics: StoreMetrics,
    /// Of operations that succeed: found without the lock that all workers share.
    succeeded: HashMap<&'static str, OnceLock<Histogram>>,
    says_whether_it_answers: bool,
}

impl StoreObserver for SystemMetrics {
    fn system(&self) -> &'static str {
        self.system
    }

    fn completed(&self, operation: &'static str, outcome: OperationOutcome, took: Duration) {
        let durations = || self.metrics.durations(self.system, operation, outcome);
        match self.succeeded.get(operation) {
            Some(known) if outcome == OperationOutcome::Succeeded => {
                known.get_or_init(durations).observe(took);
            }
            _ => durations().observe(took),
        }
        if self.says_whether_it_answers {
            let answered = outcome != OperationOutcome::Unavailable;
            self.metrics.answered(answered);
        }
    }
}

#[cfg(test)]
mod tests {
    use symbolon_service::metrics::exposition;

    use super::*;

    fn series(act: impl FnOnce(&SystemMetrics)) -> String {
        let mut registry = Registry::default();
        let metrics = StoreMetrics::default();
        metrics.register(&mut registry);
        act(&metrics.of_system("redb"));
        exposition(&registry).unwrap()
    }

    fn count(error_type: &str) -> String {
        format!(
            "db_client_operation_duration_seconds_count{{db_system_name=\"redb\",\
             db_operation_name=\"find_client\",error_type=\"{error_type}\"}}"
        )
    }

    #[test]
    fn operations_are_measured_by_name_and_outcome() {
        let took = Duration::from_millis(3);
        let text = series(|observer| {
            for outcome in [
                OperationOutcome::Succeeded,
                OperationOutcome::Succeeded,
                OperationOutcome::Damaged,
                OperationOutcome::Unavailable,
            ] {
                observer.completed("find_client", outcome, took);
            }
        });
        for (error_type, times) in [("", 2), ("damaged", 1), ("unavailable", 1)] {
            let line = format!("{} {times}\n", count(error_type));
            assert!(text.contains(&line), "{line}{text}");
        }
    }

    #[test]
    fn the_store_is_up_when_the_last_operation_was_answered() {
        let up_after = |outcomes: &[OperationOutcome]| {
            let text = series(|observer| {
                for outcome in outcomes {
                    observer.completed("find_client", *outcome, Duration::ZERO);
                }
            });
            text.contains("auth_server_store_up 1\n")
        };
        assert!(up_after(&[]));
        assert!(!up_after(&[OperationOutcome::Unavailable]));
        assert!(up_after(&[
            OperationOutcome::Unavailable,
            OperationOutcome::Damaged
        ]));
    }

    #[test]
    fn another_store_that_is_away_is_measured_and_ours_stays_up() {
        let text = series(|ours| {
            let other = ours.metrics.of_other_system("redis");
            let (name, outcome) = ("find_legacy_access_token", OperationOutcome::Unavailable);
            other.completed(name, outcome, Duration::ZERO);
        });
        assert!(text.contains("auth_server_store_up 1\n"), "{text}");
        assert!(text.contains("\"find_legacy_access_token\",error_type=\"unavailable\""));
    }
}
