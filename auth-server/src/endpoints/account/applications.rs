//! `/account/applications`: what an owner gave to whom, and taking it back.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use symbolon::identifiers::ClientId;
use symbolon::parameters;

use crate::audit::AuditEvent;
use crate::http::answers::{self, Forms};
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::sending_page::may_say_done;
use crate::http::visitor::{sender, signed_in};
use crate::pages::{ApplicationsPage, GrantedApplication, Language, Place};
use crate::records::{GrantId, TokenFormat};
use crate::server::Server;
use crate::tokens::end::{AccessOf, ClientAccess};

/// Names the application whose access was taken back, in the address that one is sent to afterwards.
const REMOVED: &str = "removed";

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
    query: Query<BTreeMap<String, String>>,
) -> Result<HttpResponse, Refusal> {
    let visitor = match signed_in(&server, &request, Place::Applications).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let frame = frame(&server, &request);
    let granted = server.access.clients_of(&visitor.owner.name).await?;
    let removed = query.get(REMOVED).filter(|_| may_say_done(&request));
    let removed = removed.map(|id| ClientId::new(id.as_str()));
    let removed = removed.filter(|id| granted.iter().all(|one| one.client_id != *id));
    let removed = match removed {
        Some(id) => server.clients.find(&id).await?,
        None => None,
    };
    let mut applications = Vec::new();
    for access in granted {
        applications.push(application(&server, access, frame.language()).await?);
    }
    let shown = ApplicationsPage {
        menu: visitor.menu(Place::Applications),
        csrf_token: server.sessions.csrf_token(&visitor.session),
        applications,
        removed: removed.map(|client| client.name.clone()),
    };
    let html = shown.render(&frame)?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}

/// Takes back what one client has. Only a form of this session does; whatever else comes leads to the list.
pub(super) async fn take_back(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let page = &server.addresses.account.applications;
    let client_id = form.take("client_id").filter(|id| !id.is_empty());
    let sender = sender(&server, &request, &mut form).await?;
    let (Ok(visitor), Some(client_id)) = (sender, client_id.map(ClientId::new)) else {
        return Ok(answers::redirect(StatusCode::SEE_OTHER, &page.to_string()));
    };
    let of = AccessOf::Owner {
        name: visitor.owner.name.clone(),
        client_id: Some(client_id.clone()),
    };
    let owner = &visitor.owner.name;
    let is_allowed = server.access.is_allowed(owner, &client_id).await?;
    let ended = server.access.end_all(&of).await?;
    let ended: Vec<Option<GrantId>> = if ended.is_empty() && is_allowed {
        vec![None]
    } else {
        ended.iter().map(|one| Some(one.grant_id)).collect()
    };
    let address = address(&request);
    for grant_id in &ended {
        server.audit.record(&AuditEvent::AccessEnded {
            client: &client_id,
            owner: Some(owner),
            grant_id: *grant_id,
            by: Some(owner),
            address: &address,
        });
    }
    let query = parameters::encode([(REMOVED, Some(client_id.as_str()))]);
    let location = if ended.is_empty() {
        page.to_string()
    } else {
        format!("{page}?{query}")
    };
    Ok(answers::redirect(StatusCode::SEE_OTHER, &location))
}

async fn application(
    server: &Server,
    access: ClientAccess,
    language: Language,
) -> Result<GrantedApplication, Refusal> {
    let ClientAccess {
        client_id,
        since,
        last_token,
        has_grants,
        scopes,
        unasked,
    } = access;
    let client = server.clients.find(&client_id).await?;
    let name = client.as_ref().map(|client| client.name.clone());
    let described = |scopes: BTreeSet<String>| {
        let scopes = scopes.iter();
        scopes
            .map(|name| server.scopes.describe(name, language.tag()))
            .collect()
    };
    Ok(GrantedApplication {
        name: name.unwrap_or_else(|| client_id.to_string()),
        since,
        last_token,
        has_access: has_grants,
        scopes: described(scopes),
        unasked: unasked.map(|more| (described(more.scopes), more.until)),
        has_signed_tokens: client.is_some_and(|client| client.token_format == TokenFormat::Jwt),
        client_id: client_id.to_string(),
    })
}
