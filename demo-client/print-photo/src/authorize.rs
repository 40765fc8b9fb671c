//! The pages that get a token: one per grant.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use symbolon::authorization::{AuthorizationOutcome, AuthorizationResponse};
use symbolon::secret::Secret;

use super::attack::Attack;
use super::clients::{Clients, SCRIPT_PATH, TokenKind};
use super::code_client::CodeClient;
use super::exchange::Exchange;
use super::guard::{Button, OwnForm};
use super::page::{
    self, ClientCredentialsPage, CodePage, HomePage, PasswordPage, ScriptPage, Shell,
};
use super::problem::Problem;
use super::session::{Asked, Session, Visitor};
use symbolon_client::{
    AuthorizationCodeRequest, ClientError, PasswordProvider, PendingAuthorization, ProviderChain,
    Scope, TokenRequest,
};

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

/// What the form of the code grant says.
#[derive(Debug, Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    tokens: TokenKind,
}

/// `POST /code`: sends the browser to the authorization server.
pub(super) async fn code(
    OwnForm(CodeForm { tokens }): OwnForm<CodeForm>,
    visitor: Visitor,
    clients: web::Data<Clients>,
) -> Result<HttpResponse, Problem> {
    let client = clients.web(tokens, visitor.session());
    begin(&visitor, &clients, &client, None)
}

/// Starts the authorization code grant, whose code is used for an attack first, if for any.
pub(super) fn begin(
    visitor: &Visitor,
    clients: &Clients,
    client: &CodeClient,
    ambush: Option<Attack>,
) -> Result<HttpResponse, Problem> {
    let (url, pending) = client.start().map_err(|error| Problem::from(&error))?;
    let access = clients.asking_owner(client);
    visitor.remember();
    let session = visitor.session();
    session.flow.clear();
    session.flow.authorization_request(&url);
    session.keep_pending(pending, Asked { access, ambush });
    Ok(page::see_other(url.as_str()))
}

/// `GET /callback`: the browser is back.
pub(super) async fn callback(
    request: HttpRequest,
    visitor: Visitor,
) -> Result<HttpResponse, Problem> {
    let query = request.query_string();
    let session = visitor.session();
    let exchange = session.exchange(query, |pending, asked| {
        exchange(query, pending, asked, &visitor)
    });
    let Some(exchange) = exchange else {
        let foreign = symbolon_client::CallbackError::ForeignState;
        let path = visitor.application().callback_path();
        session.flow.callback(path, query, Some(&foreign));
        return Err(Problem::ForeignCallback);
    };
    let outcome = exchange.outcome().await;
    outcome.map_err(|error| Problem::from(&*error))?;
    if visitor.grant_access_of(&exchange) {
        Ok(page::see_other(exchange.next))
    } else {
        Err(Problem::ForeignCallback)
    }
}

/// Begins to exchange the code of a callback.
fn exchange(
    query: &str,
    pending: PendingAuthorization,
    asked: Asked,
    visitor: &Visitor,
) -> Exchange {
    let (session, application) = (visitor.session(), visitor.application());
    let grant = pending.complete(query);
    let path = application.callback_path();
    session.flow.callback(path, query, grant.as_ref().err());
    let grant = match grant {
        Ok(grant) => grant,
        Err(error) => return Exchange::refused(query, error.into()),
    };
    let Asked { access, ambush } = asked;
    let client = access.watched(session);
    let Some(attack) = ambush else {
        let exchange = Exchange::begin(query, access, async move { client.accept(grant).await });
        return exchange.leading_to(application.page_with_access());
    };
    // The thief comes first, and the code is still good for its owner.
    let thief = access.attacking(session, attack);
    let stolen = stolen_code(query, session);
    let exchange = Exchange::begin(query, access, async move {
        if let Some(request) = stolen {
            // What comes of it is in the flow.
            let _ = thief.registration().request_tokens(&request).await;
        }
        client.accept(grant).await
    });
    exchange.leading_to("/attacks")
}

/// What a thief can do with a callback that he has seen: everything but the verifier is in it.
fn stolen_code(query: &str, session: &Session) -> Option<TokenRequest> {
    let response = AuthorizationResponse::decode(query.as_bytes()).ok()?;
    let AuthorizationOutcome::Code(code) = response.outcome else {
        return None;
    };
    let arrows = session.flow.arrows();
    let asked = arrows
        .iter()
        .find_map(|arrow| arrow.request.parameter("redirect_uri"));
    Some(TokenRequest::AuthorizationCode(AuthorizationCodeRequest {
        code,
        redirect_uri: asked.map(str::to_owned),
        code_verifier: None,
    }))
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
        inspector: None,
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
