//! What a running system tells about itself, held against what `docs/operations.md` promises.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a JSON member that is absent is null, and a test may fail"
)]

mod around;
mod audit;
mod documented;
mod journey;
mod metrics;
mod prometheus;
mod prometheus_server;
mod scrape;
