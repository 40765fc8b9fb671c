//! The journey through the containers of `docker-compose.yml`, while some of them go away. The tests need an
//! engine on which these containers run, so they are ignored elsewhere: `scripts/prove-containers` runs them.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail, and a JSON member that is absent is null"
)]

mod addresses;
mod engine;
mod journey;
mod one_server_less;
mod without_redis;
