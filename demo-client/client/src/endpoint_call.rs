//! A call to an endpoint of the authorization server, as the client that asks: what is sent, what may
//! come back, and what watchers see of it.

use std::time::{Duration, UNIX_EPOCH};

use reqwest::header::{ACCEPT, RETRY_AFTER};
use serde_json::{Map, Value};
use symbolon::calls::{self, AddressError, Answer, CallError};
use symbolon::client_authentication::ClientAuthentication;
use symbolon::clock::Clock;
use symbolon::error::{ErrorCode, ErrorResponse};
use symbolon::parameters::AnswerParameters;
use symbolon::secret::Secret;
use url::Url;

use crate::authorization_server::NoEndpoint;
use crate::exchange_kind::ExchangeKind;
use crate::observer::{
    Exchange, MOST_SHOWN, is_public, shown, shown_name, shown_parameters, shown_url,
};
use crate::registration::Registration;
use crate::sent_secrets::SentSecrets;
use crate::tokens::UnsupportedTokenType;
use crate::whole_exchange::{WholeExchange, WholeRequest, WholeResponse};

/// Why the token endpoint gave no token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// It said no (RFC 6749 §5.2).
    #[error("the authorization server refused: {error}")]
    Refused {
        /// The status of its answer.
        status: u16,
        /// Its reason.
        error: ErrorResponse,
        /// How long it wants to be left in peace (RFC 9110 §10.2.3).
        retry_after: Option<Duration>,
    },
    /// It could not be reached, or not in time. The tokens that are kept stay as they are.
    #[error("the token endpoint cannot be reached")]
    TokenEndpointUnavailable(#[source] reqwest::Error),
    /// It answered something that is neither a token nor an OAuth 2 error.
    #[error("the token endpoint answered {status} without a token or an OAuth 2 error")]
    UnexpectedAnswer {
        /// The status of its answer.
        status: u16,
        /// How long it wants to be left in peace (RFC 9110 §10.2.3).
        retry_after: Option<Duration>,
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
    /// The endpoint is not asked: who listens in would have the client's secret.
    #[error("the endpoint of the authorization server is not called: {0}")]
    Address(#[from] AddressError),
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
            | Self::NoEndpoint(_)
            | Self::Address(_) => false,
        }
    }

    /// True when the server says that a code was asked for with another redirect URI than it is exchanged with.
    pub fn is_redirect_mismatch(&self) -> bool {
        matches!(self, Self::Refused { error, .. } if error.is_redirect_mismatch())
    }

    /// How long the server wants to be left in peace, if it said so.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } | Self::UnexpectedAnswer { retry_after, .. } => {
                *retry_after
            }
            Self::TokenEndpointUnavailable(_)
            | Self::AnswerTooLong
            | Self::UnsupportedTokenType(_)
            | Self::ForeignGrant
            | Self::NoEndpoint(_)
            | Self::Address(_) => None,
        }
    }
}

/// What can be read of an endpoint: some old servers write forms, and JSON is better.
const ACCEPTED: &str = "application/json, application/x-www-form-urlencoded;q=0.5";

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
    /// Its members; `None` when it is neither JSON nor a form.
    pub(crate) members: Option<Map<String, Value>>,
    retry_after: Option<Duration>,
}

impl EndpointCall<'_> {
    /// Sends the form with the client's credentials.
    pub(crate) async fn send(&self) -> Result<EndpointAnswer, TokenError> {
        let registration = self.registration;
        calls::check_address(self.endpoint, registration.allows_plain_http())?;
        let request = registration
            .http()
            .post(self.endpoint.clone())
            .header(ACCEPT, ACCEPTED);
        let credentials = registration
            .authentication()
            .encode(registration.client_id());
        let request = calls::with_form(request, self.form, Some(&credentials));
        let seen = self.seen_whole(&request);
        let answered = calls::answer(request).await;
        self.observe_whole(seen, answered.as_ref().ok());
        match answered {
            Ok(answer) => {
                let answer = EndpointAnswer {
                    status: answer.status.as_u16(),
                    success: answer.status.is_success(),
                    retry_after: retry_after(&answer, registration.clock()),
                    members: members(&answer),
                };
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

    /// The request as it will be sent, where somebody wants to see that.
    fn seen_whole(&self, request: &reqwest::RequestBuilder) -> Option<WholeRequest> {
        self.registration.observer().whole()?;
        let request = request.try_clone()?.build().ok()?;
        Some(WholeRequest::of(&request))
    }

    fn observe_whole(&self, request: Option<WholeRequest>, answer: Option<&Answer>) {
        if let (Some(observer), Some(request)) = (self.registration.observer().whole(), request) {
            observer.observe_whole(WholeExchange {
                kind: self.kind,
                request,
                response: answer.map(|answer| {
                    let status = answer.status.as_u16();
                    WholeResponse::new(status, &answer.headers, Some(&answer.body))
                }),
            });
        }
    }

    fn observe(&self, answer: Option<&EndpointAnswer>) {
        let received = answer.and_then(|answer| answer.members.as_ref());
        let sent = self.sent_secrets();
        let shown = received.into_iter().flatten().map(|(name, value)| {
            // What is masked anyway stays as it is: the same refresh token has the same end.
            let value = if is_public(name) {
                sent.hidden_in_value(value.clone())
            } else {
                value.clone()
            };
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            (shown_name(name), shown(name, &text))
        });
        self.registration.observer().observe(Exchange {
            kind: self.kind,
            method: "POST".to_owned(),
            url: shown_url(self.endpoint),
            sent: shown_request(self.registration, self.form),
            status: answer.map(|answer| answer.status),
            received: shown.take(MOST_SHOWN).collect(),
        });
    }

    fn sent_secrets(&self) -> SentSecrets {
        SentSecrets::new(self.registration, self.form)
    }

    /// The error that an answer without a token stands for.
    pub(crate) fn refusal(&self, answer: EndpointAnswer) -> TokenError {
        let EndpointAnswer {
            status,
            retry_after,
            members,
            ..
        } = answer;
        let sent = self.sent_secrets();
        let members = members.map(|members| sent.hidden_in_value(Value::Object(members)));
        match members.and_then(|members| serde_json::from_value(members).ok()) {
            Some(error) => TokenError::Refused {
                status,
                error,
                retry_after,
            },
            None => TokenError::UnexpectedAnswer {
                status,
                retry_after,
            },
        }
    }
}

/// Some servers answer with a form instead of JSON, and call it plain text.
fn members(answer: &Answer) -> Option<Map<String, Value>> {
    if let Some(members) = answer.members() {
        return Some(members);
    }
    let media_type = answer.media_type();
    media_type.filter(|name| name == calls::FORM || name == "text/plain")?;
    let form = AnswerParameters::decode(&answer.body).ok()?;
    let pairs = form
        .iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)));
    Some(pairs.collect())
}

/// RFC 9110 §10.2.3: seconds, or the date when the peace ends.
fn retry_after(answer: &Answer, clock: &dyn Clock) -> Option<Duration> {
    let wish = answer.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(secs) = wish.parse() {
        return Some(Duration::from_secs(secs));
    }
    let date = httpdate::parse_http_date(wish).ok()?;
    let date = date.duration_since(UNIX_EPOCH).ok()?;
    date.checked_sub(Duration::from_secs(clock.now().as_secs()))
}

fn shown_request(registration: &Registration, form: &Secret) -> Vec<(String, String)> {
    let id = registration.client_id();
    let proof = match registration.authentication() {
        ClientAuthentication::Basic(_) | ClientAuthentication::RawBasic(_) => {
            ("Authorization", format!("Basic {id}:…"))
        }
        ClientAuthentication::Form(_) => ("client_id, client_secret", format!("{id}, …")),
        ClientAuthentication::None => ("client_id", id.to_string()),
        ClientAuthentication::Unsaid => return shown_parameters(form.expose()),
    };
    let mut sent = shown_parameters(form.expose());
    sent.push((proof.0.to_owned(), proof.1));
    sent
}
