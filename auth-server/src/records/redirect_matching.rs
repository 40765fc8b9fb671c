//! How a redirect URI is compared with the registered ones
//! ([RFC 6749 §3.1.2.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2.3)).

use serde::{Deserialize, Serialize};

/// How a requested redirect URI is compared with the registered ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectMatching {
    /// As strings (RFC 9700 §4.1.3).
    Exact,
    /// As Spring's default resolver does: parts are compared one by one, dots and double slashes in
    /// the path are resolved, and parameters may be added to the query.
    Spring,
}
