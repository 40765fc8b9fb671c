//! How often a limit held somebody back, by the setting that says how much is allowed.

use prometheus_client::registry::Registry;

use super::labels::Counters;

/// Counts by the path of the setting, such as `http.connections`. Its clones are the same one.
#[derive(Clone, Debug)]
pub struct LimitsReached(Counters<1>);

impl LimitsReached {
    /// Registers the counter of a service, with a series for each of these settings.
    pub fn register(registry: &mut Registry, settings: &[&'static str]) -> Self {
        let reached = Self(Counters::default());
        registry.register(
            "limit_reached",
            "How often a limit held somebody back, by its setting",
            reached.0.clone(),
        );
        reached.expect(settings);
        reached
    }

    /// Shows a series for each of these settings before anything is counted.
    pub fn expect(&self, settings: &[&'static str]) {
        for setting in settings {
            drop(self.0.get_or_create(&[("setting", *setting)]));
        }
    }

    /// Counts one.
    pub fn count(&self, setting: &'static str) {
        self.0.get_or_create(&[("setting", setting)]).inc();
    }
}
