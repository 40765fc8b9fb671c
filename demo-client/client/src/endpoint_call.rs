//! A call to an endpoint of the authorization server, as the client that asks: what is sent, what may
//! come back, and what watchers see of it.

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Map, Value};
use symbolon::calls::{self, Answer, CallError};
use symbolon::client_authentication::ClientAuthentication;
use symbolon::error::{ErrorCode, ErrorResponse};
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;
use url::Url;

use crate::authorization_server::NoEndpoint;
use crate::observer::{Exchange, ExchangeKind, shown, shown_parameters, shown_url};
use crate::registration::Registration;
use crate::tokens::UnsupportedTokenType;

/// Why the token endpoint gave no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It said no (RFC 6749 §5.2).
    #[error("the authorization server refused: {error}")]
    Refused {
        /// The status of its answer.
        status: u16,
        /// Its reason.
        error: ErrorResponse,
    },
    /// It could not be reached, or not in time. The tokens that are kept stay as they are.
    #[error("the token endpoint cannot be reached")]
    TokenEndpointUnavailable(#[source] reqwest::Error),
    /// It answered something that is neither a token nor an OAuth 2 error.
    #[error("the token endpoint answered {status} without a token or an OAuth 2 error")]
    UnexpectedAnswer {
        /// The status of its answer.
        status: u16,
    },
    /// Its answer is longer than any token response.
    #[error("the answer of the token endpoint is too long")]
    AnswerTooLong,
    /// What it issued is of a type that cannot be used.
    #[error(transparent)]
    UnsupportedTokenType(#[from] UnsupportedTokenType),
    /// RFC 9700 §4.4: a code goes only to the server that it was asked from.
    #[error("the authorization was started at another authorization server or for another client")]
    ForeignGrant,
    /// There is no such endpoint to ask.
    #[error(transparent)]
    NoEndpoint(#[from] NoEndpoint),
}

impl TokenError {
    /// True when what was presented (a code, a refresh token, the owner's credentials) is dead and
    /// asking again is useless. Spring servers say `invalid_token` of an expired refresh token.
    pub fn is_invalid_grant(&self) -> bool {
        match self {
            Self::Refused { error, .. } => {
                matches!(
                    error.error,
                    ErrorCode::InvalidGrant | ErrorCode::InvalidToken
                )
            }
            Self::TokenEndpointUnavailable(_)
            | Self::UnexpectedAnswer { .. }
            | Self::AnswerTooLong
            | Self::UnsupportedTokenType(_)
            | Self::ForeignGrant
            | Self::NoEndpoint(_) => false,
        }
    }
}

/// What the client asks of an endpoint.
pub(crate) struct EndpointCall<'a> {
    /// Who asks.
    pub(crate) registration: &'a Registration,
    /// What for.
    pub(crate) kind: ExchangeKind,
    /// Where.
    pub(crate) endpoint: &'a Url,
    /// The request, without the client's credentials.
    pub(crate) form: &'a Secret,
}

/// A whole answer of an endpoint.
pub(crate) struct EndpointAnswer {
    /// Its status.
    pub(crate) status: u16,
    /// Whether the status is 2xx.
    pub(crate) success: bool,
    is_form: bool,
    body: Vec<u8>,
}

impl EndpointCall<'_> {
    /// Sends the form with the client's credentials.
    pub(crate) async fn send(&self) -> Result<EndpointAnswer, TokenError> {
        let registration = self.registration;
        let request = registration
            .http()
            .post(self.endpoint.clone())
            .header(ACCEPT, "application/json");
        let credentials = registration
            .authentication()
            .encode(registration.client_id());
        let request = calls::with_form(request, self.form, Some(&credentials));
        match calls::answer(request).await {
            Ok(answer) => {
                let answer = EndpointAnswer::from(answer);
                self.observe(Some(&answer));
                Ok(answer)
            }
            Err(CallError::Unreachable(error) | CallError::TimedOut(error)) => {
                self.observe(None);
                // The address of an endpoint may hold credentials in its query.
                Err(TokenError::TokenEndpointUnavailable(error.without_url()))
            }
            Err(CallError::TooLong { .. }) => Err(TokenError::AnswerTooLong),
        }
    }

    fn observe(&self, answer: Option<&EndpointAnswer>) {
        let received = answer.and_then(EndpointAnswer::members).unwrap_or_default();
        let received = received.iter().map(|(name, value)| {
            let shown = without_secrets(shown_member(name, value), self.form);
            (name.clone(), shown)
        });
        self.registration.observer().observe(Exchange {
            kind: self.kind,
            method: "POST".to_owned(),
            url: shown_url(self.endpoint),
            sent: shown_request(self.registration, self.form),
            status: answer.map(|answer| answer.status),
            received: received.collect(),
        });
    }
}

impl From<Answer> for EndpointAnswer {
    fn from(answer: Answer) -> Self {
        Self {
            status: answer.status.as_u16(),
            success: answer.status.is_success(),
            is_form: is_form(&answer),
            body: answer.body,
        }
    }
}

/// Some servers answer with a form instead of JSON, and call it plain text.
fn is_form(answer: &Answer) -> bool {
    let content_type = answer.headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    content_type.is_some_and(|name| name.starts_with(calls::FORM) || name.starts_with("text/plain"))
}

impl EndpointAnswer {
    /// The members of the body; `None` when it is neither JSON nor a form.
    pub(crate) fn members(&self) -> Option<Map<String, Value>> {
        if let Ok(members) = serde_json::from_slice(&self.body) {
            return Some(members);
        }
        let form = Parameters::decode(&self.body).ok()?;
        let pairs = form
            .iter()
            .map(|(name, value)| (name.to_owned(), Value::from(value)));
        self.is_form.then(|| pairs.collect())
    }
}

fn shown_request(registration: &Registration, form: &Secret) -> Vec<(String, String)> {
    let id = registration.client_id();
    let proof = match registration.authentication() {
        ClientAuthentication::Basic(_) | ClientAuthentication::RawBasic(_) => {
            ("Authorization", format!("Basic {id}:…"))
        }
        ClientAuthentication::Form(_) => ("client_id, client_secret", format!("{id}, …")),
        ClientAuthentication::None => ("client_id", id.to_string()),
    };
    let mut sent = shown_parameters(form.expose());
    sent.push((proof.0.to_owned(), proof.1));
    sent
}

fn shown_member(name: &str, value: &Value) -> String {
    match value {
        Value::String(text) => shown(name, text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            shown(name, &value.to_string())
        }
    }
}

/// The error that an answer other than 2xx stands for.
pub(crate) fn refusal(answer: &EndpointAnswer, form: &Secret) -> TokenError {
    let status = answer.status;
    let error = answer
        .members()
        .and_then(|members| serde_json::from_value::<ErrorResponse>(Value::Object(members)).ok());
    match error {
        Some(mut error) => {
            error.error_description = error
                .error_description
                .map(|description| without_secrets(description, form));
            TokenError::Refused { status, error }
        }
        None => TokenError::UnexpectedAnswer { status },
    }
}

/// Spring servers repeat a bad code or refresh token in their descriptions, and descriptions end in
/// logs.
fn without_secrets(description: String, form: &Secret) -> String {
    let sent = Parameters::decode(form.expose().as_bytes()).unwrap_or_default();
    let secrets = [
        "code",
        "code_verifier",
        "password",
        "refresh_token",
        "token",
    ];
    sent.iter()
        .filter(|(name, value)| secrets.contains(name) && !value.is_empty())
        .fold(description, |text, (_, value)| {
            text.replace(value, "[redacted]")
        })
}
