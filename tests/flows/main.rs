//! Every grant from its start to its end.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a JSON member that is absent is null, and a test may fail"
)]

mod authorization_code;
