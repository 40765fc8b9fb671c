//! Asking the authorization server about a token: `check_token` of the Spring dialect, or
//! introspection ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)).

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::StatusCode;
use symbolon::calls::Answer;
use symbolon::check_token::{CheckTokenRequest, CheckTokenVerdict};
use symbolon::clock::Clock;
use symbolon::error::ErrorCode;
use symbolon::introspection::{IntrospectionRequest, IntrospectionResponse, IntrospectionVerdict};
use symbolon::members::{Members, UnreadableMember};
use symbolon::parameters;
use symbolon::secret::Secret;
use url::Url;

use crate::authentication::{Authentication, TokenFacts};
use crate::verdict::{InvalidToken, VerificationError};
use crate::verifier::TokenVerifier;
use crate::verifier::questions::{AskedQuestion, QuestionAnswer, QuestionObserver};
use crate::verifier::transport::{BasicEncoding, Transport, TransportError, nonsense, unhelpful};

/// What both questions call the token.
const TOKEN: &str = "token";

/// Asks the authorization server about every token. Revocation shows at once; so does an outage.
#[derive(Debug)]
pub struct RemoteVerifier {
    transport: Transport,
    url: Url,
    question: Question,
    clock: Arc<dyn Clock>,
    token_type_required: bool,
    token_parameter: String,
    parameters: Vec<(String, String)>,
    observer: Option<Arc<dyn QuestionObserver>>,
}

#[derive(Clone, Copy, Debug)]
enum Question {
    CheckToken,
    Introspection,
}

impl RemoteVerifier {
    /// Asks `/oauth/check_token`. Understands Spring's answers, with or without `active`.
    pub fn check_token(
        transport: Transport,
        url: Url,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, TransportError> {
        Self::new(transport, url, Question::CheckToken, clock)
    }

    /// Asks an introspection endpoint (RFC 7662 §2).
    pub fn introspection(
        transport: Transport,
        url: Url,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, TransportError> {
        Self::new(transport, url, Question::Introspection, clock)
    }

    fn new(
        transport: Transport,
        url: Url,
        question: Question,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, TransportError> {
        transport.check(&url)?;
        Ok(Self {
            transport,
            url,
            question,
            clock,
            token_type_required: false,
            token_parameter: TOKEN.to_owned(),
            parameters: Vec::new(),
            observer: None,
        })
    }

    /// What the server calls the parameter with the token, where it is not `token`.
    #[must_use]
    pub fn token_parameter(mut self, name: impl Into<String>) -> Self {
        self.token_parameter = name.into();
        self
    }

    /// One more parameter in each question, for servers that want to be told more.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Refuses introspection answers without `token_type`, which RFC 7662 §2.2 lets servers leave out. Turn it on
    /// for a server that calls refresh tokens active (§2.1) and shows by that member alone which is which: else a
    /// client could use its refresh token as an access token. The servers of this project, Keycloak and Ory Hydra
    /// say it in words that are understood here in any case.
    #[must_use]
    pub fn require_token_type(mut self, require: bool) -> Self {
        self.token_type_required = require;
        self
    }

    /// The same, with `observer` told of every question and its answer.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn QuestionObserver>) -> Self {
        self.observer = Some(observer);
        self
    }

    async fn ask(&self, token: &Secret) -> Result<Answer, VerificationError> {
        let encoding = match self.question {
            Question::CheckToken => BasicEncoding::Plain,
            Question::Introspection => BasicEncoding::Form,
        };
        let form = self.form(token);
        let answered = self.transport.post_form(&self.url, &form, encoding).await;
        if let Some(observer) = &self.observer {
            observer.asked(&AskedQuestion {
                url: &self.url,
                token,
                answer: answered.as_ref().ok().map(QuestionAnswer::from),
            });
        }
        answered
    }

    fn form(&self, token: &Secret) -> Secret {
        if self.token_parameter == TOKEN && self.parameters.is_empty() {
            let token = token.clone();
            return match self.question {
                Question::CheckToken => CheckTokenRequest { token }.encode(),
                Question::Introspection => IntrospectionRequest { token }.encode(),
            };
        }
        let others = self.parameters.iter();
        let others = others.map(|(name, value)| (name.as_str(), Some(value.as_str())));
        let named = (self.token_parameter.as_str(), Some(token.expose()));
        Secret::new(parameters::encode(std::iter::once(named).chain(others)))
    }

    fn introspected(&self, answer: &Answer) -> Result<TokenFacts, VerificationError> {
        // RFC 7662 §2.3: an error is never about the token.
        if answer.status != StatusCode::OK {
            return Err(unhelpful(answer.status));
        }
        let said = members("introspection answer", answer)?;
        let response = match IntrospectionVerdict::read(&said).map_err(|odd| unreadable(&odd))? {
            IntrospectionVerdict::Active(response) => *response,
            IntrospectionVerdict::Inactive => return Err(InvalidToken::Refused.into()),
            IntrospectionVerdict::RefreshToken => return Err(InvalidToken::RefreshToken.into()),
            IntrospectionVerdict::Unclear => return Err(unclear()),
        };
        match response.token_type.as_deref() {
            Some(token_type) if token_type.eq_ignore_ascii_case("bearer") => {}
            None if !self.token_type_required => {}
            Some(_) | None => return Err(InvalidToken::NotBearer.into()),
        }
        Ok(introspected_facts(response, said))
    }
}

#[async_trait]
impl TokenVerifier for RemoteVerifier {
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError> {
        let answer = self.ask(token).await?;
        let facts = match self.question {
            Question::CheckToken => checked(&answer)?,
            Question::Introspection => self.introspected(&answer)?,
        };
        let now = self.clock.now();
        if facts.expires_at.is_some_and(|end| end <= now) {
            return Err(InvalidToken::Expired.into());
        }
        Ok(facts.into())
    }
}

fn introspected_facts(response: IntrospectionResponse, said: Members) -> TokenFacts {
    TokenFacts {
        owner: response.owner().map(str::to_owned),
        client_id: response.client_id,
        scope: response.scope.unwrap_or_default(),
        authorities: response.authorities,
        audience: response.aud,
        expires_at: response.exp,
        token_id: response.jti,
        claims: said.into_map(),
    }
}

fn checked(answer: &Answer) -> Result<TokenFacts, VerificationError> {
    // Spring says 400 about a token that is not good; any other status is about us, not the token.
    if !answer.status.is_success() && answer.status != StatusCode::BAD_REQUEST {
        return Err(unhelpful(answer.status));
    }
    let said = members("check_token answer", answer)?;
    let response = match CheckTokenVerdict::read(&said).map_err(|odd| unreadable(&odd))? {
        CheckTokenVerdict::Error(code) => return Err(refused(&code)),
        _ if !answer.status.is_success() => return Err(unhelpful(answer.status)),
        CheckTokenVerdict::Active(response) => response,
        CheckTokenVerdict::Inactive => return Err(InvalidToken::Refused.into()),
        CheckTokenVerdict::RefreshToken => return Err(InvalidToken::RefreshToken.into()),
        CheckTokenVerdict::Unclear => return Err(unclear()),
    };
    Ok(TokenFacts {
        client_id: response.client_id,
        owner: response.user_name,
        scope: response.scope,
        authorities: response.authorities,
        audience: response.aud,
        expires_at: response.exp,
        token_id: response.jti,
        claims: said.into_map(),
    })
}

fn members(message: &'static str, answer: &Answer) -> Result<Members, VerificationError> {
    Members::decode(message, &answer.body).map_err(|_| nonsense("its answer is not a JSON object"))
}

fn unclear() -> VerificationError {
    nonsense("it does not tell whether the token is active")
}

fn unreadable(odd: &UnreadableMember) -> VerificationError {
    nonsense(&odd.to_string())
}

/// An `error` is about the token, unless it says that the server or our own registration is at fault.
fn refused(code: &ErrorCode) -> VerificationError {
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
