//! Metrics of one service: a registry that its parts register with, and what every service measures. There is
//! no global one, so several services can run in one process.
//!
//! **Callers cannot make series.** Label values are words of the program's own ([`Labels`]), the patterns of
//! its routes, and statuses.

mod http;
mod labels;
mod limits;
mod registry;
mod sharded;

pub use http::HttpMetrics;
pub use labels::{Counters, Histograms, Labels, network_histogram};
pub use limits::LimitsReached;
pub use registry::{CONTENT_TYPE, Description, Reading, exposition, register_reading, registry};
pub use sharded::{Gauge, Histogram};
