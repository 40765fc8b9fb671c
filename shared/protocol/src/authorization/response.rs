//! The authorization response ([RFC 6749 §4.1.2 and §4.2.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2),
//! RFC 9207).

use serde_json::Value;

use crate::error::{ErrorCode, ErrorResponse};
use crate::parameters::{self, AnswerParameters, ParameterError};
use crate::scope::Scope;
use crate::secret::Secret;
use crate::token::TokenResponse;

/// The token's own id, which the Spring dialect adds to token responses.
const JTI: &str = "jti";

/// What the browser brings back to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationResponse {
    /// `state` of the request.
    pub state: Option<String>,
    /// RFC 9207: who answers.
    pub iss: Option<String>,
    /// The answer.
    pub outcome: AuthorizationOutcome,
}

/// The answer to an authorization request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizationOutcome {
    /// RFC 6749 §4.1.2.
    Code(Secret),
    /// RFC 6749 §4.2.2: the implicit grant's token.
    Token(Box<TokenResponse>),
    /// RFC 6749 §4.1.2.1 and §4.2.2.1.
    Error(ErrorResponse),
}

/// A callback that is no authorization response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationResponseError {
    /// It cannot be read.
    #[error(transparent)]
    Parameters(#[from] ParameterError),
    /// There is neither `code` nor `error` in it, or both.
    #[error("the authorization response must hold either a code or an error")]
    NoOutcome,
    /// There is neither a token nor `error` in the fragment.
    #[error("the authorization response must hold either a token or an error")]
    NoToken,
}

/// `state`, `iss`, `code` and `error` decide, and in a fragment the token: none of them may be odd. What is
/// beside them may be.
impl AuthorizationResponse {
    /// Reads the query of a callback: the answer to `response_type=code`.
    pub fn decode(query: &[u8]) -> Result<Self, AuthorizationResponseError> {
        let mut sent = AnswerParameters::decode(query)?;
        let outcome = match (sent.take_decisive("code")?, sent.take_decisive("error")?) {
            (Some(code), None) => AuthorizationOutcome::Code(Secret::new(code)),
            (None, Some(error)) => AuthorizationOutcome::Error(take_error(error, &mut sent)),
            (Some(_), Some(_)) | (None, None) => return Err(AuthorizationResponseError::NoOutcome),
        };
        Self::with(outcome, &mut sent)
    }

    /// Reads the fragment of a redirect: the answer to `response_type=token`. It never reaches a server:
    /// the script in the page passes it on.
    pub fn decode_fragment(fragment: &[u8]) -> Result<Self, AuthorizationResponseError> {
        let mut sent = AnswerParameters::decode(fragment)?;
        let outcome = match sent.take_decisive("error")? {
            Some(error) => AuthorizationOutcome::Error(take_error(error, &mut sent)),
            None => take_token(&mut sent)?
                .map(Box::new)
                .map(AuthorizationOutcome::Token)
                .ok_or(AuthorizationResponseError::NoToken)?,
        };
        Self::with(outcome, &mut sent)
    }

    /// `state` of a callback or a fragment, whatever else is in it; `None` when it cannot be told.
    pub fn state_of(encoded: &[u8]) -> Option<String> {
        let mut sent = AnswerParameters::decode(encoded).ok()?;
        sent.take_decisive("state").ok()?
    }

    fn with(
        outcome: AuthorizationOutcome,
        sent: &mut AnswerParameters,
    ) -> Result<Self, AuthorizationResponseError> {
        Ok(Self {
            state: sent.take_decisive("state")?,
            iss: sent.take_decisive("iss")?,
            outcome,
        })
    }

    /// The parameters that say this, for the query or, with a token, the fragment of the redirect.
    pub fn encode(&self) -> String {
        // Where a Spring server writes the state: who looks for it with a pattern finds it.
        let (first, last) = match &self.outcome {
            AuthorizationOutcome::Code(code) => {
                let code = ("code", Some(code.expose().to_owned()));
                (vec![code], Vec::new())
            }
            AuthorizationOutcome::Token(token) => token_parameters(token),
            AuthorizationOutcome::Error(error) => error_parameters(error),
        };
        let state = [("state", self.state.clone())];
        let iss = [("iss", self.iss.clone())];
        let all: Pairs = first
            .into_iter()
            .chain(state)
            .chain(last)
            .chain(iss)
            .collect();
        let all = all.iter().map(|(name, value)| (*name, value.as_deref()));
        // Readers that take the query for RFC 3986 text, as Spring's do, know no `+` for a blank.
        parameters::encode(all).replace('+', "%20")
    }
}

type Pairs = Vec<(&'static str, Option<String>)>;

/// What stands before the state, and what behind it.
fn error_parameters(error: &ErrorResponse) -> (Pairs, Pairs) {
    let first = vec![
        ("error", Some(error.error.to_string())),
        ("error_description", error.error_description.clone()),
        ("error_uri", error.error_uri.clone()),
    ];
    (first, vec![("scope", error.scope.clone())])
}

fn take_error(error: String, sent: &mut AnswerParameters) -> ErrorResponse {
    ErrorResponse {
        error: ErrorCode::from(error),
        error_description: sent.take("error_description"),
        error_uri: sent.take("error_uri"),
        scope: sent.take("scope"),
    }
    .readable()
}

/// RFC 6749 §4.2.2: the server MUST NOT issue a refresh token here, so none is written or read.
fn token_parameters(token: &TokenResponse) -> (Pairs, Pairs) {
    let jti = token.additional.get(JTI).and_then(Value::as_str);
    let first = vec![
        ("access_token", Some(token.access_token.expose().to_owned())),
        ("token_type", Some(token.token_type.clone())),
    ];
    let last = vec![
        ("expires_in", token.expires_in.map(|secs| secs.to_string())),
        ("scope", token.scope.as_ref().map(Scope::to_string)),
        (JTI, jti.map(str::to_owned)),
    ];
    (first, last)
}

/// What of a token is not understood is let go; a token without a type is none (RFC 6749 §7.1).
fn take_token(sent: &mut AnswerParameters) -> Result<Option<TokenResponse>, ParameterError> {
    let access_token = sent.take_decisive("access_token")?;
    let token_type = sent.take_decisive("token_type")?;
    let Some((access_token, token_type)) = access_token.zip(token_type) else {
        return Ok(None);
    };
    let expires_in = sent.take("expires_in");
    let (scope, _) = Scope::granted(&sent.take("scope").into());
    let jti = sent.take(JTI).map(|jti| (JTI.to_owned(), jti.into()));
    Ok(Some(TokenResponse {
        access_token: Secret::new(access_token),
        token_type,
        refresh_token: None,
        expires_in: expires_in.and_then(|secs| secs.trim().parse().ok()),
        scope: Some(scope).filter(|scope| !scope.is_empty()),
        additional: jti.into_iter().collect(),
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn response(outcome: AuthorizationOutcome) -> AuthorizationResponse {
        let iss = Some("http://localhost:9000".to_owned());
        AuthorizationResponse {
            state: Some("a b&c=d+e#f".to_owned()),
            iss,
            outcome,
        }
    }

    #[test]
    fn a_code_response_survives_the_wire() {
        let sent = response(AuthorizationOutcome::Code(Secret::new(
            "SplxlOBeZQQYbYS6WxSbIA",
        )));
        assert_eq!(
            AuthorizationResponse::decode(sent.encode().as_bytes()).unwrap(),
            sent
        );
    }

    #[test]
    fn an_error_response_survives_the_wire() {
        let error = ErrorResponse::new(ErrorCode::AccessDenied, "User denied access");
        let sent = response(AuthorizationOutcome::Error(error));
        assert!(
            sent.encode()
                .starts_with("error=access_denied&error_description=User%20denied%20access")
        );
        assert_eq!(
            AuthorizationResponse::decode(sent.encode().as_bytes()).unwrap(),
            sent
        );
    }

    #[test]
    fn a_token_response_survives_the_wire() {
        let token = TokenResponse {
            access_token: Secret::new("2YotnFZFEjr1zCsicMWpAA"),
            token_type: "bearer".to_owned(),
            refresh_token: None,
            expires_in: Some(3600),
            scope: Some(Scope::parse("a b").unwrap()),
            additional: [(JTI.to_owned(), Value::from("1"))].into_iter().collect(),
        };
        let sent = response(AuthorizationOutcome::Token(Box::new(token)));
        assert!(sent.encode().starts_with(
            "access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&state=a%20b%26c%3Dd%2Be%23f&expires_in=3600&scope=a%20b&jti=1&iss="
        ));
        let received = AuthorizationResponse::decode_fragment(sent.encode().as_bytes());
        assert_eq!(received, Ok(sent));
    }

    #[test]
    fn an_error_in_a_fragment_is_no_token() {
        let error = ErrorResponse::new(ErrorCode::AccessDenied, "User denied access");
        let sent = response(AuthorizationOutcome::Error(error));
        let fragment = format!("access_token=t&token_type=bearer&{}", sent.encode());
        let received = AuthorizationResponse::decode_fragment(fragment.as_bytes());
        assert_eq!(received, Ok(sent));
    }

    #[test]
    fn a_fragment_without_a_token_of_some_type_is_no_response() {
        for fragment in ["", "access_token=t", "token_type=bearer", "code=1"] {
            let received = AuthorizationResponse::decode_fragment(fragment.as_bytes());
            assert_eq!(
                received,
                Err(AuthorizationResponseError::NoToken),
                "{fragment}"
            );
        }
    }

    #[test]
    fn a_code_beside_an_error_is_no_response() {
        let both = AuthorizationResponse::decode(b"code=1&error=access_denied");
        assert_eq!(both, Err(AuthorizationResponseError::NoOutcome));
    }

    #[test]
    fn what_decides_is_never_guessed() {
        for query in [
            "code=a&code=b&state=s",
            "code=c&state=s&state=s",
            "code=c&state=%ff",
            "code=c&state=s&iss=%zz",
            "code=c&state=s&iss=a&iss=b",
            "code=c&state=s&error=%ff",
        ] {
            let received = AuthorizationResponse::decode(query.as_bytes());
            let odd = matches!(received, Err(AuthorizationResponseError::Parameters(_)));
            assert!(odd, "{query}: {received:?}");
        }
    }

    #[test]
    fn an_error_in_a_callback_forges_no_line_of_a_log() {
        let query = b"error=e%0Ax&error_description=a%0Ab%1B%5B31m&state=s";
        let AuthorizationResponse { outcome, .. } = AuthorizationResponse::decode(query).unwrap();
        let AuthorizationOutcome::Error(error) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(error.to_string(), "e?x: a?b?[31m");
    }

    proptest! {
        #[test]
        fn no_optional_parameter_loses_the_answer(
            odd in prop::collection::vec((0..5_usize, "[%+a-z\\PC]{0,6}|%ff|%00|%zz| "), 0..6),
        ) {
            let names = ["error_description", "error_uri", "scope", "session_state", "%ff"];
            let odd = odd.iter().map(|(name, value)| {
                let value = value.replace('&', "");
                format!("&{0}={value}&{0}={value}", names[*name])
            });
            let odd = odd.collect::<Vec<_>>().concat();
            for (required, code) in [("code=c", true), ("error=access_denied", false)] {
                let query = format!("{required}&state=s{odd}&iss=i");
                let received = AuthorizationResponse::decode(query.as_bytes()).unwrap();
                prop_assert_eq!(received.state.as_deref(), Some("s"));
                prop_assert_eq!(received.iss.as_deref(), Some("i"));
                let is_code = matches!(received.outcome, AuthorizationOutcome::Code(_));
                prop_assert_eq!(is_code, code);
            }
        }
    }
}
