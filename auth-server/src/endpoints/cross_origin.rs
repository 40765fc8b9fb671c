//! Which scripts in browsers may call (CORS, [Fetch §3.2](https://fetch.spec.whatwg.org/#http-cors-protocol)):
//! those that live where a public client has registered a redirect URI.

use std::collections::BTreeSet;

use actix_cors::Cors;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE};

/// How long a browser may remember the answer to a preflight, in seconds.
const PREFLIGHT_MAX_AGE_SECS: usize = 600;

/// Lets these origins call, without cookies: no page can act in the name of who signed in.
pub(super) fn cross_origin(origins: &BTreeSet<String>) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::POST])
        .allowed_headers([AUTHORIZATION, CONTENT_TYPE])
        .max_age(PREFLIGHT_MAX_AGE_SECS)
        .block_on_origin_mismatch(false);
    origins
        .iter()
        .fold(cors, |cors, origin| cors.allowed_origin(origin))
}
