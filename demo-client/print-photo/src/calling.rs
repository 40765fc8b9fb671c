//! Calls to Photo Space that show what becomes of a token: used as it is, and ended on purpose.

use actix_web::{HttpResponse, web};

use super::access::Access;
use super::clients::Clients;
use super::guard::{Button, OwnForm};
use super::page::{self, CalledPage, Shell};
use super::problem::Problem;
use super::session::Visitor;

/// `POST /call`: one call with the token as it is. Nothing is renewed and nobody is asked: a token that was withdrawn
/// is seen to be dead.
pub(super) async fn call(
    OwnForm(Button {}): OwnForm<Button>,
    visitor: Visitor,
    clients: web::Data<Clients>,
) -> Result<HttpResponse, Problem> {
    let session = visitor.session();
    let access = session.access().ok_or(Problem::NoAccess)?;
    let held = access.client.tokens().await?;
    if held.is_none() {
        return Err(Problem::NoAccess);
    }
    let client = access.as_it_is(session);
    let answer = client.get(clients.photos_url.clone()).await?;
    let status = answer.status().as_u16();
    access.note_if_refused(status, session).await;
    clients.questions.complete(&session.flow).await;
    let shell = Shell::of(&visitor).await;
    let account = format!("{}/account/applications", clients.authorization_server);
    Ok(page::ok(&CalledPage {
        shell,
        status,
        account,
    }))
}

/// `POST /expire`: ends the access token at the authorization server and keeps it here, as if its time had come. The next
/// call is refused, the token renewed, and the call repeated.
pub(super) async fn expire(
    OwnForm(Button {}): OwnForm<Button>,
    visitor: Visitor,
) -> Result<HttpResponse, Problem> {
    let session = visitor.session();
    let access = session.access().filter(Access::is_of_an_owner);
    let access = access.ok_or(Problem::NoAccess)?;
    let held = access.client.tokens().await?.ok_or(Problem::NoAccess)?;
    session.flow.clear();
    let client = access.watched(session);
    let revoked = client.registration().revoke(held.access_token).await;
    revoked.map_err(|error| Problem::from(&error))?;
    Ok(page::see_other("/photos"))
}
