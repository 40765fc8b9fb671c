//! `POST /oauth/check_token`, and `/oauth/check_access` for those who know it by that name: the Spring
//! dialect's introspection.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use shared::protocol::check_token::CheckTokenRequest;
use shared::protocol::error::{ErrorCode, ErrorResponse};

use crate::audit::AuditEvent;
use crate::clients::authentication::AuthenticatedClient;
use crate::dialects::spring;
use crate::endpoints::authenticated_client::authenticated_client;
use crate::endpoints::errors::EndpointError;
use crate::endpoints::form::Form;
use crate::endpoints::login::address;
use crate::endpoints::responses;
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

pub(super) async fn check(
    request: HttpRequest,
    server: Data<Server>,
    Form(mut form): Form,
) -> Result<HttpResponse, EndpointError> {
    let client = authenticated_client(&server, &request, &mut form).await?;
    let CheckTokenRequest { token } = CheckTokenRequest::decode(&mut form).ok_or_else(|| {
        EndpointError::bad_request("Required String parameter 'token' is not present")
    })?;
    match check_access_token_for(&server, &client, &token).await {
        Ok((id, token)) => Ok(responses::json(
            StatusCode::OK,
            &spring::check_token(&id, &token),
        )),
        Err(CheckError::Store(error)) => Err(error.into()),
        Err(error @ (CheckError::NotRecognised | CheckError::Expired | CheckError::NotAllowed)) => {
            if matches!(error, CheckError::NotAllowed) {
                tell_not_allowed(&server, &client, &request);
            }
            let body = ErrorResponse::new(ErrorCode::InvalidToken, error.to_string());
            Ok(responses::json(StatusCode::BAD_REQUEST, &body))
        }
    }
}
