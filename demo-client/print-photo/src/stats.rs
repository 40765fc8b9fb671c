//! Photo Stats: a second application, which counts an owner's photos. Whoever has signed in for Print Photo is not asked
//! again who they are, and signing out of applications, at the authorization server, ends both.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::authorize;
use super::clients::Clients;
use super::guard::{Button, OwnForm};
use super::page::{self, CountedKind, Shell, StatsEntrancePage, StatsPage};
use super::photos::{owner_name, read_in_sight};
use super::problem::Problem;
use super::session::Visitor;
use symbolon_client::ClientError;

/// What is counted of a photo.
#[derive(Debug, Deserialize)]
struct CountedPhoto {
    content_type: String,
}

/// `GET /stats`: the numbers, or the way to them. Access that has ended, by a sign-out or in another way, is noticed by
/// this call: what is known of the owner is forgotten then.
pub(super) async fn page(
    visitor: Visitor,
    clients: web::Data<Clients>,
) -> Result<HttpResponse, Problem> {
    let session = visitor.session();
    let Some(access) = session.access() else {
        return Ok(entrance(&visitor, &clients, false).await);
    };
    let client = access.watched(session);
    let response = match client.get(clients.photos_url.clone()).await {
        Err(ClientError::AuthorizationRequired(_)) => {
            session.set_access(None);
            clients.questions.complete(&session.flow).await;
            return Ok(entrance(&visitor, &clients, true).await);
        }
        answer => answer?,
    };
    let read = read_in_sight(response, session).await?;
    let photos: Vec<CountedPhoto> =
        serde_json::from_slice(&read.body).map_err(|_| Problem::ResourceServerDown)?;
    let owner = owner_name(&access, session, &clients).await;
    clients.questions.complete(&session.flow).await;
    Ok(page::ok(&StatsPage {
        shell: Shell::of(&visitor).await,
        owner,
        total: photos.len(),
        kinds: count(photos),
        sign_out_url: format!("{}/logout", clients.authorization_server),
    }))
}

async fn entrance(visitor: &Visitor, clients: &Clients, is_over: bool) -> HttpResponse {
    visitor.remember();
    page::ok(&StatsEntrancePage {
        shell: Shell::of(visitor).await,
        authorization_server: clients.authorization_server.clone(),
        is_over,
    })
}

/// By their kinds of picture.
fn count(photos: Vec<CountedPhoto>) -> Vec<CountedKind> {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for photo in photos {
        let counted = kinds.entry(photo.content_type).or_default();
        *counted = counted.saturating_add(1);
    }
    let kinds = kinds.into_iter();
    kinds
        .map(|(content_type, count)| CountedKind {
            content_type,
            count,
        })
        .collect()
}

/// `POST /stats`: sends the browser to the authorization server.
pub(super) async fn begin(
    OwnForm(Button {}): OwnForm<Button>,
    visitor: Visitor,
    clients: web::Data<Clients>,
) -> Result<HttpResponse, Problem> {
    authorize::begin(&visitor, &clients, clients.stats(), None)
}
