//! Every attack that the three services defend against (RFC 9700), and every way to send nonsense.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a JSON member that is absent is null, and a test may fail"
)]

mod account;
mod callbacks;
mod codes;
mod cross_origin;
mod forgotten_password;
mod forms;
mod guessing;
mod journey;
mod jwts;
mod leaks;
mod malformed;
mod nonsense;
mod pages;
mod passkeys;
mod pkce;
mod redirects;
mod second_factor;
mod sessions;
mod sign_up;
mod tokens;
mod transport;
