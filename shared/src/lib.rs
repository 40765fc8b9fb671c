//! What two Symbolon services have in common: the OAuth 2 messages they exchange, time and
//! randomness as arguments, how one calls the other (feature `http-call`), and how every binary starts
//! and stops (feature `service`).
//!
//! A thing may live here when an RFC or the Spring dialect names it *and* two services exchange it.

pub mod clock;
#[cfg(feature = "http-call")]
pub mod http_call;
pub mod protocol;
pub mod random;
#[cfg(feature = "service")]
pub mod service;
#[cfg(feature = "opentelemetry")]
pub mod trace_context;
