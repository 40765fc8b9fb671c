//! In which of two ways a token is described to a client.

use serde::{Deserialize, Serialize};

/// How the token answer and the claims of a JWT are written for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// As Spring Security OAuth wrote them.
    Spring,
    /// As RFC 6749, 7662 and 9068 say.
    Standard,
}
