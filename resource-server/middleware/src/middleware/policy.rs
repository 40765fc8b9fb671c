//! Whom a resource server believes, what it demands of a request, and how it refuses.

use std::sync::Arc;

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};

use crate::authentication::Authentication;
use crate::error::{AccessError, Dialect};
use crate::events::{AuthenticationEvents, LogEvents};
use crate::presented_token::{TokenParameters, TokenPlace, find_token};
use crate::verifier::TokenVerifier;

/// Answers a request that is not served. [`AccessError::response`] gives the usual answer to start from.
pub type Answer = dyn Fn(&HttpRequest, &AccessError) -> HttpResponse + Send + Sync;

#[derive(Clone)]
pub(super) struct Policy {
    pub(super) verifier: Arc<dyn TokenVerifier>,
    pub(super) resource_id: Option<String>,
    pub(super) realm: Option<String>,
    pub(super) require_audience: bool,
    pub(super) allow_anonymous: bool,
    pub(super) parameters: TokenParameters,
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
            require_audience: false,
            allow_anonymous: false,
            parameters: TokenParameters::default(),
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
        let Some(presented) = find_token(request, self.parameters).await? else {
            return if self.allow_anonymous {
                Ok(None)
            } else {
                Err(AccessError::MissingToken)
            };
        };
        let authentication = self.verifier.verify(&presented.token).await?;
        self.check_audience(&authentication)?;
        self.events.succeeded(request.request(), &authentication);
        request.extensions_mut().insert(authentication);
        Ok(Some(presented.place))
    }

    fn check_audience(&self, authentication: &Authentication) -> Result<(), AccessError> {
        let Some(resource_id) = &self.resource_id else {
            return Ok(());
        };
        let anywhere = authentication.audience.is_empty() && !self.require_audience;
        if anywhere || authentication.audience.contains(resource_id) {
            Ok(())
        } else {
            Err(AccessError::WrongResource {
                resource_id: resource_id.clone(),
            })
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
            Some(answer) => answer(request, error),
            None => error.response(
                self.realm.as_deref().or(self.resource_id.as_deref()),
                self.dialect,
            ),
        }
    }
}
