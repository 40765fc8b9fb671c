//! Whom a resource server believes, what it demands of a request, and how it refuses.

use std::sync::Arc;

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};

use crate::authentication::Authentication;
use crate::error::{AccessError, Dialect};
use crate::events::{AuthenticationEvents, LogEvents};
use crate::middleware::resource_id::ResourceId;
use crate::presented_token::{
    TokenExtraction, TokenParameters, TokenPlace, find_token, find_token_as_spring,
};
use crate::verdict::InvalidToken;
use crate::verifier::TokenVerifier;

/// The longest token that is looked at by default, in bytes: a JWT with a hundred groups fits, and more than that
/// no proxy lets through in a header.
pub const LONGEST_TOKEN_BYTES: usize = 16 * 1024;

/// Answers a request that is not served. [`AccessError::response`] gives the usual answer to start from.
pub type Answer = dyn Fn(&HttpRequest, &AccessError) -> HttpResponse + Send + Sync;

#[derive(Clone)]
pub(super) struct Policy {
    pub(super) verifier: Arc<dyn TokenVerifier>,
    pub(super) resource_id: Option<ResourceId>,
    pub(super) realm: Option<String>,
    pub(super) longest_token_bytes: usize,
    pub(super) allow_anonymous: bool,
    pub(super) parameters: TokenParameters,
    pub(super) extraction: TokenExtraction,
    pub(super) dialect: Dialect,
    pub(super) events: Arc<dyn AuthenticationEvents>,
    pub(super) entry_point: Option<Arc<Answer>>,
    pub(super) denied_handler: Option<Arc<Answer>>,
}

impl Policy {
    /// Believes `verifier` and demands no more than a good token.
    pub(super) fn new(verifier: Arc<dyn TokenVerifier>) -> Self {
        Self {
            verifier,
            resource_id: None,
            realm: None,
            longest_token_bytes: LONGEST_TOKEN_BYTES,
            allow_anonymous: false,
            parameters: TokenParameters::default(),
            extraction: TokenExtraction::default(),
            dialect: Dialect::default(),
            events: Arc::new(LogEvents),
            entry_point: None,
            denied_handler: None,
        }
    }

    /// Authenticates the request; where its token was, or `None` when it has none and needs none.
    pub(super) async fn authenticate(
        &self,
        request: &mut ServiceRequest,
    ) -> Result<Option<TokenPlace>, AccessError> {
        let found = match self.extraction {
            TokenExtraction::Standard => find_token(request, self.parameters).await?,
            TokenExtraction::Spring => find_token_as_spring(request).await?,
        };
        let Some(presented) = found else {
            return if self.allow_anonymous {
                Ok(None)
            } else {
                Err(AccessError::MissingToken)
            };
        };
        if presented.token.expose().len() > self.longest_token_bytes {
            return Err(AccessError::InvalidToken(InvalidToken::TooLong));
        }
        if presented.token.expose().is_empty() {
            return Err(AccessError::InvalidToken(InvalidToken::Refused));
        }
        let authentication = self.verifier.verify(&presented.token).await?;
        self.check_audience(&authentication)?;
        self.events.succeeded(request.request(), &authentication);
        request.extensions_mut().insert(authentication);
        Ok(Some(presented.place))
    }

    fn check_audience(&self, authentication: &Authentication) -> Result<(), AccessError> {
        match &self.resource_id {
            Some(own) if !own.is_among(&authentication.audience) => {
                Err(AccessError::WrongResource {
                    resource_id: own.as_str().to_owned(),
                })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The answer to a request that is not authenticated, and a word to the listener.
    pub(super) fn refuse(&self, request: &HttpRequest, error: &AccessError) -> HttpResponse {
        self.events.failed(request, error);
        self.answer(request, error)
    }

    /// The answer where a guard or a handler said no, and a word to the listener.
    pub(super) fn deny(&self, request: &HttpRequest, error: &AccessError) -> HttpResponse {
        match Authentication::of(request) {
            Some(authentication) => self.events.denied(request, &authentication, error),
            None => self.events.failed(request, error),
        }
        self.answer(request, error)
    }

    fn answer(&self, request: &HttpRequest, error: &AccessError) -> HttpResponse {
        let denied = error.status(self.dialect) == StatusCode::FORBIDDEN;
        let replaced = if matches!(error, AccessError::Unavailable(_)) {
            None
        } else if denied {
            self.denied_handler.as_ref()
        } else {
            self.entry_point.as_ref()
        };
        match replaced {
            Some(answer) => self.challenging(answer(request, error), error),
            None => error.response(self.realm(), self.dialect),
        }
    }

    fn realm(&self) -> Option<&str> {
        let resource_id = self.resource_id.as_ref().map(ResourceId::as_str);
        self.realm.as_deref().or(resource_id)
    }

    /// RFC 9110 §11.6.1: a 401 MUST carry a challenge; RFC 6750 §3: so does what refuses a token. An answer of
    /// another status has left the protocol on purpose.
    fn challenging(&self, mut answer: HttpResponse, error: &AccessError) -> HttpResponse {
        let status = answer.status();
        let refuses = status == StatusCode::UNAUTHORIZED || status == error.status(self.dialect);
        let challenge = error.challenge(self.realm(), self.dialect);
        if let Some(challenge) = challenge.filter(|_| refuses)
            && !answer.headers().contains_key(WWW_AUTHENTICATE)
            && let Ok(value) = HeaderValue::from_str(&challenge.encode())
        {
            answer.headers_mut().insert(WWW_AUTHENTICATE, value);
        }
        answer
    }
}
