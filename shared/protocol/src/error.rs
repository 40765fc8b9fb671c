//! OAuth 2 errors on the wire: RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1 and the
//! codes that the Spring dialect adds.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The `error` of an OAuth 2 response.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// RFC 6749: a parameter is missing, repeated or malformed.
    InvalidRequest,
    /// RFC 6749 §5.2: client authentication failed.
    InvalidClient,
    /// RFC 6749 §5.2: the code, refresh token or owner's credentials are not good.
    InvalidGrant,
    /// RFC 6749: the client may not use this grant.
    UnauthorizedClient,
    /// RFC 6749 §5.2: this server does not know the grant type.
    UnsupportedGrantType,
    /// RFC 6749 §4.1.2.1: this server does not know the response type.
    UnsupportedResponseType,
    /// RFC 6749: the scope is unknown, malformed or more than was granted.
    InvalidScope,
    /// RFC 6749 §4.1.2.1: the owner or the server said no.
    AccessDenied,
    /// RFC 6749 §4.1.2.1: the server failed.
    ServerError,
    /// RFC 6749 §4.1.2.1: the server cannot answer now.
    TemporarilyUnavailable,
    /// RFC 6750 §3.1: the access token is expired, revoked, malformed or not for here.
    InvalidToken,
    /// RFC 6750 §3.1: the access token does not carry the scope.
    InsufficientScope,
    /// RFC 7009 §2.2.1: this kind of token cannot be revoked here.
    UnsupportedTokenType,
    /// Spring dialect: no authentication was presented.
    Unauthorized,
    /// Spring dialect: another HTTP method is needed.
    MethodNotAllowed,
    /// A code of an extension.
    Other(String),
}

impl ErrorCode {
    /// The word on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::Unauthorized => "unauthorized",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Other(code) => code,
        }
    }

    const KNOWN: [Self; 15] = [
        Self::InvalidRequest,
        Self::InvalidClient,
        Self::InvalidGrant,
        Self::UnauthorizedClient,
        Self::UnsupportedGrantType,
        Self::UnsupportedResponseType,
        Self::InvalidScope,
        Self::AccessDenied,
        Self::ServerError,
        Self::TemporarilyUnavailable,
        Self::InvalidToken,
        Self::InsufficientScope,
        Self::UnsupportedTokenType,
        Self::Unauthorized,
        Self::MethodNotAllowed,
    ];
}

impl From<String> for ErrorCode {
    fn from(code: String) -> Self {
        let known = Self::KNOWN.into_iter().find(|known| known.as_str() == code);
        known.unwrap_or(Self::Other(code))
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// An error as the body of a response (RFC 6749 §5.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorResponse {
    /// What went wrong, for programs.
    pub error: ErrorCode,
    /// What went wrong, for developers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
    /// A page about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_uri: Option<String>,
    /// The scope that would do: RFC 6750 §3, and `invalid_scope` in the Spring dialect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

impl ErrorResponse {
    /// An error with a fixed text for developers.
    pub fn new(error: ErrorCode, description: impl Into<String>) -> Self {
        Self {
            error,
            error_description: Some(description.into()),
            error_uri: None,
            scope: None,
        }
    }

    /// The same error, naming the scope that would do.
    #[must_use]
    pub fn with_scope(mut self, scope: impl fmt::Display) -> Self {
        self.scope = Some(scope.to_string());
        self
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.error_description {
            Some(description) => write!(formatter, "{}: {description}", self.error),
            None => self.error.fmt(formatter),
        }
    }
}

impl std::error::Error for ErrorResponse {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_code_survives_the_wire() {
        for code in ErrorCode::KNOWN {
            assert_eq!(ErrorCode::from(code.as_str().to_owned()), code);
        }
        assert_eq!(
            ErrorCode::from("use_dpop_nonce".to_owned()).as_str(),
            "use_dpop_nonce"
        );
    }
}
