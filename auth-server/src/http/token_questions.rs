//! What `check_token` and introspection have in common.

use actix_web::{HttpRequest, ResponseError as _};

use crate::audit::AuditEvent;
use crate::clients::authentication::AuthenticatedClient;
use crate::http::caller::{address, endpoint};
use crate::http::refusals::Refusal;
use crate::metrics::CheckOutcome;
use crate::server::Server;

/// Records that a client asked about a token that it may not know about.
pub(crate) fn record_not_allowed(
    server: &Server,
    client: &AuthenticatedClient,
    request: &HttpRequest,
) {
    server.audit.record(&AuditEvent::TokenCheckRefused {
        client: &client.id,
        path: endpoint(request),
        address: &address(request),
    });
}

/// What a question came to, for the metrics.
pub(crate) fn outcome_of<T>(answer: &Result<(CheckOutcome, T), Refusal>) -> CheckOutcome {
    match answer {
        Ok((outcome, _)) => *outcome,
        Err(refusal) if refusal.status_code().is_server_error() => CheckOutcome::Failed,
        Err(_) => CheckOutcome::Refused,
    }
}
