//! Which scripts in browsers may call (CORS, [Fetch §3.2](https://fetch.spec.whatwg.org/#http-cors-protocol)):
//! those that live where a public client has registered a redirect URI; and what is published for everybody, all.

use actix_cors::Cors;
use actix_web::http::Method;

use crate::clients::registry::Clients;

/// How long a browser may remember the answer to a preflight, in seconds.
const PREFLIGHT_MAX_AGE_SECS: usize = 600;

/// Lets the scripts of these clients call, without cookies: no page can act in the name of who signed in.
pub(crate) fn cross_origin(clients: &Clients) -> Cors {
    let clients = clients.clone();
    Cors::default()
        .allowed_origin_fn(move |origin, _| {
            let origin = origin.to_str().unwrap_or_default();
            clients.facts().script_origins.contains(origin)
        })
        .allowed_methods([Method::GET, Method::POST])
        // Those of tracing and of old libraries among them: whoever may call may say so in its own way.
        .allow_any_header()
        .max_age(PREFLIGHT_MAX_AGE_SECS)
        .block_on_origin_mismatch(false)
}

/// Lets every script read what is published: anybody can without a browser, too.
pub(crate) fn open_to_all() -> Cors {
    Cors::default()
        .allow_any_origin()
        .send_wildcard()
        .allowed_methods([Method::GET])
        .allow_any_header()
        .max_age(PREFLIGHT_MAX_AGE_SECS)
}
