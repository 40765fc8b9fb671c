//! The cookie that stands for a browser's session.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse};
use symbolon::secret::Secret;

use crate::server::Server;
use crate::sessions::BrowserSession;

/// Cookies ignore ports: a name of our own keeps the services on one host apart.
const COOKIE: &str = "auth_server_session";

/// What the browser presents.
pub(crate) fn presented(request: &HttpRequest) -> Option<Secret> {
    request
        .cookie(COOKIE)
        .map(|cookie| Secret::new(cookie.value()))
}

/// Tells the browser which session it has.
pub(crate) fn set(response: &mut HttpResponse, session: &BrowserSession, server: &Server) {
    let cookie = cookie(server, session.cookie.expose().to_owned());
    if let Err(error) = response.add_cookie(&cookie) {
        tracing::error!(event = "cookie_not_set", %error);
    }
}

/// Tells the browser that its session is over.
pub(crate) fn remove(response: &mut HttpResponse, server: &Server) {
    let mut cookie = cookie(server, String::new());
    cookie.make_removal();
    if let Err(error) = response.add_cookie(&cookie) {
        tracing::error!(event = "cookie_not_removed", %error);
    }
}

fn cookie(server: &Server, value: String) -> Cookie<'static> {
    Cookie::build(COOKIE, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(server.is_https())
        .finish()
}
