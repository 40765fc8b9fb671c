//! What a service is called.

/// What a service is called in logs, traces, metrics and on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceIdentity {
    /// The name of its program, for example `auth-server`.
    pub name: &'static str,
    /// Its version: `env!("CARGO_PKG_VERSION")`.
    pub version: &'static str,
    /// The crate whose spans are its own: `env!("CARGO_CRATE_NAME")`.
    pub crate_name: &'static str,
}
