//! Owners who sign in by HTTP Basic at the authorization endpoint, as scripts that drive a Spring server do: where the
//! server has that habit. People in browsers get the sign-in page all the same.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HeaderName};
use symbolon::client_authentication::basic_credentials;
use symbolon::secret::Secret;

use crate::http::refusals::Refusal;
use crate::http::sending_page::is_from_another_site;
use crate::http::sign_in_events::authenticate;
use crate::http::{new_session, session_cookie};
use crate::resource_owners::sign_in::SignInError;
use crate::server::Server;
use crate::sessions::BrowserSession;

const MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// The session that a request is in.
pub(crate) enum Visit {
    /// That of its cookie.
    Kept(BrowserSession),
    /// One that begins with it, because somebody signs in by it. It was counted.
    Begun(BrowserSession),
    /// None.
    Stranger,
}

/// The session that a request is in: that of its cookie or, where owners sign in by HTTP Basic, the one that begins
/// with it.
pub(crate) async fn visit(server: &Server, request: &HttpRequest) -> Result<Visit, Refusal> {
    let cookies = session_cookie::presented(request, server);
    let session = server.sessions.find(cookies).await?;
    let owner = match &session {
        Some(session) if server.spring.basic_sign_in => server.sessions.owner(session).await?,
        Some(_) | None => None,
    };
    let kept = session.map_or(Visit::Stranger, Visit::Kept);
    if !server.spring.basic_sign_in {
        return Ok(kept);
    }
    // Browsers send along what their user has typed once, also from a page of another site.
    let is_forced = request.method() != Method::GET && is_from_another_site(server, request);
    match credentials(request)?.filter(|_| !is_forced) {
        Some((name, _)) if owner.as_ref().is_some_and(|owner| owner.name == name) => Ok(kept),
        Some((name, password)) => sign_in(server, request, &name, &password)
            .await
            .map(Visit::Begun),
        None if owner.is_some() || is_a_person(request) => Ok(kept),
        None => Err(Refusal::owner_unauthorized(
            "Full authentication is required to access this resource",
        )),
    }
}

/// A new session, so that no cookie of before is worth anything.
async fn sign_in(
    server: &Server,
    request: &HttpRequest,
    name: &str,
    password: &Secret,
) -> Result<BrowserSession, Refusal> {
    let owner = match authenticate(server, request, name, password).await {
        Ok(owner) => owner,
        Err(SignInError::BadCredentials { .. } | SignInError::SecondFactorNeeded { .. }) => {
            return Err(Refusal::owner_unauthorized("Bad credentials"));
        }
        Err(error) => return Err(error.into()),
    };
    new_session::begin_as(server, request, &owner).await
}

/// Name and password of the one `Authorization` header, where there is one.
fn credentials(request: &HttpRequest) -> Result<Option<(String, Secret)>, Refusal> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let (header, another) = (headers.next(), headers.next());
    let Some(header) = header else {
        return Ok(None);
    };
    let read = header.to_str().ok().and_then(basic_credentials);
    let read = read.filter(|_| another.is_none());
    let malformed = "Failed to decode basic authentication token";
    read.map(Some)
        .ok_or_else(|| Refusal::owner_unauthorized(malformed))
}

/// Whether a browser opens a page for somebody who looks at it.
fn is_a_person(request: &HttpRequest) -> bool {
    let mode = request.headers().get(MODE);
    mode.is_some_and(|mode| mode == "navigate")
}
