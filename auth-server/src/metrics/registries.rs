//! Registries that somebody else keeps.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;
use symbolon_service::metrics::{Description, register_reading};

use crate::stores::RegistryObserver;

/// Whether registries of others can be reached, and how often what was known had to do.
#[derive(Clone, Debug, Default)]
pub struct RegistryMetrics(Arc<Mutex<Vec<Arc<OneRegistry>>>>);

/// One of them.
#[derive(Debug)]
struct OneRegistry {
    name: &'static str,
    reachable: AtomicBool,
    answered_from_memory: AtomicU64,
}

impl RegistryMetrics {
    pub(super) fn register(&self, registry: &mut Registry) {
        let up = Description {
            name: "auth_server_registry_up",
            help: "1 when a registry of clients or owners that somebody else keeps can be reached, else 0",
            unit: None,
            kind: MetricType::Gauge,
        };
        self.register_one(registry, up, |one| {
            u64::from(one.reachable.load(Ordering::Relaxed))
        });
        let stale = Description {
            name: "auth_server_registry_stale_answers",
            help: "Lookups that were answered by what was known before, because the registry could not be asked",
            unit: None,
            kind: MetricType::Counter,
        };
        self.register_one(registry, stale, |one| {
            one.answered_from_memory.load(Ordering::Relaxed)
        });
    }

    fn register_one(
        &self,
        registry: &mut Registry,
        description: Description,
        read: fn(&OneRegistry) -> u64,
    ) {
        let all = Arc::clone(&self.0);
        register_reading(registry, description, move || {
            let all = all.lock().unwrap_or_else(PoisonError::into_inner);
            let line = |one: &Arc<OneRegistry>| (vec![("registry", one.name)], read(one));
            all.iter().map(line).collect()
        });
    }

    /// Observes the registry of this name, a word of ours.
    pub fn of_registry(&self, name: &'static str) -> Arc<dyn RegistryObserver> {
        let one = Arc::new(OneRegistry {
            name,
            reachable: AtomicBool::new(true),
            answered_from_memory: AtomicU64::new(0),
        });
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Arc::clone(&one));
        one
    }
}

impl RegistryObserver for OneRegistry {
    fn reachable(&self, reachable: bool) {
        self.reachable.store(reachable, Ordering::Relaxed);
    }

    fn answered_from_memory(&self) {
        self.answered_from_memory.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use symbolon_service::metrics::exposition;

    use super::*;

    #[test]
    fn a_registry_that_is_away_is_shown_and_what_was_answered_meanwhile() {
        let mut registry = Registry::default();
        let metrics = RegistryMetrics::default();
        metrics.register(&mut registry);
        let clients = metrics.of_registry("sql_clients");
        metrics.of_registry("sql_owners");
        clients.reachable(false);
        clients.answered_from_memory();
        let text = exposition(&registry).unwrap();
        for line in [
            "auth_server_registry_up{registry=\"sql_clients\"} 0\n",
            "auth_server_registry_up{registry=\"sql_owners\"} 1\n",
            "auth_server_registry_stale_answers_total{registry=\"sql_clients\"} 1\n",
        ] {
            assert!(text.contains(line), "{line}{text}");
        }
    }
}
