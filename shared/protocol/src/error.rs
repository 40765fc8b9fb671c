//! OAuth 2 errors on the wire: RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1 and the
//! codes that the Spring dialect adds.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::members::Members;

/// A text of an error is read no further, in characters: these texts end in logs and on pages.
const LONGEST_TEXT: usize = 400;

/// A code is read no further, in characters.
const LONGEST_CODE: usize = 80;

/// A text of somebody else's error, fit for a log: of what RFC 6749 §5.2 does not allow, such as a line feed
/// that would begin a line of its own, each character becomes a `?`, and a quote a `'`.
pub(crate) fn readable(text: &str) -> String {
    shortened(text, LONGEST_TEXT)
}

fn shortened(text: &str, longest: usize) -> String {
    let mut characters = text.trim().chars().map(|character| match character {
        ' ' | '!' | '#'..='[' | ']'..='~' => character,
        '"' => '\'',
        _ => '?',
    });
    let mut readable: String = characters.by_ref().take(longest).collect();
    if characters.next().is_some() {
        readable.push_str("...");
    }
    readable
}

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
        let code = code.trim();
        let known = Self::KNOWN.into_iter().find(|known| known.as_str() == code);
        known.unwrap_or_else(|| Self::Other(shortened(code, LONGEST_CODE)))
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
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// An error as the body of a response (RFC 6749 §5.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorResponse {
    /// What went wrong, for programs.
    pub error: ErrorCode,
    /// What went wrong, for developers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
    /// A page about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_uri: Option<String>,
    /// The scope that would do: RFC 6750 §3, and `invalid_scope` in the Spring dialect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

/// Without `error` it is no error; everything else may be missing or odd.
impl<'de> Deserialize<'de> for ErrorResponse {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let said = Members::of("error_response", Map::deserialize(from)?);
        let error = said.value("error").and_then(Value::as_str);
        let error = error.filter(|code| !code.trim().is_empty());
        let error = error.ok_or_else(|| D::Error::missing_field("error"))?;
        let scope = said.or_let_go(said.texts("scope"));
        Ok(Self {
            error: ErrorCode::from(error.to_owned()),
            error_description: said.or_let_go(said.text("error_description")),
            error_uri: said.or_let_go(said.text("error_uri")),
            scope: Some(scope.join(" ")),
        }
        .readable())
    }
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

    /// The same error as it may be logged and shown when somebody else wrote it.
    pub(crate) fn readable(self) -> Self {
        let readable = |text: Option<String>| {
            let readable = readable(&text?);
            Some(readable).filter(|text| !text.is_empty())
        };
        Self {
            error: self.error,
            error_description: readable(self.error_description),
            error_uri: readable(self.error_uri),
            scope: readable(self.scope),
        }
    }

    /// True when it says that the redirect URI is not the one of before: with a code of its own, or, as Spring's servers
    /// say it, as `invalid_grant` with a description in which both `redirect` and `match` stand.
    pub fn is_redirect_mismatch(&self) -> bool {
        let said = self.error_description.as_deref().unwrap_or_default();
        let said = said.to_ascii_lowercase();
        self.error.as_str() == "redirect_uri_mismatch"
            || self.error == ErrorCode::InvalidGrant
                && said.contains("redirect")
                && said.contains("match")
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
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::odd;

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

    #[test]
    fn the_code_decides_whatever_stands_beside_it() {
        let answer = json!({ "error": "invalid_grant", "scope": ["a", "b"], "error_uri": [7.5] });
        let error: ErrorResponse = serde_json::from_value(answer).unwrap();
        assert_eq!(error.error, ErrorCode::InvalidGrant);
        assert_eq!(error.scope.as_deref(), Some("a b"));
        assert_eq!(error.error_uri, None);
    }

    #[test]
    fn a_redirect_mismatch_is_told_by_its_code_or_in_springs_words() {
        for (code, text, mismatch) in [
            ("invalid_grant", "Redirect URI mismatch.", true),
            ("invalid_grant", "does not MATCH the redirect", true),
            ("redirect_uri_mismatch", "", true),
            ("invalid_grant", "Invalid redirect", false),
            ("invalid_request", "Redirect URI mismatch.", false),
        ] {
            let error = ErrorResponse::new(ErrorCode::from(code.to_owned()), text);
            assert_eq!(error.is_redirect_mismatch(), mismatch, "{error}");
        }
    }

    #[test]
    fn an_error_forges_no_line_of_a_log() {
        let odd = "no\n2026-01-01 ERROR \u{1b}[31m\u{7}\u{202e} \"all\" gone\\";
        let answer =
            json!({ "error": odd, "error_description": odd, "error_uri": odd, "scope": odd });
        let error: ErrorResponse = serde_json::from_value(answer).unwrap();
        let shown = "no?2026-01-01 ERROR ?[31m?? 'all' gone?";
        assert_eq!(error.error.as_str(), shown);
        for text in [&error.error_description, &error.error_uri, &error.scope] {
            assert_eq!(text.as_deref(), Some(shown));
        }
    }

    #[test]
    fn a_text_of_an_error_has_a_length() {
        let answer =
            json!({ "error": "e".repeat(60_000), "error_description": "d".repeat(60_000) });
        let error: ErrorResponse = serde_json::from_value(answer).unwrap();
        assert_eq!(error.error.as_str().len(), LONGEST_CODE + 3);
        assert_eq!(error.error_description.unwrap().len(), LONGEST_TEXT + 3);
    }

    proptest! {
        #[test]
        fn no_optional_member_hides_the_error(odd in prop::collection::vec((any::<usize>(), odd::json()), 0..6)) {
            let required = json!({ "error": " invalid_grant" });
            let optional = ["error_description", "error_uri", "scope", "timestamp"];
            let message = odd::message(&required, &optional, &odd);
            let error: ErrorResponse = serde_json::from_str(&message).unwrap();
            prop_assert_eq!(&error.error, &ErrorCode::InvalidGrant);
            let allowed = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E);
            for text in [error.error_description, error.error_uri, error.scope].into_iter().flatten() {
                prop_assert!(text.bytes().all(allowed), "{text:?}");
            }
        }
    }
}
