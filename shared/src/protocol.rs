//! The messages of OAuth 2, each once, encoding beside decoding. Free of HTTP frameworks, stores and
//! runtimes: text in, values out, and back.

pub mod access_token;
pub mod authorization;
pub mod bearer;
pub mod check_token;
pub mod error;
pub mod identifiers;
pub mod introspection;
pub mod jwk;
pub mod metadata;
pub mod parameters;
pub mod pkce;
pub mod revocation;
pub mod scope;
pub mod secret;
pub mod token;
