//! `GET /oauth/token_key`: the key that checks JWTs, as the Spring dialect publishes it.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::jwk::SigningAlgorithm;
use symbolon::parameters::Parameters;

use crate::http::answers;
use crate::http::client_authentication::authenticated_client;
use crate::http::refusals::Refusal;
use crate::keys::signing::SigningKey;
use crate::server::Server;

/// A public key is for everybody. A shared secret is for those who check tokens, because whoever has it
/// can also make them.
pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let ring = server.keys.current();
    let key = ring.active_key(server.clock.now());
    if key.is_some_and(|key| key.algorithm() == SigningAlgorithm::HS256) {
        let client = authenticated_client(&server, &request, &mut Parameters::default()).await?;
        if !client.may_introspect {
            return Err(Refusal::access_denied());
        }
    }
    let answer = key.and_then(SigningKey::token_key);
    let answer = answer.ok_or_else(Refusal::no_active_key)?;
    Ok(answers::json(StatusCode::OK, &answer))
}
