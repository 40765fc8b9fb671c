//! The HTTP surface: one file per endpoint, and here the route table. Handlers take the request apart,
//! call the logic and answer; they decide nothing about OAuth.

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, ResponseError as _, Route};
use symbolon::metadata::WELL_KNOWN_PATH;

use crate::clients::registry::Clients;
use crate::http::cross_origin::{cross_origin, open_to_all};
use crate::http::refusal_pages::refusals_as_pages;
use crate::http::refusals::Refusal;

mod authorize;
mod check_token;
mod confirm_access;
mod error;
mod home;
mod introspect;
mod jwks;
mod login;
mod logout;
mod metadata;
mod revoke;
mod token;
mod token_key;

/// The route table.
pub(crate) fn configure(config: &mut ServiceConfig, clients: &Clients) {
    for_machines(config, clients);
    for_people(config);
    config
        .service(resource("/style.css", GET).route(web::get().to(home::style)))
        .service(resource("/icon.svg", GET).route(web::get().to(home::icon)))
        .default_service(web::to(not_found));
}

/// What programs call; the scripts of `clients` may, too.
fn for_machines(config: &mut ServiceConfig, clients: &Clients) {
    for (path, route) in [
        ("/oauth/token", web::post().to(token::exchange)),
        ("/oauth/check_token", web::post().to(check_token::check)),
        ("/oauth/check_access", web::post().to(check_token::check)),
        ("/oauth/introspect", web::post().to(introspect::introspect)),
        ("/oauth/revoke", web::post().to(revoke::revoke)),
    ] {
        let resource = resource(path, POST).route(route);
        config.service(resource.wrap(cross_origin(clients)));
    }
    for (path, route, cross_origin) in [
        (
            "/oauth/token_key",
            web::get().to(token_key::show),
            cross_origin(clients),
        ),
        ("/oauth/jwks", web::get().to(jwks::show), open_to_all()),
        (
            WELL_KNOWN_PATH,
            web::get().to(metadata::show),
            open_to_all(),
        ),
    ] {
        let resource = resource(path, GET).route(route);
        config.service(resource.wrap(cross_origin));
    }
}

/// What browsers show. It answers no cross-origin calls, the authorization endpoint neither (RFC 9700 §2.6).
fn for_people(config: &mut ServiceConfig) {
    for (path, show, submit) in [
        (
            "/oauth/authorize",
            web::get().to(authorize::start),
            web::post().to(authorize::submit),
        ),
        (
            "/login",
            web::get().to(login::show),
            web::post().to(login::submit),
        ),
        (
            "/logout",
            web::get().to(logout::show),
            web::post().to(logout::submit),
        ),
    ] {
        let page = resource(path, GET_AND_POST).route(show).route(submit);
        config.service(page.wrap(from_fn(refusals_as_pages)));
    }
    for (path, route) in [
        ("/oauth/confirm_access", web::get().to(confirm_access::show)),
        ("/oauth/error", web::get().to(error::show)),
        ("/", web::get().to(home::show)),
    ] {
        let page = resource(path, GET).route(route);
        config.service(page.wrap(from_fn(refusals_as_pages)));
    }
}

const GET: &str = "GET, HEAD";
const POST: &str = "POST";
const GET_AND_POST: &str = "GET, HEAD, POST";

/// A path that answers other methods than `allow` with 405 (RFC 9110 §15.5.6).
fn resource(path: &str, allow: &'static str) -> Resource {
    let refuse = move |request: HttpRequest| async move {
        // Where people look, too: who sends such a request is a program.
        Refusal::method_not_allowed(request.method().as_str(), allow).error_response()
    };
    web::resource(path).default_service(Route::new().to(refuse))
}

/// Every path that is not in the route table.
async fn not_found() -> HttpResponse {
    Refusal::not_found().error_response()
}
