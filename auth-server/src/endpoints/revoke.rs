//! `POST /oauth/revoke` ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::error::{ErrorCode, ErrorResponse};
use symbolon::revocation::RevocationRequest;

use crate::endpoints::authenticated_client::authenticated_client;
use crate::endpoints::errors::EndpointError;
use crate::endpoints::form::Form;
use crate::endpoints::login::address;
use crate::server::Server;
use crate::tokens::revoke::{RevokeError, revoke_token};

pub(super) async fn revoke(
    request: HttpRequest,
    server: Data<Server>,
    Form(mut form): Form,
) -> Result<HttpResponse, EndpointError> {
    let client = authenticated_client(&server, &request, &mut form).await?;
    let RevocationRequest { token } = RevocationRequest::decode(&mut form)
        .ok_or_else(|| EndpointError::bad_request("the token parameter is missing"))?;
    match revoke_token(&server, &client, &address(&request), &token).await {
        Ok(()) => Ok(HttpResponse::Ok().finish()),
        Err(RevokeError::Store(error)) => Err(error.into()),
        // RFC 7009 §2.1: "If this validation fails, the request is refused".
        Err(error @ RevokeError::OtherClient) => {
            let body = ErrorResponse::new(ErrorCode::InvalidGrant, error.to_string());
            Err(EndpointError::new(StatusCode::BAD_REQUEST, body))
        }
    }
}
