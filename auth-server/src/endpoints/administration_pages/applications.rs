//! `/admin`, `/admin/applications` and `/admin/application`.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::identifiers::ClientId;

use super::asked::{Asked, Doer, address_of, administrator, menu, notice_of, see, sent_by};
use crate::administration::{
    ApplicationAction, ApplicationFilter, Changed, Kept, PAGE, fingerprint,
};
use crate::http::answers::{self, Forms};
use crate::http::application_form::state;
use crate::http::form::Form;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::pages::{
    AdministeredApplicationPage, AdministeredApplicationsPage, AdministrationNotice,
    ApplicationLine, ApplicationLinks,
};
use crate::records::ClientRegistration;
use crate::server::Server;

pub(super) async fn show_awaiting(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    list(&request, &server, ApplicationFilter::Awaiting).await
}

pub(super) async fn show_all(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    list(&request, &server, ApplicationFilter::All).await
}

async fn list(
    request: &HttpRequest,
    server: &Server,
    filter: ApplicationFilter,
) -> Result<HttpResponse, Refusal> {
    let visitor = match administrator(server, request).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let asked = Asked::of(request);
    let applications = &server.administration.applications;
    let found = applications.list(&filter, asked.after.as_deref(), PAGE);
    let found = found.await?;
    let at = &server.addresses.administration;
    let awaiting = filter == ApplicationFilter::Awaiting;
    let here = if awaiting {
        &at.overview
    } else {
        &at.applications
    };
    let line = |client: &ClientRegistration| ApplicationLine {
        client_id: client.client_id.to_string(),
        name: client.client_name.clone(),
        state: state(client),
        address: address(server, &client.client_id, None),
    };
    let page = AdministeredApplicationsPage {
        menu: menu(&visitor),
        notice: asked.notice,
        awaiting,
        applications: found.items.iter().map(line).collect(),
        next: found
            .next
            .map(|next| address_of(here, [("after", Some(next.as_str()))])),
    };
    let html = page.render(&frame(server, request))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let visitor = match administrator(&server, &request).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let asked = Asked::of(&request);
    let applications = &server.administration.applications;
    let found = match asked.client_id.map(ClientId::new) {
        Some(id) => applications.find(&id).await?,
        None => None,
    };
    let Some(client) = found else {
        let list = &server.addresses.administration.applications;
        return Ok(see(&list.to_string()));
    };
    let grants = client.grant_types.iter();
    let access = &server.addresses.administration.access;
    let page = AdministeredApplicationPage {
        access: address_of(access, [("client_id", Some(client.client_id.as_str()))]),
        menu: menu(&visitor),
        csrf_token: server.sessions.csrf_token(&visitor.session),
        notice: asked.notice,
        state: state(&client),
        client_id: client.client_id.to_string(),
        seen: fingerprint(&client),
        links: links(&client),
        contacts: client.contacts,
        resource_ids: client.resource_ids,
        authorities: client.authorities,
        name: client.client_name,
        grants: grants.map(|grant| grant.as_str().to_owned()).collect(),
        registered_by: client.registered.and_then(|it| it.by),
        redirect_uris: client.redirect_uris,
        scopes: client.scope.names().map(str::to_owned).collect(),
    };
    let html = page.render(&frame(&server, &request))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}

/// Only a form of this session does anything; whatever else comes leads to the list.
pub(super) async fn change(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let list = &server.addresses.administration.applications;
    let Ok(visitor) = sent_by(&server, &request, &mut form).await? else {
        return Ok(see(&list.to_string()));
    };
    let id = form.take("client_id").map(ClientId::new);
    let action = form.take("action").and_then(|word| action(&word));
    let (Some(id), Some(action)) = (id, action) else {
        return Ok(see(&list.to_string()));
    };
    let doer = Doer::of(&server, &visitor, &request);
    let at = &server.administration;
    let seen = form.take("seen").unwrap_or_default();
    let changed = match action {
        ApplicationAction::Approve => at.approve_application(doer.who(), &id, &seen).await?,
        ApplicationAction::Suspend | ApplicationAction::Resume | ApplicationAction::Remove => {
            at.change_application(doer.who(), &id, action).await?
        }
    };
    if action == ApplicationAction::Remove && changed == Changed::Done(()) {
        let removed = AdministrationNotice::Removed.as_str();
        return Ok(see(&address_of(list, [("notice", Some(removed))])));
    }
    let notice = notice_of(&request, &doer, &changed, Kept::Client);
    Ok(see(&address(&server, &id, Some(notice))))
}

/// What people are shown of it, and led to.
fn links(client: &ClientRegistration) -> ApplicationLinks {
    ApplicationLinks {
        site: client.client_uri.clone(),
        logo: client.logo_uri.clone(),
        policy: client.policy_uri.clone(),
        terms: client.tos_uri.clone(),
    }
}

fn action(word: &str) -> Option<ApplicationAction> {
    match word {
        "approve" => Some(ApplicationAction::Approve),
        "suspend" => Some(ApplicationAction::Suspend),
        "resume" => Some(ApplicationAction::Resume),
        "remove" => Some(ApplicationAction::Remove),
        _ => None,
    }
}

fn address(server: &Server, id: &ClientId, notice: Option<AdministrationNotice>) -> String {
    let page = &server.addresses.administration.application;
    let query = [
        ("client_id", Some(id.as_str())),
        ("notice", notice.map(AdministrationNotice::as_str)),
    ];
    address_of(page, query)
}
