//! What a page of a sign-in asks the browser for, where owners have passkeys.

use crate::http::refusals::Refusal;
use crate::server::Server;
use crate::sessions::BrowserSession;

/// What the sign-in page of this session asks for.
#[cfg(feature = "passkeys")]
pub(crate) fn of_anybody(server: &Server, session: &BrowserSession) -> Option<String> {
    server.passkeys.as_ref()?.ask(&session.id)
}

/// What the page of the second step asks for, if its owner has a passkey.
#[cfg(feature = "passkeys")]
pub(crate) async fn of_owner(
    server: &Server,
    session: &BrowserSession,
    owner: &str,
) -> Result<Option<String>, Refusal> {
    let Some(passkeys) = &server.passkeys else {
        return Ok(None);
    };
    let has_some = !passkeys.of(owner).await?.is_empty();
    Ok(of_anybody(server, session).filter(|_| has_some))
}

/// A server that was built without passkeys asks for none.
#[cfg(not(feature = "passkeys"))]
pub(crate) const fn of_anybody(_: &Server, _: &BrowserSession) -> Option<String> {
    None
}

/// The same after the password.
#[cfg(not(feature = "passkeys"))]
#[allow(clippy::unused_async, reason = "it is asked as the other one is")]
pub(crate) async fn of_owner(
    _: &Server,
    _: &BrowserSession,
    _: &str,
) -> Result<Option<String>, Refusal> {
    Ok(None)
}
