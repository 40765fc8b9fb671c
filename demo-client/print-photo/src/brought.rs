//! Bring your own application: a client that a visitor has registered at the authorization server asks in the place of ours,
//! in the session of this visitor.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use symbolon::secret::Secret;

use super::clients::{BroughtClient, Clients};
use super::guard::{Button, OwnForm};
use super::page::{self, BroughtPage, Shell};
use super::problem::Problem;
use super::session::Visitor;
use symbolon_client::Scope;

/// No id or secret is longer, in characters.
const LONGEST: usize = 512;

/// Where a client asks.
const CODE_PATH: &str = "/code";

/// What the visitor types.
#[derive(Debug, Deserialize)]
pub(super) struct BroughtForm {
    client_id: String,
    client_secret: Secret,
    scope: String,
}

/// `GET /own-client`
pub(super) async fn page(visitor: Visitor, clients: web::Data<Clients>) -> HttpResponse {
    visitor.remember();
    let page = filled_in(&visitor, &clients, "", "photo.read profile").await;
    page::ok(&page)
}

async fn filled_in(
    visitor: &Visitor,
    clients: &Clients,
    client_id: &str,
    scope: &str,
) -> BroughtPage {
    BroughtPage {
        shell: Shell::of(visitor).await,
        authorization_server: clients.authorization_server.clone(),
        redirect_uri: clients.redirect_uri(),
        client_id: client_id.to_owned(),
        scope: scope.to_owned(),
        client_id_fault: None,
        secret_fault: None,
        scope_fault: None,
    }
}

/// `POST /own-client`: from now on this client asks, or the page says what is wrong beside the field.
pub(super) async fn bring(
    OwnForm(form): OwnForm<BroughtForm>,
    visitor: Visitor,
    clients: web::Data<Clients>,
) -> Result<HttpResponse, Problem> {
    let (id, secret) = (form.client_id.trim(), form.client_secret.expose().trim());
    let scope = Scope::parse(form.scope.trim());
    let mut page = filled_in(&visitor, &clients, id, &form.scope).await;
    if !is_typed(id) || id.is_empty() {
        page.client_id_fault = Some("own-client-id-fault");
    }
    if !is_typed(secret) {
        page.secret_fault = Some("own-secret-fault");
    }
    let Ok(scope) = scope else {
        page.scope_fault = Some("own-scope-fault");
        return Ok(page::answer(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    if page.client_id_fault.is_some() || page.secret_fault.is_some() {
        return Ok(page::answer(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let client = clients.brought(BroughtClient {
        id: id.to_owned(),
        secret: Some(secret)
            .filter(|text| !text.is_empty())
            .map(Secret::new),
        scope: Some(scope).filter(|scope| !scope.is_empty()),
    });
    let client = client.map_err(|_| Problem::Internal)?;
    visitor.session().bring(Some(client));
    Ok(page::see_other(CODE_PATH))
}

/// `POST /own-client/forget`: Print Photo's own client asks again.
pub(super) async fn forget(OwnForm(Button {}): OwnForm<Button>, visitor: Visitor) -> HttpResponse {
    visitor.session().bring(None);
    page::see_other(CODE_PATH)
}

/// RFC 6749 appendix A.1, A.2: visible ASCII and spaces.
fn is_typed(text: &str) -> bool {
    text.len() <= LONGEST && text.chars().all(|character| matches!(character, ' '..='~'))
}
