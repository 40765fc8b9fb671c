//! Two ways to tell of the same token, side by side. What is stored is neutral; a dialect is only a
//! rendering.

use serde::Deserialize;

pub mod spring;
pub mod standard;

/// How the token answer and the claims of a JWT are written for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// As Spring Security OAuth wrote them.
    Spring,
    /// As RFC 6749, 7662 and 9068 say.
    Standard,
}
