//! The cookie of a browser in which an owner has signed in. It opens nothing; see
//! [`KnownBrowsers`](crate::sessions::known_browsers::KnownBrowsers). It is read as the session's is: as bytes, among
//! whatever others have set.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::secret::Secret;

use crate::server::Server;

const NAME: &str = "auth_server_known_browser";

/// How long a browser is known after a sign-in.
const KNOWN_FOR: Duration = Duration::days(180);

/// How many cookies of our name are looked at.
const MOST_PRESENTED: usize = 8;

/// The browser's own name, when this owner has signed in there before.
pub(crate) fn recognised(request: &HttpRequest, server: &Server, owner: &str) -> Option<String> {
    let headers = request.headers().get_all(header::COOKIE);
    let pairs = headers.flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
    let name = server.addresses.name_on_host(NAME);
    let values = pairs.filter_map(|pair| value_of(pair, &name));
    let mut presented = values.take(MOST_PRESENTED);
    presented.find_map(|cookie| server.known_browsers.recognise(&cookie, owner))
}

fn value_of(pair: &[u8], name: &str) -> Option<Secret> {
    let value = pair.trim_ascii().strip_prefix(name.as_bytes())?;
    let value = std::str::from_utf8(value.strip_prefix(b"=")?).ok()?;
    Some(Secret::new(value))
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
