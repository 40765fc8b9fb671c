//! The pages that get a token: one per grant.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use symbolon::secret::Secret;

use super::clients::{CALLBACK_PATH, Clients, SCRIPT_PATH};
use super::exchange::Exchange;
use super::guard::{Button, OwnForm};
use super::page::{
    self, ClientCredentialsPage, CodePage, HomePage, PasswordPage, ScriptPage, Shell,
};
use super::problem::Problem;
use super::session::{Session, Visitor};
use symbolon_client::{ClientError, PasswordProvider, PendingAuthorization, ProviderChain, Scope};

/// `GET /`
pub(super) async fn home(visitor: Visitor) -> HttpResponse {
    let shell = Shell::of(&visitor).await;
    page::ok(&HomePage { shell })
}

/// `GET /code`
pub(super) async fn code_page(visitor: Visitor, clients: web::Data<Clients>) -> HttpResponse {
    visitor.remember();
    let shell = Shell::of(&visitor).await;
    let authorization_server = clients.authorization_server.clone();
    page::ok(&CodePage {
        shell,
        authorization_server,
    })
}

/// `POST /code`: sends the browser to the authorization server.
pub(super) async fn code(
    OwnForm(Button {}): OwnForm<Button>,
    visitor: Visitor,
    clients: web::Data<Clients>,
) -> Result<HttpResponse, Problem> {
    begin(&visitor, &clients)
}

/// Starts the authorization code grant.
pub(super) fn begin(visitor: &Visitor, clients: &Clients) -> Result<HttpResponse, Problem> {
    let access = clients.web();
    let (url, pending) = clients
        .authorization_code
        .start(access.client.registration())
        .map_err(|error| Problem::from(&error))?;
    visitor.remember();
    let session = visitor.session();
    session.flow.clear();
    session.flow.authorization_request(&url);
    session.keep_pending(pending);
    Ok(page::see_other(url.as_str()))
}

/// `GET /callback`: the browser is back.
pub(super) async fn callback(
    request: HttpRequest,
    visitor: Visitor,
    clients: web::Data<Clients>,
) -> Result<HttpResponse, Problem> {
    let query = request.query_string();
    let session = visitor.session();
    let exchange = session.exchange(query, |pending| exchange(query, pending, session, &clients));
    let Some(exchange) = exchange else {
        let foreign = symbolon_client::CallbackError::ForeignState;
        session.flow.callback(CALLBACK_PATH, query, Some(&foreign));
        return Err(Problem::ForeignCallback);
    };
    let outcome = exchange.outcome().await;
    outcome.map_err(|error| Problem::from(&*error))?;
    if visitor.grant_access_of(&exchange) {
        Ok(page::see_other("/photos"))
    } else {
        Err(Problem::ForeignCallback)
    }
}

/// Begins to exchange the code of a callback.
fn exchange(
    query: &str,
    pending: PendingAuthorization,
    session: &Session,
    clients: &Clients,
) -> Exchange {
    let grant = pending.complete(query);
    session
        .flow
        .callback(CALLBACK_PATH, query, grant.as_ref().err());
    let grant = match grant {
        Ok(grant) => grant,
        Err(error) => return Exchange::refused(query, error.into()),
    };
    let access = clients.web();
    let client = access.watched(session);
    Exchange::begin(query, access, async move { client.accept(grant).await })
}

/// `GET /password`
pub(super) async fn password_page(visitor: Visitor) -> HttpResponse {
    visitor.remember();
    let shell = Shell::of(&visitor).await;
    page::ok(&PasswordPage { shell })
}

/// What the owner types.
#[derive(Deserialize)]
pub(super) struct OwnerCredentials {
    username: String,
    password: Secret,
}

/// `POST /password`: the password is used once and not kept.
pub(super) async fn password(
    OwnForm(OwnerCredentials { username, password }): OwnForm<OwnerCredentials>,
    visitor: Visitor,
    clients: web::Data<Clients>,
) -> Result<HttpResponse, Problem> {
    let session = visitor.session();
    session.flow.clear();
    let access = clients.desktop();
    let scope = Scope::parse("photo.read").map_err(|_| Problem::Internal)?;
    let provider = PasswordProvider::new(username, password).with_scope(scope);
    let once = access
        .watched(session)
        .with_provider_chain(ProviderChain::default().or(provider));
    match once.renew().await {
        Ok(_) => {
            visitor.grant_access(access);
            Ok(page::see_other("/photos"))
        }
        Err(ClientError::Token(error)) if error.is_invalid_grant() => Err(Problem::WrongPassword),
        Err(error) => Err(error.into()),
    }
}

/// `GET /client-credentials`
pub(super) async fn client_credentials_page(visitor: Visitor) -> HttpResponse {
    visitor.remember();
    let shell = Shell::of(&visitor).await;
    page::ok(&ClientCredentialsPage { shell })
}

/// `POST /client-credentials`
pub(super) async fn client_credentials(
    OwnForm(Button {}): OwnForm<Button>,
    visitor: Visitor,
    clients: web::Data<Clients>,
) -> Result<HttpResponse, Problem> {
    let session = visitor.session();
    session.flow.clear();
    let access = clients.backup();
    if access.client.tokens().await?.is_some() {
        session.flow.kept_token();
    }
    access.watched(session).access_token().await?;
    visitor.grant_access(access);
    Ok(page::see_other("/photos"))
}

/// `GET /spa`: the page whose script is a client of its own.
pub(super) async fn script_page(visitor: Visitor, clients: web::Data<Clients>) -> HttpResponse {
    let shell = Shell {
        steps: Vec::new(),
        ..Shell::of(&visitor).await
    };
    page::ok(&ScriptPage {
        shell,
        authorization_server: clients.authorization_server.clone(),
        require_iss: clients.require_iss,
        resource_server: clients.resource_server.clone(),
        client_id: clients.script_client_id.clone(),
        redirect_uri: format!("{}{SCRIPT_PATH}", clients.public_url),
    })
}
