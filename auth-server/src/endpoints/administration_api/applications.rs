//! `/admin/api/v1/applications`: clients of the store.

use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, EntityTag, TryIntoHeaderValue as _};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use symbolon::identifiers::ClientId;
use symbolon::parameters::Parameters;
use symbolon::scope::Scope;
use symbolon::secret::{self, Secret};
use symbolon::token::GrantType;
use utoipa::ToSchema;

use super::parts::{Named, Problem, looked_at, named, refused, said};
use crate::administration::{
    Administrators, ApplicationAction, ApplicationAddition, ApplicationFilter, ApplicationState,
    Changed, Kept, NewApplication, PAGE, fingerprint,
};
use crate::http::administrator::administrator;
use crate::http::answers;
use crate::http::form_error::FormError;
use crate::http::json_body::ExactJson;
use crate::http::refusals::Refusal;
use crate::passwords::{generate_secret, hash_generated_secret};
use crate::records::ClientRegistration;
use crate::server::Server;

/// A client of the store.
#[derive(Serialize, ToSchema)]
pub(super) struct Application {
    /// Its name for programs.
    client_id: String,
    /// Its name for people.
    client_name: String,
    /// `active`; `awaiting`: an administrator has yet to let it in; `suspended`: it is locked.
    state: &'static str,
    /// Whether it cannot keep a secret, and has none.
    public: bool,
    /// What it may use.
    grant_types: Vec<String>,
    /// Where browsers may be sent.
    redirect_uris: Vec<String>,
    /// What it may ask for: names separated by blanks.
    scope: String,
    /// Where its tokens are good; none: everywhere.
    resource_ids: Vec<String>,
    /// What it may do for itself.
    authorities: Vec<String>,
    /// Where people read about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    client_uri: Option<String>,
    /// Its picture, which the page of approval shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    logo_uri: Option<String>,
    /// What it does with data.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    policy_uri: Option<String>,
    /// Its terms of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    tos_uri: Option<String>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    contacts: Vec<String>,
    /// The account that registered it, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    registered_by: Option<String>,
    /// When it was registered, in seconds since 1970, where that was noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    registered_at: Option<u64>,
    /// The secret that was made for it: it is told this once.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "secret::expose_option"
    )]
    #[schema(value_type = Option<String>, nullable = false)]
    client_secret: Option<Secret>,
}

impl From<ClientRegistration> for Application {
    fn from(client: ClientRegistration) -> Self {
        let grants = client.grant_types.iter();
        let registered_at = client.registered.as_ref().map(|it| it.at.as_secs());
        Self {
            state: ApplicationState::of(&client).as_str(),
            client_id: client.client_id.to_string(),
            client_name: client.client_name,
            public: client.client_secret.is_none(),
            grant_types: grants.map(|grant| grant.as_str().to_owned()).collect(),
            redirect_uris: client.redirect_uris,
            scope: client.scope.to_string(),
            resource_ids: client.resource_ids,
            authorities: client.authorities,
            client_uri: client.client_uri,
            logo_uri: client.logo_uri,
            policy_uri: client.policy_uri,
            tos_uri: client.tos_uri,
            contacts: client.contacts,
            registered_by: client.registered.and_then(|it| it.by),
            registered_at,
            client_secret: None,
        }
    }
}

/// Clients, in the order of their ids.
#[derive(Serialize, ToSchema)]
pub(super) struct ApplicationList {
    /// At most 50.
    items: Vec<Application>,
    /// `after` of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// Lists clients, 50 at a time.
#[utoipa::path(get, path = "/admin/api/v1/applications", tag = "applications",
    params(
        ("awaiting" = Option<bool>, Query, nullable = false, description = "Those that wait for an administrator"),
        ("registered_by" = Option<String>, Query, nullable = false, min_length = 1,
            description = "Those that this account has registered; not together with `awaiting`"),
        ("after" = Option<String>, Query, nullable = false, description = "`next` of the page before")),
    security(("token" = ["admin.read"])),
    responses((status = OK, body = ApplicationList), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn list(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    administrator(&server, &request, Administrators::READ).await?;
    let mut query =
        Parameters::decode(request.query_string().as_bytes()).map_err(FormError::from)?;
    let filter = filter(&mut query)?;
    let after = query.take("after");
    let applications = &server.administration.applications;
    let page = applications.list(&filter, after.as_deref(), PAGE).await?;
    let told = ApplicationList {
        items: page.items.into_iter().map(Application::from).collect(),
        next: page.next,
    };
    Ok(answers::json(StatusCode::OK, &told))
}

fn filter(query: &mut Parameters) -> Result<ApplicationFilter, Refusal> {
    let is_said = query.contains("awaiting");
    let awaiting = match query.take("awaiting").as_deref() {
        Some("true") => true,
        Some("false") => false,
        None if !is_said => false,
        Some(_) | None => return Err(Refusal::bad_request("awaiting is neither true nor false")),
    };
    match (awaiting, said(query, "registered_by")?) {
        (false, None) => Ok(ApplicationFilter::All),
        (true, None) => Ok(ApplicationFilter::Awaiting),
        (false, Some(owner)) => Ok(ApplicationFilter::RegisteredBy(owner)),
        (true, Some(_)) => Err(Refusal::bad_request(
            "awaiting and registered_by are not asked for together",
        )),
    }
}

/// A new client.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewClient {
    /// Its name for people.
    #[schema(min_length = 1, max_length = 255)]
    client_name: String,
    /// What it may use, such as `authorization_code`.
    #[schema(value_type = Vec<String>, min_items = 1)]
    grant_types: Vec<GrantType>,
    /// What it may ask for: names separated by blanks.
    #[schema(value_type = String, min_length = 1)]
    scope: Scope,
    /// Where browsers may be sent.
    #[serde(default)]
    #[schema(max_items = 20)]
    redirect_uris: Vec<String>,
    /// Whether it runs where a secret cannot be kept, and gets none.
    #[serde(default)]
    public: bool,
    /// Where its tokens are good; none: everywhere.
    #[serde(default)]
    resource_ids: Vec<String>,
    /// What it may do for itself.
    #[serde(default)]
    authorities: Vec<String>,
    /// Where people read about it.
    client_uri: Option<String>,
    /// Its picture.
    logo_uri: Option<String>,
    /// What it does with data.
    policy_uri: Option<String>,
    /// Its terms of service.
    tos_uri: Option<String>,
    /// Who answers for it.
    #[serde(default)]
    #[schema(max_items = 20)]
    contacts: Vec<String>,
}

impl NewClient {
    fn application(self, secret: Option<&Secret>) -> NewApplication {
        NewApplication {
            client_name: self.client_name,
            redirect_uris: self.redirect_uris,
            grant_types: self.grant_types.into_iter().collect(),
            scope: self.scope,
            client_uri: self.client_uri,
            logo_uri: self.logo_uri,
            policy_uri: self.policy_uri,
            tos_uri: self.tos_uri,
            contacts: self.contacts,
            secret: secret.map(hash_generated_secret),
            resource_ids: self.resource_ids,
            authorities: self.authorities,
        }
    }
}

/// Adds a client, which is active at once. What it is called and its secret are made, and that is told this once.
#[utoipa::path(post, path = "/admin/api/v1/applications", tag = "applications", request_body = NewClient,
    security(("token" = ["admin.write"])),
    responses((status = CREATED, body = Application), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn add(
    request: HttpRequest,
    server: Data<Server>,
    said: Result<ExactJson<NewClient>, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let caller = administrator(&server, &request, Administrators::WRITE).await?;
    let ExactJson(said) = said?;
    let secret = (!said.public).then(|| generate_secret(server.registration.random.as_ref()));
    let new = said.application(secret.as_ref());
    let added = server.administration.add_application(caller.who(), &new);
    match added.await? {
        ApplicationAddition::Added(id) => told(&server, &id, StatusCode::CREATED, secret).await,
        ApplicationAddition::Faults(faults) => Err(Refusal::bad_json(&faults)),
    }
}

/// Gives a client another secret, which is told this once. The one before is good for a while longer.
#[utoipa::path(post, path = "/admin/api/v1/applications/{client_id}/secret", tag = "applications",
    params(("client_id" = String, Path, description = "Which")),
    security(("token" = ["admin.write"])),
    responses((status = OK, body = Application), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn rotate_secret(
    request: HttpRequest,
    server: Data<Server>,
    client_id: Named,
) -> Result<HttpResponse, Refusal> {
    let caller = administrator(&server, &request, Administrators::WRITE).await?;
    let id = ClientId::new(named(client_id)?);
    let secret = generate_secret(server.registration.random.as_ref());
    let hash = hash_generated_secret(&secret);
    let rotated = server
        .administration
        .rotate_client_secret(caller.who(), &id, &hash);
    refused(&rotated.await?, Kept::Client)?;
    told(&server, &id, StatusCode::OK, Some(secret)).await
}

/// Reads a client. The answer's `ETag` stands for all that its registration says at this moment.
#[utoipa::path(get, path = "/admin/api/v1/applications/{client_id}", tag = "applications",
    params(("client_id" = String, Path, description = "Which")),
    security(("token" = ["admin.read"])),
    responses(
        (status = OK, body = Application, headers(("ETag" = String, description = "For `If-Match` of an approval"))), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn read(
    request: HttpRequest,
    server: Data<Server>,
    client_id: Named,
) -> Result<HttpResponse, Refusal> {
    administrator(&server, &request, Administrators::READ).await?;
    let id = ClientId::new(named(client_id)?);
    told(&server, &id, StatusCode::OK, None).await
}

/// Lets a client in that waits for that. Its developer may change it until then: say in `If-Match` what was looked at, and
/// nothing else is let in.
#[utoipa::path(post, path = "/admin/api/v1/applications/{client_id}/approve", tag = "applications",
    params(
        ("client_id" = String, Path, description = "Which"),
        ("If-Match" = Option<String>, Header, nullable = false,
            description = "`ETag` of the answer that was looked at; 412 `precondition_failed` when the client says something else now")),
    security(("token" = ["admin.write"])),
    responses((status = OK, body = Application), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn approve(
    request: HttpRequest,
    server: Data<Server>,
    client_id: Named,
) -> Result<HttpResponse, Refusal> {
    let Some(tags) = looked_at(&request)? else {
        return change(&request, &server, client_id, ApplicationAction::Approve).await;
    };
    let caller = administrator(&server, &request, Administrators::WRITE).await?;
    let id = ClientId::new(named(client_id)?);
    let mut changed = Changed::SaysOther;
    for seen in tags {
        let at = &server.administration;
        changed = at.approve_application(caller.who(), &id, &seen).await?;
        if changed != Changed::SaysOther {
            break;
        }
    }
    refused(&changed, Kept::Client)?;
    told(&server, &id, StatusCode::OK, None).await
}

/// Locks a client: its tokens are not good meanwhile.
#[utoipa::path(post, path = "/admin/api/v1/applications/{client_id}/suspend", tag = "applications",
    params(("client_id" = String, Path, description = "Which")),
    security(("token" = ["admin.write"])),
    responses((status = OK, body = Application), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn suspend(
    request: HttpRequest,
    server: Data<Server>,
    client_id: Named,
) -> Result<HttpResponse, Refusal> {
    change(&request, &server, client_id, ApplicationAction::Suspend).await
}

/// Takes that back.
#[utoipa::path(post, path = "/admin/api/v1/applications/{client_id}/resume", tag = "applications",
    params(("client_id" = String, Path, description = "Which")),
    security(("token" = ["admin.write"])),
    responses((status = OK, body = Application), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn resume(
    request: HttpRequest,
    server: Data<Server>,
    client_id: Named,
) -> Result<HttpResponse, Refusal> {
    change(&request, &server, client_id, ApplicationAction::Resume).await
}

/// Removes a client for good: its tokens are good for nothing from then on.
#[utoipa::path(delete, path = "/admin/api/v1/applications/{client_id}", tag = "applications",
    params(("client_id" = String, Path, description = "Which")),
    security(("token" = ["admin.write"])),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn remove(
    request: HttpRequest,
    server: Data<Server>,
    client_id: Named,
) -> Result<HttpResponse, Refusal> {
    let caller = administrator(&server, &request, Administrators::WRITE).await?;
    let id = ClientId::new(named(client_id)?);
    let at = &server.administration;
    let removed = at.change_application(caller.who(), &id, ApplicationAction::Remove);
    refused(&removed.await?, Kept::Client)?;
    Ok(HttpResponse::NoContent().finish())
}

async fn change(
    request: &HttpRequest,
    server: &Server,
    client_id: Named,
    action: ApplicationAction,
) -> Result<HttpResponse, Refusal> {
    let caller = administrator(server, request, Administrators::WRITE).await?;
    let id = ClientId::new(named(client_id)?);
    let changed = server
        .administration
        .change_application(caller.who(), &id, action);
    refused(&changed.await?, Kept::Client)?;
    told(server, &id, StatusCode::OK, None).await
}

/// A client as it is now, with the secret that was made for it.
async fn told(
    server: &Server,
    id: &ClientId,
    status: StatusCode,
    client_secret: Option<Secret>,
) -> Result<HttpResponse, Refusal> {
    let found = server.administration.applications.find(id).await?;
    let unknown = || Refusal::no_such("there is no such client in the store");
    let client = found.ok_or_else(unknown)?;
    let tag = EntityTag::new_strong(fingerprint(&client));
    let told = Application {
        client_secret,
        ..Application::from(client)
    };
    let mut answer = answers::json(status, &told);
    if let Ok(tag) = tag.try_into_value() {
        answer.headers_mut().insert(ETAG, tag);
    }
    Ok(answer)
}
