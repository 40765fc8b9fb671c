//! The cookie of a browser in which an owner has signed in. It opens nothing; see
//! [`KnownBrowsers`](crate::sessions::known_browsers::KnownBrowsers).

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse};
use symbolon::secret::Secret;

use crate::http::cookie_values::cookie_values;
use crate::server::Server;

const NAME: &str = "auth_server_known_browser";

/// How long a browser is known after a sign-in.
const KNOWN_FOR: Duration = Duration::days(180);

/// The browser's own name, when this owner has signed in there before.
pub(crate) fn recognised(request: &HttpRequest, server: &Server, owner: &str) -> Option<String> {
    let name = server.addresses.name_on_host(NAME);
    let mut presented = cookie_values(request, &name).map(Secret::new);
    presented.find_map(|cookie| server.known_browsers.recognise(&cookie, owner))
}

/// Tells the browser that this owner has signed in there.
pub(crate) fn set(response: &mut HttpResponse, server: &Server, owner: &str) {
    let Some(value) = server.known_browsers.vouch(owner) else {
        return;
    };
    let name = server.addresses.name_on_host(NAME);
    let cookie = Cookie::build(name, value.expose().to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(server.is_https())
        .max_age(KNOWN_FOR)
        .finish();
    if let Err(error) = response.add_cookie(&cookie) {
        tracing::error!(event = "cookie_not_set", %error);
    }
}
