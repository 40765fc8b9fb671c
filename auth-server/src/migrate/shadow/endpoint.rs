//! The endpoints of a Spring server that are told apart.

use serde::Serialize;

/// Which endpoint a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// `/oauth/authorize`
    Authorize,
    /// `/oauth/token`
    Token,
    /// `/oauth/check_token`
    CheckToken,
    /// `/oauth/token_key`
    TokenKey,
    /// `/oauth/introspect`
    Introspect,
    /// Anything else: it is passed on, and that is all.
    Other,
}

impl Endpoint {
    /// The endpoint of a path below the old server's context path.
    pub(super) fn of(path: &str) -> Self {
        match path {
            "/oauth/authorize" => Self::Authorize,
            "/oauth/token" => Self::Token,
            "/oauth/check_token" => Self::CheckToken,
            "/oauth/token_key" => Self::TokenKey,
            "/oauth/introspect" => Self::Introspect,
            _ => Self::Other,
        }
    }

    /// Its name in a report.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::Token => "token",
            Self::CheckToken => "check_token",
            Self::TokenKey => "token_key",
            Self::Introspect => "introspect",
            Self::Other => "other",
        }
    }
}
