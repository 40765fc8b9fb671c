//! What two Symbolon services have in common: the OAuth 2 messages they exchange, time and
//! randomness as arguments, and (feature `service`) how every binary starts and stops.
//!
//! A thing may live here when an RFC or the Spring dialect names it *and* two services exchange it.

pub mod clock;
pub mod protocol;
pub mod random;
#[cfg(feature = "service")]
pub mod service;
