//! `GET /oauth/token_key`: the key that checks JWTs, as the Spring dialect tells it.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::error::{ErrorCode, ErrorResponse};
use symbolon::jwk::SigningAlgorithm;
use symbolon::parameters::Parameters;

use crate::endpoints::authenticated_client::authenticated_client;
use crate::endpoints::errors::EndpointError;
use crate::endpoints::responses;
use crate::keys::signing::SigningKey;
use crate::server::Server;

/// A public key is for everybody. A shared secret is for those who check tokens, because whoever has it
/// can also make them.
pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, EndpointError> {
    let ring = server.ring();
    let key = ring.active_key(server.now());
    if key.is_some_and(|key| key.algorithm() == SigningAlgorithm::HS256) {
        let client = authenticated_client(&server, &request, &mut Parameters::default()).await?;
        if !client.may_introspect {
            let body = ErrorResponse::new(ErrorCode::AccessDenied, "Access is denied");
            return Err(EndpointError::new(StatusCode::FORBIDDEN, body));
        }
    }
    let Some(answer) = key.and_then(SigningKey::token_key) else {
        let body = ErrorResponse::new(ErrorCode::ServerError, "no signing key is active");
        return Err(EndpointError::new(StatusCode::INTERNAL_SERVER_ERROR, body));
    };
    Ok(responses::json(StatusCode::OK, &answer))
}
