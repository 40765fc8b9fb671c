//! What the services tell about themselves: traces and logs, of three real processes.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a JSON member that is absent is null, and a test may fail"
)]

mod logs;
mod secrets;
mod traces;
