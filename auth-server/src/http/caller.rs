//! Who calls what, from where.

use actix_web::HttpRequest;
use symbolon_service::client_address::client_address;

/// Where the caller comes from, as text; empty when that cannot be known.
pub(crate) fn address(request: &HttpRequest) -> String {
    client_address(request).map_or_else(String::new, |address| address.to_string())
}

/// Which endpoint was called, by the one name that it has at all of its paths.
pub(crate) fn endpoint(request: &HttpRequest) -> &str {
    request.match_name().unwrap_or_else(|| request.path())
}
