//! The half of an authorization request that stays with the client until the browser comes back.
//!
//! The code of a callback is reached only by consuming the [`PendingAuthorization`] that holds the
//! `state`, the issuer and the PKCE verifier of the request, so none of these checks can be left out
//! ([RFC 9700 §2.1](https://www.rfc-editor.org/rfc/rfc9700#section-2.1)).

use serde::{Deserialize, Serialize};
use symbolon::authorization::{
    AuthorizationOutcome, AuthorizationResponse, AuthorizationResponseError,
};
use symbolon::clock::Clock;
use symbolon::error::ErrorResponse;
use symbolon::identifiers::ClientId;
use symbolon::pkce::{CodeChallenge, CodeVerifier};
use symbolon::secret::{self, Secret};
use symbolon::token::{AuthorizationCodeRequest, TokenRequest};
use url::Url;

use crate::registration::Registration;
use crate::tokens::Tokens;

/// How many random bytes `state` has: nobody guesses 256 bits (RFC 6749 §10.10).
const STATE_BYTES: usize = 32;

/// What the answer has to carry.
#[derive(Debug, Serialize, Deserialize)]
struct Expected {
    #[serde(serialize_with = "secret::expose")]
    state: Secret,
    issuer: Option<String>,
    require_iss: bool,
}

impl Expected {
    fn new(registration: &Registration) -> Self {
        let server = registration.authorization_server();
        Self {
            state: Secret::new(registration.random().text::<STATE_BYTES>()),
            issuer: server.issuer.clone(),
            require_iss: server.require_iss,
        }
    }

    /// RFC 6749 §10.12: the binding of the answer to this browser MUST be checked. RFC 9207 §2.4:
    /// so MUST an `iss` that is there; one that is missing is an error where it always is there.
    fn check(&self, state: Option<String>, iss: Option<&str>) -> Result<(), CallbackError> {
        // `Secret` compares in constant time.
        if state.map(Secret::new).as_ref() != Some(&self.state) {
            return Err(CallbackError::ForeignState);
        }
        match (&self.issuer, iss) {
            (Some(issuer), Some(iss)) if issuer != iss => Err(CallbackError::ForeignIssuer),
            (_, None) if self.require_iss => Err(CallbackError::MissingIssuer),
            _ => Ok(()),
        }
    }
}

/// Why a callback was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// RFC 6749 §10.12: `state` is absent or not the one of this browser's request.
    #[error("the answer does not belong to a request of this browser")]
    ForeignState,
    /// RFC 9207 §2.4: `iss` is not the server that was asked.
    #[error("the answer comes from another authorization server")]
    ForeignIssuer,
    /// RFC 9207 §2.4: this server always says who it is, and here it did not.
    #[error("the answer does not say which authorization server it comes from")]
    MissingIssuer,
    /// RFC 6749 §4.1.2.1: the owner or the server said no.
    #[error("{0}")]
    Refused(ErrorResponse),
    /// The answer cannot be read.
    #[error("the answer of the authorization server cannot be read: {0}")]
    Malformed(#[from] AuthorizationResponseError),
    /// RFC 6749 §4.2.2: the fragment holds no bearer token.
    #[error("the answer of the authorization server holds no bearer token")]
    NoToken,
}

/// An authorization code request on its way. Keep it in the session of the browser that was sent;
/// serialized it holds secrets. Neither it nor its verifier can be cloned: it is good once.
#[derive(Debug, Serialize, Deserialize)]
pub struct PendingAuthorization {
    expected: Expected,
    #[serde(serialize_with = "secret::expose")]
    code_verifier: Secret,
    redirect_uri: Option<String>,
    client_id: ClientId,
    token_endpoint: Url,
}

impl PendingAuthorization {
    pub(crate) fn new(
        registration: &Registration,
        redirect_uri: Option<&str>,
    ) -> (Self, CodeChallenge) {
        let code_verifier = CodeVerifier::generate(registration.random());
        let code_challenge = code_verifier.challenge();
        let pending = Self {
            expected: Expected::new(registration),
            code_verifier: code_verifier.into_secret(),
            redirect_uri: redirect_uri.map(str::to_owned),
            client_id: registration.client_id().clone(),
            token_endpoint: registration.authorization_server().token_endpoint.clone(),
        };
        (pending, code_challenge)
    }

    pub(crate) fn state(&self) -> &Secret {
        &self.expected.state
    }

    /// True when the query of a callback carries the `state` of this request. For an application
    /// that keeps several: a stray callback must not use up the one that is still to come.
    pub fn is_answered_by(&self, callback_query: &str) -> bool {
        let state = AuthorizationResponse::state_of(callback_query.as_bytes());
        state.map(Secret::new).as_ref() == Some(&self.expected.state)
    }

    /// Checks the query of a callback (what follows the `?`) and gives the code that is in it.
    pub fn complete(self, callback_query: &str) -> Result<AuthorizationCodeGrant, CallbackError> {
        let AuthorizationResponse {
            state,
            iss,
            outcome,
        } = AuthorizationResponse::decode(callback_query.as_bytes())?;
        self.expected.check(state, iss.as_deref())?;
        match outcome {
            AuthorizationOutcome::Code(code) => Ok(AuthorizationCodeGrant {
                code,
                code_verifier: self.code_verifier,
                redirect_uri: self.redirect_uri,
                client_id: self.client_id,
                token_endpoint: self.token_endpoint,
            }),
            AuthorizationOutcome::Error(error) => Err(CallbackError::Refused(error)),
            AuthorizationOutcome::Token(_) => Err(CallbackError::NoToken),
        }
    }
}

/// A code whose callback was checked: good for one exchange (RFC 6749 §4.1.3), at the server that
/// was asked.
#[derive(Debug)]
pub struct AuthorizationCodeGrant {
    code: Secret,
    code_verifier: Secret,
    redirect_uri: Option<String>,
    client_id: ClientId,
    token_endpoint: Url,
}

impl AuthorizationCodeGrant {
    /// RFC 9700 §4.4: a mix-up would hand the code to another server.
    pub(crate) fn belongs_to(&self, registration: &Registration) -> bool {
        self.client_id == *registration.client_id()
            && self.token_endpoint == registration.authorization_server().token_endpoint
    }

    pub(crate) fn into_request(self) -> TokenRequest {
        TokenRequest::AuthorizationCode(AuthorizationCodeRequest {
            code: self.code,
            redirect_uri: self.redirect_uri,
            code_verifier: Some(self.code_verifier),
        })
    }
}

/// An implicit request on its way (RFC 6749 §4.2). It stays in the page that asked.
#[derive(Debug, Serialize, Deserialize)]
pub struct PendingImplicit {
    expected: Expected,
}

impl PendingImplicit {
    pub(crate) fn new(registration: &Registration) -> Self {
        Self {
            expected: Expected::new(registration),
        }
    }

    pub(crate) fn state(&self) -> &Secret {
        &self.expected.state
    }

    /// Checks the fragment of the redirect (what follows the `#`) and gives the token that is in
    /// it. Any page can send a browser here with a token of its own: before it is used, ask the
    /// authorization server whom it was issued to (RFC 9700 §2.1.2).
    pub fn complete(self, fragment: &str, clock: &dyn Clock) -> Result<Tokens, CallbackError> {
        let AuthorizationResponse {
            state,
            iss,
            outcome,
        } = AuthorizationResponse::decode_fragment(fragment.as_bytes()).map_err(
            |error| match error {
                AuthorizationResponseError::NoToken => CallbackError::NoToken,
                error @ (AuthorizationResponseError::Parameters(_)
                | AuthorizationResponseError::NoOutcome) => error.into(),
            },
        )?;
        self.expected.check(state, iss.as_deref())?;
        let response = match outcome {
            AuthorizationOutcome::Token(response) => *response,
            AuthorizationOutcome::Error(error) => return Err(CallbackError::Refused(error)),
            AuthorizationOutcome::Code(_) => return Err(CallbackError::NoToken),
        };
        Tokens::from_response(response, clock).map_err(|_| CallbackError::NoToken)
    }
}

#[cfg(test)]
mod tests;
