//! `GET /oauth/token_key`: the key that checks JWTs, as the Spring dialect publishes it.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;

use crate::http::announced::announce;
use crate::http::answers;
use crate::http::client_authentication::{admitted_by, authenticated_client};
use crate::http::container_errors;
use crate::http::refusals::Refusal;
use crate::keys::signing::SigningKey;
use crate::records::Habit;
use crate::server::Server;

pub(super) async fn show(request: HttpRequest, server: Data<Server>) -> HttpResponse {
    let mut response = match answer(&request, &server).await {
        Ok(answer) => answer,
        Err(refusal) => container_errors::answer(&server, &request, &refusal),
    };
    announce(&server, &[Habit::TokenKey], &mut response);
    response
}

/// A public key is for everybody. A shared secret is for those who check tokens, because whoever has it
/// can also make them.
async fn answer(request: &HttpRequest, server: &Server) -> Result<HttpResponse, Refusal> {
    let ring = server.keys.current();
    let key = ring.active_key(server.clock.now());
    let is_shared = key.is_some_and(|key| key.algorithm().is_shared());
    let nothing = &mut Parameters::default();
    let client = match &server.access_rules.token_key {
        Some(rule) => {
            let client = admitted_by(rule, server, request, nothing).await?;
            let is_nobody = client.as_ref().is_none_or(|client| client.is_public());
            if is_shared && is_nobody {
                return Err(Refusal::shared_key_for_nobody());
            }
            client
        }
        None if is_shared => {
            let client = authenticated_client(server, request, nothing).await?;
            if !client.may_introspect {
                return Err(Refusal::access_denied());
            }
            Some(client)
        }
        None => None,
    };
    let id = client.as_ref().map(|client| &client.id);
    server.habits.note(Habit::TokenKey, id);
    let answer = key.and_then(SigningKey::token_key);
    let answer = answer.ok_or_else(Refusal::no_active_key)?;
    Ok(answers::json(StatusCode::OK, &answer))
}
