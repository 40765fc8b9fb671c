//! `GET /oauth/jwks`: the public keys that check JWTs, those to come and those replaced among them
//! ([RFC 7517 §5](https://www.rfc-editor.org/rfc/rfc7517#section-5)).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use symbolon::jwk::JwkSet;

use crate::http::answers;
use crate::keys::signing::SigningKey;
use crate::server::Server;

pub(super) async fn show(server: Data<Server>) -> HttpResponse {
    let ring = server.keys.current();
    let keys = ring.published_keys().filter_map(SigningKey::jwk).collect();
    answers::json(StatusCode::OK, &JwkSet { keys })
}
