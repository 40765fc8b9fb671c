//! Bearer tokens in HTTP headers ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)).

use crate::error::{ErrorCode, ErrorResponse};
use crate::secret::Secret;

/// What an `Authorization` header says about a bearer token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BearerCredentials {
    /// Another scheme, or none.
    Absent,
    /// The scheme is `Bearer` but no `b64token` (RFC 6750 §2.1) follows it.
    Malformed,
    /// A token.
    Token(Secret),
}

impl BearerCredentials {
    /// Reads the value of an `Authorization` header; the scheme may be in any letter case.
    pub fn parse(header: &str) -> Self {
        let (scheme, rest) = header.split_once(' ').unwrap_or((header, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Self::Absent;
        }
        let token = rest.trim();
        let body = token.trim_end_matches('=');
        let b64token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
        if !body.is_empty() && body.bytes().all(b64token) {
            Self::Token(Secret::new(token))
        } else {
            Self::Malformed
        }
    }
}

/// The value of a `WWW-Authenticate: Bearer …` header (RFC 6750 §3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BearerChallenge {
    /// Where the credentials are good.
    pub realm: Option<String>,
    /// What is wrong; absent when no token was presented.
    pub error: Option<ErrorCode>,
    /// The same for developers.
    pub error_description: Option<String>,
    /// The scope that would do.
    pub scope: Option<String>,
}

impl BearerChallenge {
    /// A challenge that names what is wrong.
    pub fn new(realm: Option<&str>, error: &ErrorResponse) -> Self {
        Self {
            realm: realm.map(str::to_owned),
            error: Some(error.error.clone()),
            error_description: error.error_description.clone(),
            scope: error.scope.clone(),
        }
    }

    /// The header's value. Characters that a quoted string cannot hold become `'`.
    pub fn encode(&self) -> String {
        let members = [
            ("realm", self.realm.as_deref()),
            ("error", self.error.as_ref().map(ErrorCode::as_str)),
            ("error_description", self.error_description.as_deref()),
            ("scope", self.scope.as_deref()),
        ];
        let quoted: Vec<String> = members
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}=\"{}\"", quotable(value?))))
            .collect();
        if quoted.is_empty() {
            "Bearer".to_owned()
        } else {
            format!("Bearer {}", quoted.join(", "))
        }
    }

    /// Reads a `WWW-Authenticate` header; `None` when it holds no `Bearer` challenge. Unknown
    /// members and what follows a comma outside quotes are tolerated.
    pub fn parse(header: &str) -> Option<Self> {
        let (scheme, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let mut challenge = Self::default();
        for member in outside_quotes(rest) {
            let Some((name, value)) = member.split_once('=') else {
                continue;
            };
            let value = value.trim().trim_matches('"').to_owned();
            match name.trim().to_ascii_lowercase().as_str() {
                "realm" => challenge.realm = Some(value),
                "error" => challenge.error = Some(ErrorCode::from(value)),
                "error_description" => challenge.error_description = Some(value),
                "scope" => challenge.scope = Some(value),
                _ => {}
            }
        }
        Some(challenge)
    }
}

fn quotable(text: &str) -> String {
    let fits = |character: char| matches!(character, ' ' | '!' | '#'..='[' | ']'..='~');
    text.chars()
        .map(|character| if fits(character) { character } else { '\'' })
        .collect()
}

fn outside_quotes(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(|character| {
        quoted ^= character == '"';
        character == ',' && !quoted
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_scheme_may_be_in_any_letter_case() {
        for header in ["Bearer abc", "bearer abc", "BEARER  abc "] {
            assert_eq!(
                BearerCredentials::parse(header),
                BearerCredentials::Token(Secret::new("abc"))
            );
        }
    }

    #[test]
    fn another_scheme_is_no_bearer_token() {
        assert_eq!(
            BearerCredentials::parse("Basic YTpi"),
            BearerCredentials::Absent
        );
        assert_eq!(
            BearerCredentials::parse("Bearerabc"),
            BearerCredentials::Absent
        );
    }

    #[test]
    fn an_empty_or_odd_token_is_malformed() {
        for header in [
            "Bearer",
            "Bearer ",
            "Bearer a b",
            "Bearer a,b",
            "Bearer =",
            "Bearer ü",
        ] {
            assert_eq!(
                BearerCredentials::parse(header),
                BearerCredentials::Malformed,
                "{header}"
            );
        }
    }

    #[test]
    fn a_challenge_survives_the_wire() {
        let error =
            ErrorResponse::new(ErrorCode::InsufficientScope, "no, not \"this\"").with_scope("a b");
        let challenge = BearerChallenge::new(Some("photo-space"), &error);
        let parsed = BearerChallenge::parse(&challenge.encode()).unwrap();
        assert_eq!(parsed.scope.as_deref(), Some("a b"));
        assert_eq!(parsed.error_description.as_deref(), Some("no, not 'this'"));
        assert_eq!(parsed.realm, challenge.realm);
    }

    #[test]
    fn without_a_token_the_challenge_names_no_error() {
        assert_eq!(BearerChallenge::default().encode(), "Bearer");
    }

    proptest! {
        #[test]
        fn no_header_makes_the_reader_panic(header in "\\PC*") {
            let _ = BearerCredentials::parse(&header);
            let _ = BearerChallenge::parse(&header);
        }
    }
}
