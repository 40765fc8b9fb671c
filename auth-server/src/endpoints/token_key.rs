//! `GET /oauth/token_key`: the key that checks JWTs, as the Spring dialect publishes it.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;

use crate::http::answers;
use crate::http::client_authentication::{admitted_by, authenticated_client};
use crate::http::container_errors;
use crate::http::refusals::Refusal;
use crate::keys::signing::SigningKey;
use crate::server::Server;

pub(super) async fn show(request: HttpRequest, server: Data<Server>) -> HttpResponse {
    match answer(&request, &server).await {
        Ok(answer) => answer,
        Err(refusal) => container_errors::answer(&server, &request, &refusal),
    }
}

/// A public key is for everybody. A shared secret is for those who check tokens, because whoever has it
/// can also make them.
async fn answer(request: &HttpRequest, server: &Server) -> Result<HttpResponse, Refusal> {
    let ring = server.keys.current();
    let key = ring.active_key(server.clock.now());
    let is_shared = key.is_some_and(|key| key.algorithm().is_shared());
    let nothing = &mut Parameters::default();
    match &server.access_rules.token_key {
        Some(rule) => {
            let client = admitted_by(rule, server, request, nothing).await?;
            if is_shared && client.is_none_or(|client| client.is_public()) {
                return Err(Refusal::shared_key_for_nobody());
            }
        }
        None if is_shared => {
            let client = authenticated_client(server, request, nothing).await?;
            if !client.may_introspect {
                return Err(Refusal::access_denied());
            }
        }
        None => {}
    }
    let answer = key.and_then(SigningKey::token_key);
    let answer = answer.ok_or_else(Refusal::no_active_key)?;
    Ok(answers::json(StatusCode::OK, &answer))
}
