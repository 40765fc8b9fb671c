//! The messages of OAuth 2, each once, encoding beside decoding. Free of HTTP frameworks, stores and
//! runtimes: text in, values out, and back.
//!
//! A message may live here when an RFC or the Spring dialect names it *and* two services exchange it.
//! Beside the messages stand [`clock`] and [`random`], time and randomness as arguments, and, behind
//! features, how one service calls another (`calls`, `trace_context`) and the access rules of Spring's configurations
//! (`access_expression`).

#[cfg(feature = "access-expressions")]
pub mod access_expression;
pub mod access_token;
pub mod authorization;
pub mod bearer;
#[cfg(feature = "calls")]
pub mod calls;
pub mod check_token;
pub mod client_authentication;
pub mod clock;
pub mod error;
pub mod identifiers;
pub mod introspection;
pub mod jwk;
pub mod members;
pub mod metadata;
#[cfg(test)]
mod odd;
pub mod parameters;
pub mod pkce;
pub mod random;
pub mod revocation;
pub mod scope;
#[cfg(feature = "access-expressions")]
pub mod scope_pattern;
pub mod secret;
pub mod token;
#[cfg(feature = "opentelemetry")]
pub mod trace_context;
