//! The cookie that stands for a browser's session.
//!
//! Only answers to a form of a session that lives, and pages that a browser was sent to, set or remove it. A form
//! that comes without it comes from a page of somebody else, to whom browsers do not give it (`SameSite=Lax`): an
//! answer that set or removed it would sign people out.

use std::borrow::Cow;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{COOKIE, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use symbolon::secret::Secret;
use symbolon_service::cookies;

use crate::server::Server;
use crate::sessions::BrowserSession;

/// Cookies ignore ports: a name of our own keeps the services on one host apart.
const NAME: &str = "auth_server_session";

/// The same where browsers come over TLS. By the prefix they take it from this host only, and from no neighbour on
/// the domain ([RFC 6265bis §4.1.3.2](https://www.rfc-editor.org/rfc/rfc6265bis)).
const NAME_OF_HOST: &str = "__Host-auth_server_session";

/// What the browser presents under our name, in its order.
pub(crate) fn presented(request: &HttpRequest, server: &Server) -> Vec<Secret> {
    let headers = request.headers().get_all(COOKIE);
    cookies::presented(headers.map(HeaderValue::as_bytes), &name(server))
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

/// `__Host-` wants the path to be `/`, so servers on one host would share a cookie of one name.
fn name(server: &Server) -> Cow<'static, str> {
    let name = if server.is_https() {
        NAME_OF_HOST
    } else {
        NAME
    };
    server.addresses.name_on_host(name)
}

fn cookie(server: &Server, value: String) -> Cookie<'static> {
    Cookie::build(name(server), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(server.is_https())
        .finish()
}
