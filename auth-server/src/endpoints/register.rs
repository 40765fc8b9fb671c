//! `/oauth/register`: clients register themselves ([RFC 7591](https://www.rfc-editor.org/rfc/rfc7591)), and with
//! `?client_id=` manage themselves ([RFC 7592](https://www.rfc-editor.org/rfc/rfc7592)).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::identifiers::ClientId;
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;

use crate::audit::{AuditEvent, ClientChange};
use crate::clients::self_registration::{RegistrationApi, SelfRegistrationError, is_secret_of};
use crate::http::answers;
use crate::http::bearer_token::bearer_token;
use crate::http::caller::address;
use crate::http::json_body::JsonBody;
use crate::http::refusals::Refusal;
use crate::http::registration_refusals::{self as refusals, refused};
use crate::records::ClientRegistration;
use crate::server::Server;

mod messages;

use messages::{ClientInformation, ClientMetadata};

pub(super) async fn register(
    request: HttpRequest,
    server: Data<Server>,
    body: Result<JsonBody<ClientMetadata>, Refusal>,
) -> Result<HttpResponse, Refusal> {
    admit(&server, &request)?;
    let said = body?.said.ok_or_else(refusals::unreadable)?;
    if said.software_statement.is_some() {
        return Err(refusals::software_statement());
    }
    let wishes = said.wishes(&server.registration.policy.scope);
    let wishes = wishes.map_err(refusals::metadata)?;
    let registered = server.registration.register_by_api(&wishes).await;
    let (new, token) = registered.map_err(refused)?;
    server.audit.record(&AuditEvent::ClientRegistered {
        client: &new.registration.client_id,
        owner: None,
        address: &address(&request),
    });
    let endpoint = &server.addresses.register.url;
    let told = ClientInformation::of(&new.registration, &token, new.secret, endpoint);
    Ok(answers::json(StatusCode::CREATED, &told))
}

pub(super) async fn read(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let (client, token) = managed(&server, &request).await?;
    let endpoint = &server.addresses.register.url;
    let told = ClientInformation::of(&client, &token, None, endpoint);
    Ok(answers::json(StatusCode::OK, &told))
}

pub(super) async fn update(
    request: HttpRequest,
    server: Data<Server>,
    body: Result<JsonBody<ClientMetadata>, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let (known, token) = managed(&server, &request).await?;
    count(&server, &request)?;
    let said = body?.said.ok_or_else(refusals::unreadable)?;
    if said.software_statement.is_some() {
        return Err(refusals::software_statement());
    }
    said.check_update().map_err(refusals::metadata)?;
    // RFC 7592 §2.2: "client_id" is required, and a secret is the one that it has.
    let is_its_own = said.client_id.as_deref() == Some(known.client_id.as_str());
    let secret = said.client_secret.as_ref();
    if !is_its_own || secret.is_some_and(|secret| !is_secret_of(&known, secret)) {
        return Err(refusals::of_another_client());
    }
    let wishes = said.wishes(&server.registration.policy.scope);
    let wishes = wishes.map_err(refusals::metadata)?;
    let updated = server.registration.update(&known, &wishes).await;
    let updated = updated.map_err(refused)?;
    record(&server, &request, &known.client_id, ClientChange::Updated);
    let endpoint = &server.addresses.register.url;
    let told = ClientInformation::of(&updated, &token, None, endpoint);
    Ok(answers::json(StatusCode::OK, &told))
}

pub(super) async fn remove(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let (known, _) = managed(&server, &request).await?;
    let removed = server.registration.remove(&known).await;
    if !removed.map_err(|error| refused(SelfRegistrationError::Store(error)))? {
        return Err(refusals::token());
    }
    record(&server, &request, &known.client_id, ClientChange::Removed);
    Ok(HttpResponse::NoContent().finish())
}

fn record(server: &Server, request: &HttpRequest, client: &ClientId, change: ClientChange) {
    server.audit.record(&AuditEvent::ClientChanged {
        client,
        change,
        by: None,
        address: &address(request),
    });
}

/// Whether somebody may register here: before the body is looked at.
fn admit(server: &Server, request: &HttpRequest) -> Result<(), Refusal> {
    match server.registration.access.api {
        RegistrationApi::Off => Err(Refusal::not_found()),
        RegistrationApi::Open => count(server, request),
        RegistrationApi::InitialAccessToken => {
            count(server, request)?;
            let token = bearer_token(request).ok_or_else(refusals::no_token)?;
            let access = &server.registration.access;
            if access.is_initial_access_token(&token) {
                Ok(())
            } else {
                Err(refusals::token())
            }
        }
    }
}

fn count(server: &Server, request: &HttpRequest) -> Result<(), Refusal> {
    let counted = server.registration.access.count_address(&address(request));
    counted.map_err(Refusal::too_many_registrations)
}

/// The client that a request is about, if it shows the token of that client, and the token. Whether such a client is
/// there is not told.
async fn managed(
    server: &Server,
    request: &HttpRequest,
) -> Result<(ClientRegistration, Secret), Refusal> {
    if server.registration.access.api == RegistrationApi::Off {
        return Err(Refusal::not_found());
    }
    let token = bearer_token(request).ok_or_else(refusals::no_token)?;
    let query = Parameters::decode(request.query_string().as_bytes());
    let id = query.unwrap_or_default().take("client_id");
    let id = ClientId::new(id.ok_or_else(refusals::token)?);
    let found = server.registration.find_by_token(&id, &token).await?;
    Ok((found.ok_or_else(refusals::token)?, token))
}
