//! How every Symbolon service starts, is watched, and stops.
//!
//! * [`settings`]: documented defaults, a file on top, the environment on top of that; whatever is wrong
//!   names its place.
//! * [`telemetry`], [`request_log`], [`metrics`]: one trace across services, one log line per request,
//!   numbers for Prometheus.
//! * [`probes`], [`healthcheck`]: alive and ready, on a port of their own.
//! * [`connections`]: how much of a service one caller, and all together, can take.
//! * [`hang_ups`]: a `SIGHUP` ends no service, whenever it comes.
//! * [`drain`]: between the wish to stop and the stop, what still arrives is answered.
//!
//! It serves the programs of Symbolon and changes with them; the protocol is in the crate `symbolon`.

pub mod client_address;
pub mod command_line;
pub mod connections;
pub mod cookies;
pub mod drain;
pub mod hang_ups;
pub mod head_requests;
pub mod healthcheck;
pub mod http;
pub mod identity;
pub mod metrics;
pub mod numbers;
pub mod probes;
pub mod request_log;
pub mod service;
pub mod settings;
mod shutdown;
pub mod telemetry;
