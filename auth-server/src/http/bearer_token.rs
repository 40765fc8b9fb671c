//! The bearer token of a request ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use symbolon::bearer::BearerCredentials;
use symbolon::secret::Secret;

/// The one bearer token that a request shows.
pub(crate) fn bearer_token(request: &HttpRequest) -> Option<Secret> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let (header, None) = (headers.next()?, headers.next()) else {
        return None;
    };
    match BearerCredentials::parse(header.to_str().ok()?) {
        BearerCredentials::Token(token) => Some(token),
        BearerCredentials::Absent | BearerCredentials::Malformed => None,
    }
}
