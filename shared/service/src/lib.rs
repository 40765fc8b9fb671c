//! How every Symbolon service starts, is watched, and stops.

pub mod client_address;
pub mod drain;
pub mod healthcheck;
pub mod http;
pub mod metrics;
pub mod probes;
pub mod request_log;
pub mod settings;
pub mod shutdown;
pub mod telemetry;
