//! Who calls what, from where.

use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;
use symbolon_service::client_address::client_address;

use crate::records::Device;

/// Where the caller comes from, as text; empty when that cannot be known.
pub(crate) fn address(request: &HttpRequest) -> String {
    client_address(request).map_or_else(String::new, |address| address.to_string())
}

/// Bytes of what a browser calls itself; the rest says nothing.
const LONGEST_USER_AGENT: usize = 255;

/// The caller's browser.
pub(crate) fn device(request: &HttpRequest) -> Device {
    let user_agent = request.headers().get(USER_AGENT);
    let user_agent = user_agent.and_then(|value| value.to_str().ok());
    // A header that is text is ASCII.
    let user_agent = user_agent.map(|text| text.get(..LONGEST_USER_AGENT).unwrap_or(text));
    Device {
        address: client_address(request).map(|address| address.to_string()),
        user_agent: user_agent.map(ToOwned::to_owned),
    }
}

/// Which endpoint was called, by the one name that it has at all of its paths.
pub(crate) fn endpoint(request: &HttpRequest) -> &str {
    request.match_name().unwrap_or_else(|| request.path())
}
