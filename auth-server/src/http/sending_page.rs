//! Whose page sends a request, by what the browser says and no page can change
//! ([Fetch Metadata](https://www.w3.org/TR/fetch-metadata/)).

use actix_web::HttpRequest;
use actix_web::http::header::ORIGIN;

use crate::server::Server;

const SITE: &str = "sec-fetch-site";

/// What the browser says of a page of this server.
const OURS: &str = "same-origin";

/// Whether a page of another site sends this. Browsers say so; who is none has no pages of others.
pub(crate) fn is_from_another_site(server: &Server, request: &HttpRequest) -> bool {
    let headers = request.headers();
    match (headers.get(SITE), headers.get(ORIGIN)) {
        (Some(site), _) => site != OURS && site != "none",
        (None, Some(origin)) => origin.as_bytes() != server.addresses.origin().as_bytes(),
        (None, None) => false,
    }
}

/// Whether a page of ours sends this, and that is proved.
pub(crate) fn is_from_our_page(server: &Server, request: &HttpRequest) -> bool {
    let headers = request.headers();
    match (headers.get(SITE), headers.get(ORIGIN)) {
        (Some(site), _) => site == OURS,
        (None, Some(origin)) => origin.as_bytes() == server.addresses.origin().as_bytes(),
        (None, None) => false,
    }
}

/// Whether what the address says was done may be shown as done: whoever follows a link of somebody else has done nothing.
pub(crate) fn may_say_done(request: &HttpRequest) -> bool {
    let site = request.headers().get(SITE);
    site.is_none_or(|site| site == OURS)
}
