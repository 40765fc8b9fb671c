//! Events that a program can listen to: who was let in, who was not, and why.

use actix_web::HttpRequest;

use crate::authentication::Authentication;
use crate::error::AccessError;

/// Hears about every check. Each method does nothing unless it is written; none of them ever sees a
/// token. They run inside the request, so they must not block.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// use symbolon_resource_server::actix_web::HttpRequest;
/// use symbolon_resource_server::{AccessError, AuthenticationEvents};
///
/// #[derive(Default)]
/// struct Refusals(AtomicU64);
///
/// impl AuthenticationEvents for Refusals {
///     fn failed(&self, _: &HttpRequest, _: &AccessError) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///     }
/// }
/// ```
pub trait AuthenticationEvents: Send + Sync {
    /// A token was good.
    fn succeeded(&self, request: &HttpRequest, authentication: &Authentication) {
        let _ = (request, authentication);
    }

    /// A request has no good token, or whether it has cannot be said now
    /// ([`AccessError::Unavailable`]).
    fn failed(&self, request: &HttpRequest, error: &AccessError) {
        let _ = (request, error);
    }

    /// A token was good, but a rule said no.
    fn denied(&self, request: &HttpRequest, authentication: &Authentication, error: &AccessError) {
        let _ = (request, authentication, error);
    }
}

/// Writes the events to the log: the default. Paths are logged, queries never are, because a query may
/// hold a token.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogEvents;

impl AuthenticationEvents for LogEvents {
    fn succeeded(&self, request: &HttpRequest, authentication: &Authentication) {
        tracing::debug!(
            event = "authenticated",
            client.id = %authentication.client_id,
            http.method = %request.method(),
            http.path = request.path(),
        );
    }

    fn failed(&self, request: &HttpRequest, error: &AccessError) {
        let (method, path) = (request.method(), request.path());
        if let AccessError::Unavailable(_) = error {
            tracing::error!(event = "tokens_cannot_be_checked", reason = %error, http.method = %method, http.path = path);
        } else {
            tracing::info!(event = "not_authenticated", reason = %error, http.method = %method, http.path = path);
        }
    }

    fn denied(&self, request: &HttpRequest, authentication: &Authentication, error: &AccessError) {
        tracing::info!(
            event = "access_denied",
            reason = %error,
            client.id = %authentication.client_id,
            http.method = %request.method(),
            http.path = request.path(),
        );
    }
}
