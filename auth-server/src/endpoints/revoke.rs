//! `POST /oauth/revoke` ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::revocation::RevocationRequest;

use crate::audit::AuditEvent;
use crate::http::caller::address;
use crate::http::client_authentication::authenticated_client;
use crate::http::form::Form;
use crate::http::refusals::Refusal;
use crate::http::token_length::is_too_long;
use crate::server::Server;
use crate::tokens::revoke::Revocation;

pub(super) async fn revoke(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let authenticated = authenticated_client(&server, &request, &mut form).await?;
    let RevocationRequest { token } = RevocationRequest::decode(&mut form)
        .ok_or_else(|| Refusal::bad_request("the token parameter is missing"))?;
    if is_too_long(&server, &token) {
        // RFC 7009 §2.2: "invalid tokens do not cause an error response".
        return Ok(HttpResponse::Ok().finish());
    }
    let revocation = server.revoker.revoke(&authenticated, &token).await?;
    let (client, address) = (&authenticated.id, &address(&request));
    let event = match &revocation {
        Revocation::AccessToken(ended) => AuditEvent::AccessTokenRevoked {
            client,
            ended,
            address,
        },
        Revocation::Grant(ended) => AuditEvent::GrantRevoked {
            client,
            ended,
            address,
        },
        Revocation::OtherClient { grant_id } => AuditEvent::RevocationRefused {
            client,
            grant_id: *grant_id,
            address,
        },
        Revocation::NothingToEnd => return Ok(HttpResponse::Ok().finish()),
    };
    server.audit.record(&event);
    match revocation {
        // RFC 7009 §2.1: "If this validation fails, the request is refused".
        Revocation::OtherClient { .. } => Err(Refusal::token_of_other_client()),
        Revocation::AccessToken(_) | Revocation::Grant(_) | Revocation::NothingToEnd => {
            Ok(HttpResponse::Ok().finish())
        }
    }
}
