//! Which headers go on to another server, and which belong to one connection only
//! ([RFC 9110 §7.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1)).

use std::net::IpAddr;

use actix_web::http::header::{HeaderMap as ActixHeaders, HeaderValue as ActixValue};
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, COOKIE, HOST, HeaderMap, HeaderName, HeaderValue,
};

/// Those of one connection. `expect` is answered here, before the body is read.
const OF_THE_CONNECTION: [&str; 10] = [
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_HOST: &str = "x-forwarded-host";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// The headers of a request as they go on to the old server: all but those of the connection, with who has asked.
/// What a proxy in front has said of the host and the scheme stays.
pub(super) fn onward(headers: &ActixHeaders, peer: Option<IpAddr>) -> HeaderMap {
    let named = named_by_connection(headers.get_all("connection").map(ActixValue::as_bytes));
    let mut onward = HeaderMap::new();
    for (name, value) in headers {
        if stays_here(name.as_str(), &named) {
            continue;
        }
        let name = HeaderName::from_bytes(name.as_str().as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            onward.append(name, value);
        }
    }
    if let Some(value) = peer.and_then(|peer| forwarded_for(&onward, peer)) {
        onward.insert(FORWARDED_FOR, value);
    }
    if let Some(host) = onward.get(HOST).cloned() {
        onward.entry(FORWARDED_HOST).or_insert(host);
    }
    let scheme = onward.entry(FORWARDED_PROTO);
    scheme.or_insert(HeaderValue::from_static("http"));
    onward
}

fn forwarded_for(headers: &HeaderMap, peer: IpAddr) -> Option<HeaderValue> {
    let before = headers.get_all(FORWARDED_FOR).iter();
    let before = before.filter_map(|value| value.to_str().ok());
    let mut all: Vec<String> = before.map(str::to_owned).collect();
    all.push(peer.to_canonical().to_string());
    all.join(", ").parse().ok()
}

/// The same for the new server. A session at the old server means nothing there and is nobody else's affair, and
/// what is compared is not compressed.
pub(super) fn for_the_new_server(mut headers: HeaderMap) -> HeaderMap {
    for name in [ACCEPT_ENCODING, CONTENT_LENGTH, COOKIE] {
        headers.remove(name);
    }
    headers
}

/// The headers of an answer that go back. The length is written from the body.
pub(super) fn back(headers: &HeaderMap) -> Vec<(&str, &[u8])> {
    let connection = headers.get_all("connection").iter();
    let named = named_by_connection(connection.map(HeaderValue::as_bytes));
    let goes_back = |name: &str| !stays_here(name, &named) && name != CONTENT_LENGTH.as_str();
    let all = headers.iter();
    let back = all.filter(|(name, _)| goes_back(name.as_str()));
    back.map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect()
}

fn named_by_connection<'a>(values: impl Iterator<Item = &'a [u8]>) -> Vec<String> {
    let texts = values.filter_map(|value| std::str::from_utf8(value).ok());
    let names = texts.flat_map(|text| text.split(','));
    names.map(|name| name.trim().to_ascii_lowercase()).collect()
}

fn stays_here(name: &str, named: &[String]) -> bool {
    OF_THE_CONNECTION.contains(&name) || named.iter().any(|own| own == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderName as ActixName;

    fn headers(pairs: &[(&'static str, &'static str)]) -> ActixHeaders {
        let mut headers = ActixHeaders::new();
        for (name, value) in pairs {
            headers.append(ActixName::from_static(name), ActixValue::from_static(value));
        }
        headers
    }

    #[test]
    fn headers_of_the_connection_stay_and_all_others_go_on() {
        let sent = headers(&[
            ("connection", "close, X-Mine"),
            ("x-mine", "1"),
            ("te", "trailers"),
            ("proxy-authorization", "Basic eDp5"),
            ("accept", "a"),
            ("accept", "b"),
            ("host", "login.example"),
            ("x-forwarded-for", "192.0.2.1"),
            ("x-forwarded-proto", "https"),
        ]);
        let onward = onward(&sent, Some(IpAddr::from([127, 0, 0, 1])));
        let all: Vec<&HeaderValue> = onward.get_all("accept").iter().collect();
        assert_eq!(all, ["a", "b"]);
        assert_eq!(onward["host"], "login.example");
        assert_eq!(onward["x-forwarded-for"], "192.0.2.1, 127.0.0.1");
        assert_eq!(onward["x-forwarded-proto"], "https");
        assert_eq!(onward["x-forwarded-host"], "login.example");
        assert_eq!(onward.len(), 6);
    }
}
