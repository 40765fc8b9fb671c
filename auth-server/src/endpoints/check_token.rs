//! `POST /oauth/check_token`, and `/oauth/check_access` for those who know it by that name: the Spring
//! dialect's introspection.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::check_token::CheckTokenRequest;
use symbolon::error::{ErrorCode, ErrorResponse};

use crate::audit::AuditEvent;
use crate::clients::authentication::AuthenticatedClient;
use crate::dialects::spring;
use crate::endpoints::authenticated_client::authenticated_client;
use crate::endpoints::errors::EndpointError;
use crate::endpoints::form::Form;
use crate::endpoints::login::address;
use crate::endpoints::responses;
use crate::metrics::CheckOutcome;
use crate::server::Server;
use crate::tokens::check::{CheckError, check_access_token_for};

/// Tells the audit stream of a client that asked about a token that it may not know about.
pub(super) fn tell_not_allowed(
    server: &Server,
    client: &AuthenticatedClient,
    request: &HttpRequest,
) {
    server.audit.record(&AuditEvent::TokenCheckRefused {
        client: &client.id,
        path: request.path(),
        address: &address(request),
    });
}

/// What an endpoint that tells about tokens came to, for the metrics.
pub(super) fn outcome<T>(told: &Result<(CheckOutcome, T), EndpointError>) -> CheckOutcome {
    match told {
        Ok((outcome, _)) => *outcome,
        Err(error) if error.status().is_server_error() => CheckOutcome::Failed,
        Err(_) => CheckOutcome::Refused,
    }
}

pub(super) async fn check(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, EndpointError>,
) -> Result<HttpResponse, EndpointError> {
    let told = tell(&request, &server, form).await;
    server.metrics.check_token.count(outcome(&told));
    told.map(|(_, answer)| answer)
}

async fn tell(
    request: &HttpRequest,
    server: &Server,
    form: Result<Form, EndpointError>,
) -> Result<(CheckOutcome, HttpResponse), EndpointError> {
    let Form(mut form) = form?;
    let client = authenticated_client(server, request, &mut form).await?;
    let CheckTokenRequest { token } = CheckTokenRequest::decode(&mut form).ok_or_else(|| {
        EndpointError::bad_request("Required String parameter 'token' is not present")
    })?;
    match check_access_token_for(server, &client, &token).await {
        Ok((id, token)) => {
            let answer = responses::json(StatusCode::OK, &spring::check_token(&id, &token));
            Ok((CheckOutcome::Active, answer))
        }
        Err(CheckError::Store(error)) => Err(error.into()),
        Err(error @ (CheckError::NotRecognised | CheckError::Expired | CheckError::NotAllowed)) => {
            let body = ErrorResponse::new(ErrorCode::InvalidToken, error.to_string());
            let answer = responses::json(StatusCode::BAD_REQUEST, &body);
            if matches!(error, CheckError::NotAllowed) {
                tell_not_allowed(server, &client, request);
                return Ok((CheckOutcome::Refused, answer));
            }
            Ok((CheckOutcome::Inactive, answer))
        }
    }
}
