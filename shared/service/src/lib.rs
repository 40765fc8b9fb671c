//! How every Symbolon service starts, is watched, and stops.

pub mod client_address;
pub mod command_line;
pub mod drain;
pub mod healthcheck;
pub mod http;
pub mod identity;
pub mod metrics;
pub mod probes;
pub mod request_log;
pub mod service;
pub mod settings;
mod shutdown;
pub mod telemetry;
