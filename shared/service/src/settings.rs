//! Settings: the documented defaults of a service, a file on top, the environment on top of that.
//! Everything is read once, at start. What is wrong and what may be regretted is said all at once, each with its
//! place, what was found and what is accepted.

use std::fmt::Debug;

use serde::de::DeserializeOwned;

use crate::http::HttpSettings;
use crate::telemetry::{LogSettings, TraceSettings};

mod address;
mod environment;
mod file;
mod finding;
mod in_force;
mod known;
mod optional;
mod origins;
mod registrations;
mod shared;
mod shown;
mod sources;
mod typed;

pub use address::{AddressError, check_characters, read_http_address};
pub use file::read_file;
pub use finding::{AboutOne, Finding, Findings, Severity};
pub use in_force::{AllInForce, InForce};
pub use optional::empty_is_none;
pub use registrations::{Registrations, fields_of};
pub use shown::shown;
pub use sources::{Accepted, Examined, SettingValues, SettingsError, SettingsSources};

/// The settings of a service, as they are when they were read and checked.
pub trait ServiceSettings: DeserializeOwned + Debug {
    /// The text of `config/default.toml`: it names every setting there is, with a comment for each.
    const DEFAULTS: &'static str;
    /// `AUTH_SERVER` reads the environment's `AUTH_SERVER__HTTP__PORT` as `http.port`.
    const ENVIRONMENT_PREFIX: &'static str;

    /// Finds what the types alone cannot, in all settings but those that every service has.
    fn check(&self, findings: &mut Findings);

    /// What every service has.
    fn shared(&self) -> SharedSettings<'_>;

    /// The lists of tables among them.
    fn registrations() -> Vec<Registrations> {
        Vec::new()
    }
}

/// The settings that every service has.
#[derive(Clone, Copy, Debug)]
pub struct SharedSettings<'a> {
    /// Where it listens.
    pub http: &'a HttpSettings,
    /// How it logs.
    pub log: &'a LogSettings,
    /// Where traces go.
    pub traces: &'a TraceSettings,
}

impl<'a> SharedSettings<'a> {
    /// These.
    pub const fn new(
        http: &'a HttpSettings,
        log: &'a LogSettings,
        traces: &'a TraceSettings,
    ) -> Self {
        Self { http, log, traces }
    }
}

#[cfg(test)]
mod tests;
