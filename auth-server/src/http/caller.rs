//! Who calls what: from where, and in which language.

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT_LANGUAGE;
use symbolon_service::client_address::client_address;

use crate::pages::Language;

/// Where the caller comes from, as text; empty when that cannot be known.
pub(crate) fn address(request: &HttpRequest) -> String {
    client_address(request).map_or_else(String::new, |address| address.to_string())
}

/// Which endpoint was called, by the one name that it has at all of its paths.
pub(crate) fn endpoint(request: &HttpRequest) -> &str {
    request.match_name().unwrap_or_else(|| request.path())
}

/// The language that the caller's browser prefers.
pub(crate) fn language(request: &HttpRequest) -> Language {
    let headers = request.headers().get_all(ACCEPT_LANGUAGE);
    // Whatever else stands there, what is a language is read.
    let ranges = headers.map(|header| String::from_utf8_lossy(header.as_bytes()));
    let ranges: Vec<_> = ranges.collect();
    Language::negotiate(Some(&ranges.join(",")))
}
