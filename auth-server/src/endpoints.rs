//! The HTTP surface: one file an endpoint, and here the route table. Handlers take the request apart,
//! call the logic and answer; they decide nothing about OAuth.

use std::collections::BTreeSet;

use actix_web::web::{self, ServiceConfig};
use actix_web::{Resource, Route};

use cross_origin::cross_origin;

mod authenticated_client;
mod authorize;
mod browser_session;
mod check_token;
mod confirm_access;
mod cross_origin;
mod error;
mod errors;
mod form;
mod home;
mod introspect;
mod jwks;
mod login;
mod logout;
mod metadata;
mod page_answer;
pub mod pages;
mod responses;
mod revoke;
mod security_headers;
mod token;
mod token_key;

pub use errors::not_found;
pub(crate) use form::PAYLOAD_LIMIT;
pub use security_headers::security_headers;

/// The route table. Scripts of `origins` may call what is for machines; pages, and with them the
/// authorization endpoint, answer no cross-origin calls (RFC 9700 §2.6).
pub fn configure(config: &mut ServiceConfig, origins: &BTreeSet<String>) {
    for (path, route) in [
        ("/oauth/token", web::post().to(token::exchange)),
        ("/oauth/check_token", web::post().to(check_token::check)),
        ("/oauth/check_access", web::post().to(check_token::check)),
        ("/oauth/introspect", web::post().to(introspect::introspect)),
        ("/oauth/revoke", web::post().to(revoke::revoke)),
    ] {
        config.service(post(path, route).wrap(cross_origin(origins)));
    }
    for (path, route) in [
        ("/oauth/token_key", web::get().to(token_key::show)),
        ("/oauth/jwks", web::get().to(jwks::show)),
        (metadata::PATH, web::get().to(metadata::show)),
    ] {
        config.service(get(path, route).wrap(cross_origin(origins)));
    }
    config
        .service(
            get_and_post("/oauth/authorize")
                .route(web::get().to(authorize::start))
                .route(web::post().to(authorize::submit)),
        )
        .service(get(
            "/oauth/confirm_access",
            web::get().to(confirm_access::show),
        ))
        .service(get("/oauth/error", web::get().to(error::show)))
        .service(
            get_and_post("/login")
                .route(web::get().to(login::show))
                .route(web::post().to(login::submit)),
        )
        .service(
            get_and_post("/logout")
                .route(web::get().to(logout::show))
                .route(web::post().to(logout::submit)),
        )
        .service(get("/", web::get().to(home::show)))
        .service(get("/style.css", web::get().to(home::style)))
        .service(get("/icon.svg", web::get().to(home::icon)));
}

fn get(path: &str, route: Route) -> Resource {
    let resource = web::resource(path).default_service(web::to(errors::allow_get));
    resource.route(route)
}

fn post(path: &str, route: Route) -> Resource {
    let resource = web::resource(path).default_service(web::to(errors::allow_post));
    resource.route(route)
}

fn get_and_post(path: &str) -> Resource {
    web::resource(path).default_service(web::to(errors::allow_get_and_post))
}
