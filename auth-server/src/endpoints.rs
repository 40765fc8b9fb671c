//! The HTTP surface: one file an endpoint, and here the route table. Handlers take the request apart,
//! call the logic and answer; they decide nothing about OAuth.

use actix_web::web::{self, ServiceConfig};

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

pub use cross_origin::cross_origin;
pub use errors::not_found;
pub(crate) use form::PAYLOAD_LIMIT;
pub use security_headers::security_headers;

/// The route table.
pub fn configure(config: &mut ServiceConfig) {
    let get =
        |path: &str| web::resource(path.to_owned()).default_service(web::to(errors::allow_get));
    let post =
        |path: &str| web::resource(path.to_owned()).default_service(web::to(errors::allow_post));
    let both = |path: &str| {
        web::resource(path.to_owned()).default_service(web::to(errors::allow_get_and_post))
    };
    config
        .service(
            both("/oauth/authorize")
                .route(web::get().to(authorize::start))
                .route(web::post().to(authorize::submit)),
        )
        .service(get("/oauth/confirm_access").route(web::get().to(confirm_access::show)))
        .service(post("/oauth/token").route(web::post().to(token::exchange)))
        .service(post("/oauth/check_token").route(web::post().to(check_token::check)))
        .service(post("/oauth/check_access").route(web::post().to(check_token::check)))
        .service(get("/oauth/token_key").route(web::get().to(token_key::show)))
        .service(get("/oauth/error").route(web::get().to(error::show)))
        .service(post("/oauth/introspect").route(web::post().to(introspect::introspect)))
        .service(post("/oauth/revoke").route(web::post().to(revoke::revoke)))
        .service(get("/oauth/jwks").route(web::get().to(jwks::show)))
        .service(get(metadata::PATH).route(web::get().to(metadata::show)))
        .service(
            both("/login")
                .route(web::get().to(login::show))
                .route(web::post().to(login::submit)),
        )
        .service(
            both("/logout")
                .route(web::get().to(logout::show))
                .route(web::post().to(logout::submit)),
        )
        .service(get("/").route(web::get().to(home::show)))
        .service(get("/style.css").route(web::get().to(home::style)))
        .service(get("/icon.svg").route(web::get().to(home::icon)));
}
