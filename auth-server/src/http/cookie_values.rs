//! The values of cookies of one name: read as bytes, among whatever others have set.

use actix_web::HttpRequest;
use actix_web::http::header;

/// How many cookies of one name are looked at.
const MOST_PRESENTED: usize = 8;

/// Those that are text, in the browser's order.
pub(crate) fn cookie_values<'r>(
    request: &'r HttpRequest,
    name: &str,
) -> impl Iterator<Item = &'r str> {
    let headers = request.headers().get_all(header::COOKIE);
    let pairs = headers.flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
    pairs
        .filter_map(move |pair| {
            let value = pair.trim_ascii().strip_prefix(name.as_bytes())?;
            std::str::from_utf8(value.strip_prefix(b"=")?).ok()
        })
        .take(MOST_PRESENTED)
}
