//! The brake on what browsers make the server keep: a session, and the authorization request that waits in it, cost
//! whoever asks for them one line and the server a record for half an hour. Strangers are counted by address. Who is
//! signed in is counted by name, so that nobody at the same address is in the way.

use actix_web::HttpRequest;

use crate::brakes::network_of;
use crate::http::caller::{address, device};
use crate::http::refusals::Refusal;
use crate::http::session_cookie;
use crate::metrics::limits::BEGUN_PER_ADDRESS;
use crate::resource_owners::owner::ResourceOwner;
use crate::server::Server;
use crate::sessions::BrowserSession;

/// Who begins something.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Beginner<'a> {
    Owner(&'a str),
    Network(String),
}

/// The session that the browser is in, or a new one, which counts.
pub(crate) async fn find_or_begin(
    server: &Server,
    request: &HttpRequest,
) -> Result<BrowserSession, Refusal> {
    let cookies = session_cookie::presented(request, server);
    match server.sessions.find(cookies).await? {
        Some(session) => Ok(session),
        None => begin(server, request).await,
    }
}

/// A new session, which counts.
pub(crate) async fn begin(
    server: &Server,
    request: &HttpRequest,
) -> Result<BrowserSession, Refusal> {
    if is_for_a_part_of_a_page(request) {
        return Err(Refusal::access_denied());
    }
    count(server, &Beginner::Network(network_of(&address(request))))?;
    Ok(server.sessions.begin().await?)
}

/// A new session, in which this owner has signed in. It counts as theirs.
pub(crate) async fn begin_as(
    server: &Server,
    request: &HttpRequest,
    owner: &ResourceOwner,
) -> Result<BrowserSession, Refusal> {
    count(server, &Beginner::Owner(&owner.name))?;
    let sessions = server.sessions.in_browser(device(request));
    Ok(sessions.begin_briefly_as(owner).await?)
}

/// Whether a browser wants this for an image, a style or a script of some page
/// ([Fetch Metadata §2.2](https://www.w3.org/TR/fetch-metadata/#sec-fetch-mode-header)). Nobody signs in there, and a
/// stranger's page of a thousand images would use up what all people behind its reader's address may begin.
fn is_for_a_part_of_a_page(request: &HttpRequest) -> bool {
    let mode = request.headers().get("sec-fetch-mode");
    mode.is_some_and(|mode| mode == "no-cors")
}

/// Counts an authorization request that begins in a session which was there before.
pub(crate) fn count_request(
    server: &Server,
    request: &HttpRequest,
    session: &BrowserSession,
) -> Result<(), Refusal> {
    let beginner = match session.signed_in_as() {
        Some(owner) => Beginner::Owner(owner),
        None => Beginner::Network(network_of(&address(request))),
    };
    count(server, &beginner)
}

fn count(server: &Server, beginner: &Beginner<'_>) -> Result<(), Refusal> {
    server.begun.count(beginner).map_err(|wait| {
        server.metrics.limits_reached.count(BEGUN_PER_ADDRESS);
        Refusal::too_many_begun(wait.as_secs().max(1))
    })
}
