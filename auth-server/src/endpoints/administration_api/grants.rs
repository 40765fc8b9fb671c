//! `/admin/api/v1/grants`: what owners gave, and what clients hold.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;
use symbolon::parameters::Parameters;
use utoipa::ToSchema;

use super::parts::{Named, Problem, named, said};
use crate::administration::{Administrators, ListedGrant};
use crate::http::administrator::administrator;
use crate::http::answers;
use crate::http::form_error::FormError;
use crate::http::refusals::Refusal;
use crate::records::GrantId;
use crate::server::Server;
use crate::tokens::end::AccessOf;

/// What one approval gave, or a client for itself: all its tokens end together. None of them is shown.
#[derive(Serialize, ToSchema)]
#[allow(clippy::struct_field_names, reason = "the words of RFC 6749")]
pub(super) struct Grant {
    /// Its id, which opens nothing.
    grant_id: String,
    /// Who has it.
    client_id: String,
    /// Who gave it; absent where the client acts for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    owner: Option<String>,
    /// How the client came to it.
    grant_type: String,
    /// What may be done: names separated by blanks.
    scope: String,
    /// Whether there are tokens; otherwise nobody has exchanged the code yet.
    exchanged: bool,
    /// When it was given, in seconds since 1970, where that was noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    given_at: Option<u64>,
    /// When its last token was issued, in seconds since 1970, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    last_token_at: Option<u64>,
    /// When it is over at the latest, in seconds since 1970.
    expires_at: u64,
}

impl From<ListedGrant> for Grant {
    fn from(one: ListedGrant) -> Self {
        let given = one.given;
        Self {
            grant_id: one.grant_id.to_string(),
            client_id: given.client_id.to_string(),
            owner: one.owner,
            grant_type: given.grant_type.as_str().to_owned(),
            scope: given.scope.to_string(),
            exchanged: given.code_expires_at.is_none(),
            given_at: given.given_at.map(Timestamp::as_secs),
            last_token_at: given.issued_at.map(Timestamp::as_secs),
            expires_at: one.expires_at.as_secs(),
        }
    }
}

/// A part of what was given, in no order that means anything.
#[derive(Serialize, ToSchema)]
pub(super) struct GrantList {
    /// At most 50. There may be none, and yet some behind them: one call searches some thousand records and no more.
    items: Vec<Grant>,
    /// `after` of the next call; absent when all has been searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// What has ended.
#[derive(Serialize, ToSchema)]
pub(super) struct EndedGrants {
    /// How many grants.
    ended: usize,
    /// `after` of the next call; absent when all has been searched and ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// Lists what an owner gave (`owner`), to one client (`client_id`, too), or what a client holds (`client_id` alone: of every
/// owner and for itself, which is searched for a part at a time).
#[utoipa::path(get, path = "/admin/api/v1/grants", tag = "grants",
    params(
        ("owner" = Option<String>, Query, nullable = false, min_length = 1, description = "Who gave it; needed where `client_id` is not said"),
        ("client_id" = Option<String>, Query, nullable = false, min_length = 1, description = "Who has it; needed where `owner` is not said"),
        ("after" = Option<String>, Query, nullable = false, description = "`next` of the list before")),
    security(("token" = ["admin.read"])),
    responses((status = OK, body = GrantList), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn list(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    administrator(&server, &request, Administrators::READ).await?;
    let (of, after) = meant(&request)?;
    let at = &server.administration;
    let page = at.list_access(&of, after.as_deref()).await?;
    let page = page.ok_or_else(no_place)?;
    let told = GrantList {
        items: page.items.into_iter().map(Grant::from).collect(),
        next: page.next,
    };
    Ok(answers::json(StatusCode::OK, &told))
}

/// Ends what such a list has, and forgets what was approved, so that owners are asked again. Without `client_id` all sessions
/// of the owner end, too. One call ends some hundred and searches some thousand records: while there is `next`, there may be more.
#[utoipa::path(delete, path = "/admin/api/v1/grants", tag = "grants",
    params(
        ("owner" = Option<String>, Query, nullable = false, min_length = 1, description = "Who gave it; needed where `client_id` is not said"),
        ("client_id" = Option<String>, Query, nullable = false, min_length = 1, description = "Who has it; needed where `owner` is not said"),
        ("after" = Option<String>, Query, nullable = false, description = "`next` of the answer before")),
    security(("token" = ["admin.write"])),
    responses((status = OK, body = EndedGrants), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn end(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let caller = administrator(&server, &request, Administrators::WRITE).await?;
    let (of, after) = meant(&request)?;
    let at = &server.administration;
    let ended = at.end_some_access(caller.who(), &of, after.as_deref());
    let ended = ended.await?.ok_or_else(no_place)?;
    let told = EndedGrants {
        ended: ended.count,
        next: ended.next,
    };
    Ok(answers::json(StatusCode::OK, &told))
}

/// Reads a grant that has tokens.
#[utoipa::path(get, path = "/admin/api/v1/grants/{grant_id}", tag = "grants",
    params(("grant_id" = String, Path, description = "Which")),
    security(("token" = ["admin.read"])),
    responses((status = OK, body = Grant), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn read(
    request: HttpRequest,
    server: Data<Server>,
    grant_id: Named,
) -> Result<HttpResponse, Refusal> {
    administrator(&server, &request, Administrators::READ).await?;
    let found = server.administration.find_grant(&id(grant_id)?).await?;
    let one = found.ok_or_else(no_such)?;
    Ok(answers::json(StatusCode::OK, &Grant::from(one)))
}

/// Ends a grant that has tokens, and forgets what its owner approved for this client.
#[utoipa::path(delete, path = "/admin/api/v1/grants/{grant_id}", tag = "grants",
    params(("grant_id" = String, Path, description = "Which")),
    security(("token" = ["admin.write"])),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn end_one(
    request: HttpRequest,
    server: Data<Server>,
    grant_id: Named,
) -> Result<HttpResponse, Refusal> {
    let caller = administrator(&server, &request, Administrators::WRITE).await?;
    let of = AccessOf::Grant(id(grant_id)?);
    let at = &server.administration;
    let ended = at.end_some_access(caller.who(), &of, None).await?;
    if ended.is_none_or(|ended| ended.count == 0) {
        return Err(no_such());
    }
    Ok(HttpResponse::NoContent().finish())
}

/// Whose access a query means, and where the list goes on.
fn meant(request: &HttpRequest) -> Result<(AccessOf, Option<String>), Refusal> {
    let query = Parameters::decode(request.query_string().as_bytes());
    let mut query = query.map_err(FormError::from)?;
    let client_id = said(&mut query, "client_id")?.map(ClientId::new);
    let of = match (said(&mut query, "owner")?, client_id) {
        (Some(name), client_id) => AccessOf::Owner { name, client_id },
        (None, Some(client_id)) => AccessOf::Client(client_id),
        (None, None) => return Err(Refusal::bad_request("owner or client_id has to be said")),
    };
    Ok((of, query.take("after")))
}

fn id(grant_id: Named) -> Result<GrantId, Refusal> {
    GrantId::from_text(&named(grant_id)?).ok_or_else(no_such)
}

fn no_such() -> Refusal {
    Refusal::no_such("there is no such grant, or nobody has exchanged its code yet")
}

fn no_place() -> Refusal {
    Refusal::bad_request("after is no next of such an answer")
}
