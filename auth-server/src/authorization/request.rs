//! Checking an authorization request: client known → redirect URI resolved → response type → grant
//! registered → PKCE → scope. Who signs in and what is approved comes after.

mod error;
mod limits;

use std::sync::Arc;

use symbolon::authorization::{AuthorizationOutcome, AuthorizationRequest, AuthorizationResponse};
use symbolon::error::ErrorCode;
use symbolon::identifiers::ClientId;
use symbolon::pkce::{CODE_CHALLENGE_METHOD, CodeChallenge};
use symbolon::scope::Scope;
use symbolon::token::GrantType;

use crate::authorization::redirect::{Redirection, ResponseMode, TrustedRedirect};
use crate::clients::client::Client;
use crate::clients::registry::Clients;
use crate::grants::scope::{ScopeError, requested_as_of_spring, requested_scope};

use error::UNSUPPORTED;
pub use error::{Fault, RequestError, TooLong, UnsafeRequest};
pub use limits::RequestLimits;

/// A request that was checked against the client's registration.
#[derive(Clone, Debug)]
pub struct CheckedRequest {
    /// Who asks.
    pub client: Arc<Client>,
    /// Where the answer goes.
    pub redirect: TrustedRedirect,
    /// Code or token.
    pub response_type: ResponseType,
    /// What for.
    pub scope: Scope,
    /// What of it its owner is not asked about, by a rule of whoever embeds the server.
    pub approved: Scope,
    /// Returned unchanged.
    pub state: Option<String>,
    /// RFC 7636 §4.3.
    pub code_challenge: Option<CodeChallenge>,
    /// Who answers (RFC 9207).
    issuer: Arc<str>,
}

impl CheckedRequest {
    /// The redirection that brings this request's answer.
    pub fn answer(&self, outcome: AuthorizationOutcome) -> Redirection {
        let response = AuthorizationResponse {
            state: self.state.clone(),
            iss: issuer_told(&self.client, &self.issuer),
            outcome,
        };
        let mode = self.response_type.response_mode();
        self.redirect.answer(mode, &response)
    }
}

/// Who answers (RFC 9207), where the client is told.
fn issuer_told(client: &Client, issuer: &str) -> Option<String> {
    (!client.spring.answers_without_iss).then(|| issuer.to_owned())
}

/// What the client wants from the authorization endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseType {
    /// A code (RFC 6749 §4.1).
    Code,
    /// A token at once (RFC 6749 §4.2).
    Token,
}

impl ResponseType {
    /// The grant that it belongs to.
    pub const fn grant_type(self) -> GrantType {
        match self {
            Self::Code => GrantType::AuthorizationCode,
            Self::Token => GrantType::Implicit,
        }
    }

    /// Where its answer travels, an error too.
    pub const fn response_mode(self) -> ResponseMode {
        match self {
            Self::Code => ResponseMode::Query,
            Self::Token => ResponseMode::Fragment,
        }
    }

    /// `code` or `token`; beside one of them other words are ignored, as in the Spring dialect, and of
    /// both `token` wins.
    fn parse(text: Option<&str>) -> Option<Self> {
        let mut words = text?.split(|letter: char| letter == '+' || letter.is_ascii_whitespace());
        if words.clone().any(|word| word == "token") {
            Some(Self::Token)
        } else {
            words.any(|word| word == "code").then_some(Self::Code)
        }
    }
}

/// Checks authorization requests.
#[derive(Clone, Debug)]
pub struct AuthorizationRequests {
    /// Who may ask.
    pub clients: Clients,
    /// The server's name.
    pub issuer: Arc<str>,
    /// How long they may be.
    pub limits: RequestLimits,
}

/// Who asks, and where the answer goes.
struct Identified {
    client: Arc<Client>,
    redirect: TrustedRedirect,
    response_type: Option<ResponseType>,
    state: Option<String>,
    issuer: Arc<str>,
}

impl AuthorizationRequests {
    /// Checks a request.
    pub async fn check(
        &self,
        request: &AuthorizationRequest,
    ) -> Result<CheckedRequest, RequestError> {
        let identified = self.identify(request).await?;
        if let Some(too_long) = self.limits.exceeded_by(request) {
            return Err(identified.refusal(self.limits.told(too_long), Some(too_long)));
        }
        match identified.parameters(request) {
            Ok(Parameters {
                response_type,
                scope,
                code_challenge,
            }) => Ok(CheckedRequest {
                client: identified.client,
                redirect: identified.redirect,
                response_type,
                scope,
                approved: Scope::default(),
                state: identified.state,
                code_challenge,
                issuer: identified.issuer,
            }),
            Err(error) => Err(identified.refusal(error, None)),
        }
    }

    /// Says no to a request whose parameters were not checked any further than where the answer goes.
    pub async fn refuse(&self, request: &AuthorizationRequest, fault: Fault) -> RequestError {
        match self.identify(request).await {
            Ok(identified) => identified.refusal(fault, None),
            Err(error) => error,
        }
    }

    /// RFC 6749 §4.1.2.1 wants the client's `state` back in an error, too. One that is too long stays here: in an
    /// address of such a length it would reach nobody, because proxies refuse answers with long headers.
    fn state_to_return(&self, request: &AuthorizationRequest) -> Option<String> {
        let state = request.state.clone();
        state.filter(|_| !self.limits.has_long_state(request))
    }

    /// The client and the redirect URI: until both are known, nothing may be sent anywhere.
    async fn identify(&self, request: &AuthorizationRequest) -> Result<Identified, RequestError> {
        let named = request.client_id.as_deref().map(ClientId::new);
        let client = match &named {
            Some(id) => self.clients.find(id).await?,
            None => None,
        };
        let Some(client) = client else {
            return Err(RequestError::Unsafe {
                client: None,
                error: if named.is_some() {
                    UnsafeRequest::UnknownClient
                } else {
                    UnsafeRequest::NoClient
                },
            });
        };
        let response_type = ResponseType::parse(request.response_type.as_deref());
        match redirect_of(&client, request.redirect_uri.as_deref()) {
            Ok(redirect) => Ok(Identified {
                client,
                redirect,
                response_type,
                state: self.state_to_return(request),
                issuer: Arc::clone(&self.issuer),
            }),
            Err(error) => {
                let type_comes_first = client.spring.authorize_errors && response_type.is_none();
                Err(RequestError::Unsafe {
                    client: Some(client),
                    error: if type_comes_first {
                        UnsafeRequest::ResponseType
                    } else {
                        error
                    },
                })
            }
        }
    }
}

fn redirect_of(client: &Client, requested: Option<&str>) -> Result<TrustedRedirect, UnsafeRequest> {
    if client.grant_types.is_empty() {
        return Err(UnsafeRequest::NoGrant);
    }
    if !client.may_use(GrantType::AuthorizationCode) && !client.may_use(GrantType::Implicit) {
        return Err(UnsafeRequest::NoRedirectingGrant);
    }
    Ok(TrustedRedirect::resolve(client, requested)?)
}

/// What a request asks for, once that is known to be permitted.
struct Parameters {
    response_type: ResponseType,
    scope: Scope,
    code_challenge: Option<CodeChallenge>,
}

impl Identified {
    fn parameters(&self, request: &AuthorizationRequest) -> Result<Parameters, Fault> {
        let response_type = self.response_type.ok_or_else(|| {
            let code = match request.response_type {
                None if !self.client.spring.authorize_errors => ErrorCode::InvalidRequest,
                Some(_) | None => ErrorCode::UnsupportedResponseType,
            };
            Fault::new("response_type", code, UNSUPPORTED)
        })?;
        self.check_grant(response_type)?;
        let code_challenge = match response_type {
            ResponseType::Token => None,
            ResponseType::Code => self.code_challenge(request)?,
        };
        Ok(Parameters {
            response_type,
            scope: self.scope(request.scope.as_deref())?,
            code_challenge,
        })
    }

    /// A Spring server gives codes to a client that is registered for the implicit grant only; the token endpoint takes
    /// none of them.
    fn check_grant(&self, response_type: ResponseType) -> Result<(), Fault> {
        let code = match response_type {
            _ if self.client.may_use(response_type.grant_type()) => return Ok(()),
            ResponseType::Code if self.client.spring.authorize_errors => return Ok(()),
            ResponseType::Token if self.client.spring.authorize_errors => ErrorCode::InvalidClient,
            ResponseType::Code | ResponseType::Token => ErrorCode::UnauthorizedClient,
        };
        Err(Fault::new("response_type", code, "Unauthorized grant type"))
    }

    fn code_challenge(
        &self,
        request: &AuthorizationRequest,
    ) -> Result<Option<CodeChallenge>, Fault> {
        let challenge = request.code_challenge.as_deref();
        let method = request.code_challenge_method.as_deref();
        check_challenge(&self.client, challenge, method)
            .map_err(|(parameter, text)| Fault::new(parameter, ErrorCode::InvalidRequest, text))
    }

    fn scope(&self, requested: Option<&str>) -> Result<Scope, Fault> {
        let checked = if self.client.spring.authorize_errors {
            requested_as_of_spring(&self.client, requested)
        } else {
            requested_scope(&self.client, requested)
        };
        checked.map_err(|error| {
            let mut fault = Fault::new("scope", ErrorCode::InvalidScope, error.to_string());
            if let ScopeError::Invalid { registered } = error {
                fault.response = fault.response.with_scope(registered);
            }
            fault
        })
    }

    /// The redirection that brings the client the error.
    fn refusal(&self, fault: Fault, too_long: Option<TooLong>) -> RequestError {
        let response = AuthorizationResponse {
            state: self.state.clone(),
            iss: issuer_told(&self.client, &self.issuer),
            outcome: AuthorizationOutcome::Error(fault.response.clone()),
        };
        let mode = self
            .response_type
            .map_or(ResponseMode::Query, ResponseType::response_mode);
        RequestError::Redirect {
            client: self.client.id.clone(),
            fault: Box::new(fault),
            too_long,
            redirection: self.redirect.answer(mode, &response),
        }
    }
}

/// RFC 7636 §4.3 and §4.4.1; RFC 9700 §2.1.1: `S256` only, and a must for those who need it. What is wrong is told with the
/// parameter that is at fault.
fn check_challenge(
    client: &Client,
    challenge: Option<&str>,
    method: Option<&str>,
) -> Result<Option<CodeChallenge>, (&'static str, &'static str)> {
    const CHALLENGE: &str = "code_challenge";
    match (challenge, method) {
        (None, None) if client.require_pkce => {
            Err((CHALLENGE, "PKCE is required: code_challenge is missing"))
        }
        (None, None) => Ok(None),
        (None, Some(_)) => Err((CHALLENGE, "code_challenge_method without code_challenge")),
        (Some(challenge), Some(CODE_CHALLENGE_METHOD)) => {
            let parsed = CodeChallenge::parse(challenge.to_owned()).map(Some);
            parsed.map_err(|_| (CHALLENGE, "code_challenge is malformed"))
        }
        (Some(_), _) => {
            let text = "code_challenge_method must be S256";
            Err(("code_challenge_method", text))
        }
    }
}
