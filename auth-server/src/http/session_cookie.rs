//! The cookie that stands for a browser's session.
//!
//! A browser sends what every program on the host has set, in whatever encoding, and several cookies of one name
//! when another path or a parent domain has one. So cookies are read as bytes, pair by pair; what is not ours is
//! passed over, and all that could be ours are given back.
//!
//! Only answers to a form of a session that lives, and pages that a browser was sent to, set or remove it. A form
//! that comes without it comes from a page of somebody else, to whom browsers do not give it (`SameSite=Lax`): an
//! answer that set or removed it would sign people out.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{COOKIE, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use symbolon::secret::Secret;

use crate::server::Server;
use crate::sessions::BrowserSession;

/// Cookies ignore ports: a name of our own keeps the services on one host apart.
const NAME: &str = "auth_server_session";

/// The same where browsers come over TLS. By the prefix they take it from this host only, and from no neighbour on
/// the domain ([RFC 6265bis §4.1.3.2](https://www.rfc-editor.org/rfc/rfc6265bis)).
const NAME_OF_HOST: &str = "__Host-auth_server_session";

/// 32 bytes in base64url.
const LENGTH: usize = 43;

/// How many cookies of our name are looked at. Each costs a read of the store.
const MOST_PRESENTED: usize = 8;

/// What the browser presents under our name, in its order.
pub(crate) fn presented(request: &HttpRequest, server: &Server) -> Vec<Secret> {
    let headers = request.headers().get_all(COOKIE);
    read(headers.map(HeaderValue::as_bytes), name(server))
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

fn name(server: &Server) -> &'static str {
    if server.is_https() {
        NAME_OF_HOST
    } else {
        NAME
    }
}

fn cookie(server: &Server, value: String) -> Cookie<'static> {
    Cookie::build(name(server), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(server.is_https())
        .finish()
}

/// The values of cookies of this name that could be ours.
fn read<'h>(headers: impl Iterator<Item = &'h [u8]>, name: &str) -> Vec<Secret> {
    let mut values: Vec<Secret> = Vec::new();
    for pair in headers.flat_map(|header| header.split(|byte| *byte == b';')) {
        if let Some(value) = value_of(pair, name)
            && values.len() < MOST_PRESENTED
            && !values.contains(&value)
        {
            values.push(value);
        }
    }
    values
}

fn value_of(pair: &[u8], name: &str) -> Option<Secret> {
    let mut halves = pair.splitn(2, |byte| *byte == b'=');
    let found = halves.next()?.trim_ascii();
    let value = halves.next()?.trim_ascii();
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    let is_ours = found == name.as_bytes() && value.len() == LENGTH;
    if !is_ours || !value.iter().all(is_letter) {
        return None;
    }
    std::str::from_utf8(value).ok().map(Secret::new)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn values(headers: &[Vec<u8>]) -> Vec<String> {
        let read = read(headers.iter().map(Vec::as_slice), NAME);
        read.iter().map(|value| value.expose().to_owned()).collect()
    }

    /// Whatever another program has set: any bytes that a header may hold but the semicolon, which ends it.
    fn foreign() -> impl Strategy<Value = Vec<u8>> {
        let byte = any::<u8>().prop_filter("no separator", |byte| {
            !matches!(byte, b';' | b'\r' | b'\n' | 0)
        });
        vec(byte, 0..40).prop_filter("not one of ours", |pair| value_of(pair, NAME).is_none())
    }

    fn own() -> impl Strategy<Value = String> {
        "[A-Za-z0-9_-]{43}"
    }

    proptest! {
        #[test]
        fn our_cookie_is_found_among_whatever_others_have_set(
            before in vec(foreign(), 0..6),
            after in vec(foreign(), 0..6),
            padding in ("[ \t]{0,3}", "[ \t]{0,3}", "[ \t]{0,3}", "[ \t]{0,3}"),
            value in own(),
            apart in any::<bool>(),
        ) {
            let (a, b, c, d) = padding;
            let ours = format!("{a}{NAME}{b}={c}{value}{d}").into_bytes();
            let headers = if apart {
                vec![before.join(&b';'), ours, after.join(&b';')]
            } else {
                let pairs: Vec<Vec<u8>> = before.into_iter().chain([ours]).chain(after).collect();
                vec![pairs.join(&b';')]
            };
            prop_assert_eq!(values(&headers), [value]);
        }

        #[test]
        fn every_cookie_of_our_name_is_given_once_in_the_browsers_order(
            sent in vec(own(), 1..6),
            others in vec(foreign(), 6),
        ) {
            let ours = sent.iter().map(|value| format!(" {NAME}={value}").into_bytes());
            let pairs: Vec<Vec<u8>> = ours.zip(others).flat_map(|(ours, other)| [other, ours]).collect();
            let mut expected = sent.clone();
            let mut seen = std::collections::BTreeSet::new();
            expected.retain(|value| seen.insert(value.clone()));
            // A value that is repeated costs nothing.
            let twice = [pairs.join(&b';'), pairs.join(&b';')];
            prop_assert_eq!(values(&twice), expected);
        }
    }

    #[test]
    fn no_more_cookies_are_looked_at_than_cost_little() {
        let many = (0..100).map(|number| format!("{NAME}={number:043}"));
        let header = many.collect::<Vec<_>>().join("; ");
        assert_eq!(values(&[header.into_bytes()]).len(), MOST_PRESENTED);
    }
}
