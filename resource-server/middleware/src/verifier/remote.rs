//! Asking the authorization server about a token: `check_token` of the Spring dialect, or
//! introspection ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)).

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::StatusCode;
use serde_json::{Map, Value};
use symbolon::calls::Answer;
use symbolon::check_token::{CheckTokenRequest, CheckTokenResponse};
use symbolon::clock::Clock;
use symbolon::error::ErrorCode;
use symbolon::introspection::{IntrospectionRequest, IntrospectionResponse};
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use url::Url;

use crate::authentication::{Authentication, TokenFacts};
use crate::verdict::{InvalidToken, VerificationError};
use crate::verifier::TokenVerifier;
use crate::verifier::transport::{BasicEncoding, Transport, nonsense, unhelpful};

/// Asks the authorization server about every token. Revocation shows at once; so does an outage.
#[derive(Debug)]
pub struct RemoteVerifier {
    transport: Transport,
    url: Url,
    question: Question,
    clock: Arc<dyn Clock>,
    token_type_may_be_missing: bool,
}

#[derive(Clone, Copy, Debug)]
enum Question {
    CheckToken,
    Introspection,
}

impl RemoteVerifier {
    /// Asks `/oauth/check_token`. Understands Spring's answers, with or without `active`.
    pub fn check_token(transport: Transport, url: Url, clock: Arc<dyn Clock>) -> Self {
        Self::new(transport, url, Question::CheckToken, clock)
    }

    /// Asks an introspection endpoint (RFC 7662 §2).
    pub fn introspection(transport: Transport, url: Url, clock: Arc<dyn Clock>) -> Self {
        Self::new(transport, url, Question::Introspection, clock)
    }

    fn new(transport: Transport, url: Url, question: Question, clock: Arc<dyn Clock>) -> Self {
        Self {
            transport,
            url,
            question,
            clock,
            token_type_may_be_missing: false,
        }
    }

    /// Accepts introspection answers without `token_type`. Off by default: servers introspect refresh
    /// tokens too (RFC 7662 §2.1), and only that member shows which is which. Turn it on only for a
    /// server that never calls a refresh token active.
    #[must_use]
    pub fn accept_missing_token_type(mut self, accept: bool) -> Self {
        self.token_type_may_be_missing = accept;
        self
    }

    async fn ask(&self, token: &Secret) -> Result<Answer, VerificationError> {
        let token = token.clone();
        let (form, encoding) = match self.question {
            Question::CheckToken => (CheckTokenRequest { token }.encode(), BasicEncoding::Plain),
            Question::Introspection => {
                (IntrospectionRequest { token }.encode(), BasicEncoding::Form)
            }
        };
        self.transport.post_form(&self.url, &form, encoding).await
    }

    fn introspected(&self, members: Map<String, Value>) -> Result<TokenFacts, VerificationError> {
        let response: IntrospectionResponse = from_members(members)?;
        match response.token_type.as_deref() {
            Some(token_type) if token_type.eq_ignore_ascii_case("bearer") => {}
            None if self.token_type_may_be_missing => {}
            Some(_) | None => return Err(InvalidToken::NotBearer.into()),
        }
        let client_id = response
            .client_id
            .ok_or_else(|| nonsense("it names no client"))?;
        let subject = response.sub.filter(|sub| sub != client_id.as_str());
        let scope = Scope::parse(response.scope.as_deref().unwrap_or_default())
            .map_err(|_| nonsense("its scope is malformed"))?;
        Ok(TokenFacts {
            owner: response.username.or(subject),
            client_id,
            scope,
            authorities: response.authorities,
            audience: response.aud,
            expires_at: response.exp,
            token_id: response.jti,
        })
    }
}

#[async_trait]
impl TokenVerifier for RemoteVerifier {
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError> {
        let answer = self.ask(token).await?;
        let facts = match self.question {
            Question::CheckToken => checked(checked_members(&answer)?)?,
            Question::Introspection => self.introspected(introspected_members(&answer)?)?,
        };
        let now = self.clock.now();
        if facts.expires_at.is_some_and(|end| end <= now) {
            return Err(InvalidToken::Expired.into());
        }
        Ok(facts.into())
    }
}

/// The members of `check_token`'s answer about an active token; whatever else it says is an error.
fn checked_members(answer: &Answer) -> Result<Map<String, Value>, VerificationError> {
    // Spring says 400 about a token that is not good; any other status is about us, not the token.
    if answer.status != StatusCode::OK && answer.status != StatusCode::BAD_REQUEST {
        return Err(unhelpful(answer.status));
    }
    let mut members = object(answer)?;
    if let Some(error) = members.get("error") {
        return Err(refused(error));
    }
    if answer.status != StatusCode::OK {
        return Err(unhelpful(answer.status));
    }
    // Some releases of Spring leave `active` out; it compares the text.
    let active = match members.remove("active") {
        None => !members.is_empty(),
        Some(Value::Bool(active)) => active,
        Some(active) => active.as_str() == Some("true"),
    };
    if active {
        Ok(members)
    } else {
        Err(InvalidToken::Refused.into())
    }
}

/// The members of an introspection answer about an active token (RFC 7662 §2.2: `active` is
/// required, and §2.3: an error is never about the token).
fn introspected_members(answer: &Answer) -> Result<Map<String, Value>, VerificationError> {
    if answer.status != StatusCode::OK {
        return Err(unhelpful(answer.status));
    }
    let members = object(answer)?;
    match members.get("active") {
        Some(Value::Bool(true)) => Ok(members),
        Some(Value::Bool(false)) => Err(InvalidToken::Refused.into()),
        Some(_) | None => Err(nonsense("it does not tell whether the token is active")),
    }
}

fn object(answer: &Answer) -> Result<Map<String, Value>, VerificationError> {
    let mut members: Map<String, Value> = serde_json::from_slice(&answer.body)
        .map_err(|_| nonsense("its answer is not a JSON object"))?;
    members.retain(|_, value| !value.is_null());
    Ok(members)
}

/// An `error` is about the token, unless it says that the server or our own registration is at fault.
fn refused(error: &Value) -> VerificationError {
    let code = ErrorCode::from(error.as_str().unwrap_or_default().to_owned());
    match code {
        ErrorCode::InvalidClient
        | ErrorCode::UnauthorizedClient
        | ErrorCode::Unauthorized
        | ErrorCode::AccessDenied
        | ErrorCode::MethodNotAllowed
        | ErrorCode::ServerError
        | ErrorCode::TemporarilyUnavailable => {
            VerificationError::Unavailable(format!("the authorization server answered {code}"))
        }
        ErrorCode::InvalidRequest
        | ErrorCode::InvalidGrant
        | ErrorCode::UnsupportedGrantType
        | ErrorCode::UnsupportedResponseType
        | ErrorCode::InvalidScope
        | ErrorCode::InvalidToken
        | ErrorCode::InsufficientScope
        | ErrorCode::UnsupportedTokenType
        | ErrorCode::Other(_) => InvalidToken::Refused.into(),
    }
}

fn checked(members: Map<String, Value>) -> Result<TokenFacts, VerificationError> {
    // Only refresh tokens of the Spring dialect carry `ati`, and its servers may vouch for them.
    if members.contains_key("ati") {
        return Err(InvalidToken::RefreshToken.into());
    }
    let response: CheckTokenResponse = from_members(members)?;
    Ok(TokenFacts {
        client_id: response.client_id,
        owner: response.user_name,
        scope: response.scope,
        authorities: response.authorities,
        audience: response.aud,
        expires_at: response.exp,
        token_id: response.jti,
    })
}

fn from_members<T: serde::de::DeserializeOwned>(
    members: Map<String, Value>,
) -> Result<T, VerificationError> {
    // The error's text may repeat a value, so it is left out.
    serde_json::from_value(Value::Object(members))
        .map_err(|_| nonsense("its answer has the wrong members"))
}
