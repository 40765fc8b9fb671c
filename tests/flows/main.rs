//! Every grant from its start to its end.

#![allow(
    clippy::indexing_slicing,
    reason = "a JSON member that is absent is null, and a test may fail"
)]

mod authorization_code;
