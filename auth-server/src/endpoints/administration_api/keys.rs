//! `/admin/api/v1/keys`: the keys that sign tokens.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use symbolon::clock::Timestamp;
use utoipa::ToSchema;

use super::parts::Problem;
use crate::administration::{Administrators, PublishedKey};
use crate::http::administrator::administrator;
use crate::http::answers;
use crate::http::refusals::Refusal;
use crate::server::Server;

/// A key that signs, will sign or has signed.
#[derive(Serialize, ToSchema)]
pub(super) struct Key {
    /// Its name.
    kid: String,
    /// What it signs with, such as `ES256`.
    algorithm: &'static str,
    /// `published`: it signs later; `signs`; `replaced`: what it has signed is still checked.
    state: &'static str,
    /// When it begins to sign, or began, in seconds since 1970; unknown of a key of the settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    signs_from: Option<u64>,
    /// When all that it signs is over and it is removed, in seconds since 1970; absent while no other follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    published_until: Option<u64>,
}

impl From<PublishedKey> for Key {
    fn from(key: PublishedKey) -> Self {
        Self {
            kid: key.kid,
            algorithm: key.algorithm.as_str(),
            state: key.state.as_str(),
            signs_from: key.signs_from.map(Timestamp::as_secs),
            published_until: key.published_until.map(Timestamp::as_secs),
        }
    }
}

/// Keys, the youngest first.
#[derive(Serialize, ToSchema)]
pub(super) struct KeyList {
    /// All of them.
    items: Vec<Key>,
}

/// Lists keys.
#[utoipa::path(get, path = "/admin/api/v1/keys", tag = "keys",
    security(("token" = ["admin.read"])),
    responses((status = OK, body = KeyList), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn list(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    administrator(&server, &request, Administrators::READ).await?;
    let keys = server.administration.keys.list().into_iter();
    let told = KeyList {
        items: keys.map(Key::from).collect(),
    };
    Ok(answers::json(StatusCode::OK, &told))
}

/// Adds a key, which signs as soon as everybody can know it.
#[utoipa::path(post, path = "/admin/api/v1/keys", tag = "keys",
    security(("token" = ["admin.write"])),
    responses((status = CREATED, body = Key), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn rotate(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let caller = administrator(&server, &request, Administrators::WRITE).await?;
    let keys = &server.administration.keys;
    let added = keys.rotate(caller.who()).await?;
    let key = keys.list().into_iter().find(|key| key.kid == added);
    let told = Key::from(key.ok_or_else(Refusal::our_failure)?);
    Ok(answers::json(StatusCode::CREATED, &told))
}
