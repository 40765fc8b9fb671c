//! Which pages of other origins may call from a script: what a client in a browser needs.

use actix_cors::Cors;
use actix_web::http::Method;
use actix_web::http::header::{LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};

/// How long a browser may remember that it may call, in seconds.
const PREFLIGHT_SECS: usize = 600;

/// Lets pages of `origins` call, and read why they were refused.
pub(super) fn allow(origins: &[String]) -> Cors {
    let origins = origins.to_vec();
    Cors::default()
        .allowed_origin_fn(move |origin, _| {
            origins
                .iter()
                .any(|allowed| allowed.as_bytes() == origin.as_bytes())
        })
        .allowed_methods([Method::GET, Method::POST, Method::DELETE])
        // Those of tracing and of old libraries among them: whoever may call may say so in its own way.
        .allow_any_header()
        .expose_headers([WWW_AUTHENTICATE, LOCATION, RETRY_AFTER])
        .max_age(PREFLIGHT_SECS)
}
