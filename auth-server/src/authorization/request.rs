//! Checking an authorization request (E1): client known → redirect URI resolved → response type → grant
//! registered → PKCE → scope. Who signs in and what is approved comes after.

use std::sync::Arc;

use symbolon::authorization::{AuthorizationOutcome, AuthorizationRequest, AuthorizationResponse};
use symbolon::error::{ErrorCode, ErrorResponse};
use symbolon::identifiers::ClientId;
use symbolon::pkce::{CODE_CHALLENGE_METHOD, CodeChallenge};
use symbolon::scope::Scope;
use symbolon::token::GrantType;

use crate::authorization::redirect::{ResponseMode, TrustedRedirect};
use crate::clients::client::Client;
use crate::clients::redirect_match::RedirectMismatch;
use crate::grants::{ScopeError, requested_scope};
use crate::server::Server;

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
    /// Returned unchanged.
    pub state: Option<String>,
    /// RFC 7636 §4.3.
    pub code_challenge: Option<CodeChallenge>,
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
        let mut words = text?.split([' ', '+']);
        if words.clone().any(|word| word == "token") {
            Some(Self::Token)
        } else {
            words.any(|word| word == "code").then_some(Self::Code)
        }
    }
}

/// Where the browser goes, once it may go back to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirection {
    /// The address, with the answer in it.
    pub location: String,
}

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// X1: it is not safe to redirect; a page says so.
    #[error(transparent)]
    Unsafe(#[from] UnsafeRequest),
    /// X2: the client is told.
    #[error("{error}")]
    Redirect {
        /// What it is told.
        error: ErrorCode,
        /// Where the browser goes.
        redirection: Redirection,
    },
}

/// X1: nothing can be sent back, because it is not known to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsafeRequest {
    /// `client_id` is missing or unknown.
    #[error("Bad client credentials")]
    UnknownClient,
    /// The client uses no grant that redirects.
    #[error("A redirect_uri can only be used by implicit or authorization_code grant types.")]
    NoRedirectingGrant,
    /// The redirect URI is not a registered one.
    #[error(transparent)]
    Redirect(#[from] RedirectMismatch),
}

impl UnsafeRequest {
    /// The code that the page shows.
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::UnknownClient => ErrorCode::InvalidClient,
            Self::NoRedirectingGrant | Self::Redirect(_) => ErrorCode::InvalidRequest,
        }
    }
}

/// Checks a request.
pub fn check(
    server: &Server,
    request: &AuthorizationRequest,
) -> Result<CheckedRequest, RequestError> {
    let AuthorizationRequest {
        response_type,
        client_id,
        redirect_uri,
        scope,
        state,
        code_challenge,
        code_challenge_method,
    } = request;
    let (client, redirect) = identify(server, client_id.as_deref(), redirect_uri.as_deref())?;
    let parsed = ResponseType::parse(response_type.as_deref());
    let refuse = |error: ErrorResponse| {
        let mode = parsed.map_or(ResponseMode::Query, ResponseType::response_mode);
        refusal(server, &redirect, mode, state.as_deref(), error)
    };
    let response_type = parsed.ok_or_else(|| {
        let code = if response_type.is_some() {
            ErrorCode::UnsupportedResponseType
        } else {
            ErrorCode::InvalidRequest
        };
        refuse(ErrorResponse::new(code, "Unsupported response types"))
    })?;
    if !client.may_use(response_type.grant_type()) {
        let text = "Unauthorized grant type";
        return Err(refuse(ErrorResponse::new(
            ErrorCode::UnauthorizedClient,
            text,
        )));
    }
    let challenge = match response_type {
        ResponseType::Token => None,
        ResponseType::Code => check_challenge(
            &client,
            code_challenge.as_deref(),
            code_challenge_method.as_deref(),
        )
        .map_err(|text| refuse(ErrorResponse::new(ErrorCode::InvalidRequest, text)))?,
    };
    let scope = requested_scope(&client, scope.as_deref()).map_err(|error| {
        let response = ErrorResponse::new(ErrorCode::InvalidScope, error.to_string());
        refuse(match error {
            ScopeError::Invalid { registered } => response.with_scope(registered),
            ScopeError::Empty => response,
        })
    })?;
    let state = state.clone();
    Ok(CheckedRequest {
        client,
        redirect,
        response_type,
        scope,
        state,
        code_challenge: challenge,
    })
}

/// The client and the redirect URI: until both are known, nothing may be sent anywhere.
fn identify(
    server: &Server,
    client_id: Option<&str>,
    redirect_uri: Option<&str>,
) -> Result<(Arc<Client>, TrustedRedirect), UnsafeRequest> {
    let client = client_id
        .and_then(|id| server.clients.find(&ClientId::new(id)))
        .ok_or(UnsafeRequest::UnknownClient)?;
    if !client.may_use(GrantType::AuthorizationCode) && !client.may_use(GrantType::Implicit) {
        return Err(UnsafeRequest::NoRedirectingGrant);
    }
    let redirect = TrustedRedirect::resolve(client, redirect_uri)?;
    Ok((Arc::clone(client), redirect))
}

/// RFC 7636 §4.3 and §4.4.1; RFC 9700 §2.1.1: `S256` only, and a must for those who need it.
fn check_challenge(
    client: &Client,
    challenge: Option<&str>,
    method: Option<&str>,
) -> Result<Option<CodeChallenge>, &'static str> {
    match (challenge, method) {
        (None, None) if client.needs_pkce() => Err("PKCE is required: code_challenge is missing"),
        (None, None) => Ok(None),
        (None, Some(_)) => Err("code_challenge_method without code_challenge"),
        (Some(challenge), Some(CODE_CHALLENGE_METHOD)) => {
            CodeChallenge::parse(challenge.to_owned())
                .map(Some)
                .map_err(|_| "code_challenge is malformed")
        }
        (Some(_), _) => Err("code_challenge_method must be S256"),
    }
}

/// Says no to a request whose parameters were not checked any further than where the answer goes.
pub fn refuse(
    server: &Server,
    request: &AuthorizationRequest,
    error: ErrorResponse,
) -> RequestError {
    let (client_id, redirect_uri) = (&request.client_id, &request.redirect_uri);
    match identify(server, client_id.as_deref(), redirect_uri.as_deref()) {
        Ok((_, redirect)) => {
            let parsed = ResponseType::parse(request.response_type.as_deref());
            let mode = parsed.map_or(ResponseMode::Query, ResponseType::response_mode);
            refusal(server, &redirect, mode, request.state.as_deref(), error)
        }
        Err(error) => error.into(),
    }
}

/// The redirection that tells a client no.
fn refusal(
    server: &Server,
    redirect: &TrustedRedirect,
    mode: ResponseMode,
    state: Option<&str>,
    error: ErrorResponse,
) -> RequestError {
    let code = error.error.clone();
    let response = AuthorizationResponse {
        state: state.map(str::to_owned),
        iss: Some(server.issuer.clone()),
        outcome: AuthorizationOutcome::Error(error),
    };
    let location = redirect.location(mode, &response);
    RequestError::Redirect {
        error: code,
        redirection: Redirection { location },
    }
}

impl CheckedRequest {
    /// The redirection that brings this request's answer.
    pub fn answer(&self, server: &Server, outcome: AuthorizationOutcome) -> Redirection {
        let response = AuthorizationResponse {
            state: self.state.clone(),
            iss: Some(server.issuer.clone()),
            outcome,
        };
        let mode = self.response_type.response_mode();
        Redirection {
            location: self.redirect.location(mode, &response),
        }
    }
}
