//! The HTTP surface: one file per endpoint, and here the route table. Handlers take the request apart,
//! call the logic and answer; they decide nothing about OAuth.

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, Route};

use crate::addresses::{Addresses, Endpoint};
use crate::clients::registry::Clients;
use crate::http::container_errors;
use crate::http::cross_origin::{cross_origin, open_to_all};
use crate::http::refusals::Refusal;
use crate::server::Server;

mod account;
mod administration_api;
mod administration_pages;
mod authorize;
mod check_token;
mod confirm_access;
mod developer;
mod error;
mod home;
mod introspect;
mod jwks;
mod login;
mod logout;
mod metadata;
mod register;
mod revoke;
mod routes;
mod token;
mod token_key;

use routes::{GET, GET_AND_POST, NewRoute, POST, add_page, resources};

pub(crate) use routes::Site;

/// The route table.
pub(crate) fn configure(config: &mut ServiceConfig, site: &Site, clients: &Clients) {
    let at = &site.addresses;
    for_machines(config, at, clients);
    for_pages(config, at);
    account::configure(config, site);
    #[cfg(feature = "passkeys")]
    with_passkeys(config, site);
    with_links(config, site);
    with_sign_ups(config, site);
    developer::configure(config, site);
    administration_api::configure(config, site);
    administration_pages::configure(config, site);
    for_people(config, site);
    config.default_service(web::to(not_found));
}

/// What programs call; the scripts of `clients` may, too.
fn for_machines(config: &mut ServiceConfig, at: &Addresses, clients: &Clients) {
    let called: [(&Endpoint, &'static str, NewRoute); 5] = [
        (&at.check_token, POST, || web::post().to(check_token::check)),
        (&at.check_access, POST, || {
            web::post().to(check_token::check)
        }),
        (&at.introspect, POST, || {
            web::post().to(introspect::introspect)
        }),
        (&at.revoke, POST, || web::post().to(revoke::revoke)),
        (&at.token_key, GET, || web::get().to(token_key::show)),
    ];
    let asked = [&at.check_token, &at.check_access, &at.token_key].map(|endpoint| endpoint.name);
    for (endpoint, allow, route) in called {
        for mut resource in resources(endpoint, allow) {
            if asked.contains(&endpoint.name) {
                resource = resource.default_service(in_springs_form(allow));
            }
            config.service(resource.route(route()).wrap(cross_origin(clients)));
        }
    }
    for resource in resources(&at.token, POST) {
        let resource = resource.route(web::post().to(token::exchange));
        let resource = resource.route(web::get().to(token::exchange_by_get));
        config.service(resource.wrap(cross_origin(clients)));
    }
    for resource in resources(&at.register, "GET, HEAD, POST, PUT, DELETE") {
        let resource = resource.route(web::post().to(register::register));
        let resource = resource.route(web::get().to(register::read));
        let resource = resource.route(web::put().to(register::update));
        config.service(resource.route(web::delete().to(register::remove)));
    }
    let published: [(&Endpoint, NewRoute); 2] = [
        (&at.jwks, || web::get().to(jwks::show)),
        (&at.metadata, || web::get().to(metadata::show)),
    ];
    for (endpoint, route) in published {
        for resource in resources(endpoint, GET) {
            config.service(resource.route(route()).wrap(open_to_all()));
        }
    }
}

/// What pages load.
fn for_pages(config: &mut ServiceConfig, at: &Addresses) {
    let loaded: [(&Endpoint, NewRoute); 3] = [
        (&at.logo, || web::get().to(home::logo)),
        (&at.style, || web::get().to(home::style)),
        (&at.icon, || web::get().to(home::icon)),
    ];
    for (endpoint, route) in loaded {
        for resource in resources(endpoint, GET) {
            config.service(resource.route(route()));
        }
    }
}

/// What signs in with a passkey, and the script that asks for one.
#[cfg(feature = "passkeys")]
fn with_passkeys(config: &mut ServiceConfig, site: &Site) {
    let at = &site.addresses;
    for resource in resources(&at.login_passkey, GET_AND_POST) {
        let resource = resource.route(web::get().to(login::passkey::show));
        let resource = resource.route(web::post().to(login::passkey::submit));
        add_page(config, site, resource);
    }
    for resource in resources(&at.passkey_script, GET) {
        config.service(resource.route(web::get().to(home::passkey_script)));
    }
}

/// What is there for whoever has forgotten the password.
fn with_links(config: &mut ServiceConfig, site: &Site) {
    let at = &site.addresses;
    for resource in resources(&at.login_forgotten, GET_AND_POST) {
        let resource = resource.route(web::get().to(login::forgotten::show));
        let resource = resource.route(web::post().to(login::forgotten::submit));
        add_page(config, site, resource);
    }
    for resource in resources(&at.login_reset, GET_AND_POST) {
        let resource = resource.route(web::get().to(login::reset::show));
        let resource = resource.route(web::post().to(login::reset::submit));
        add_page(config, site, resource);
    }
}

/// What is there for whoever has no account.
fn with_sign_ups(config: &mut ServiceConfig, site: &Site) {
    let at = &site.addresses;
    for resource in resources(&at.login_sign_up, GET_AND_POST) {
        let resource = resource.route(web::get().to(login::sign_up::show));
        let resource = resource.route(web::post().to(login::sign_up::submit));
        add_page(config, site, resource);
    }
    for resource in resources(&at.login_sign_up_finish, GET_AND_POST) {
        let resource = resource.route(web::get().to(login::sign_up_finish::show));
        let resource = resource.route(web::post().to(login::sign_up_finish::submit));
        add_page(config, site, resource);
    }
}

/// What browsers show. It answers no cross-origin calls, the authorization endpoint neither (RFC 9700 §2.6).
fn for_people(config: &mut ServiceConfig, site: &Site) {
    let at = &site.addresses;
    let forms: [(&Endpoint, NewRoute, NewRoute); 4] = [
        (
            &at.authorize,
            || web::get().to(authorize::start),
            || web::post().to(authorize::submit),
        ),
        (
            &at.login,
            || web::get().to(login::show),
            || web::post().to(login::submit),
        ),
        (
            &at.login_code,
            || web::get().to(login::code::show),
            || web::post().to(login::code::submit),
        ),
        (
            &at.logout,
            || web::get().to(logout::show),
            || web::post().to(logout::submit),
        ),
    ];
    for (endpoint, show, submit) in forms {
        for resource in resources(endpoint, GET_AND_POST) {
            add_page(config, site, resource.route(show()).route(submit()));
        }
    }
    let pages: [(&Endpoint, NewRoute); 3] = [
        (&at.confirm_access, || web::get().to(confirm_access::show)),
        (&at.error, || web::get().to(error::show)),
        // Last, because an issuer's path may be the name of another endpoint.
        (&at.home, || web::get().to(home::show)),
    ];
    for (endpoint, route) in pages {
        for resource in resources(endpoint, GET) {
            add_page(config, site, resource.route(route()));
        }
    }
}

/// The 405 of an endpoint that says no as a Spring server does, where it has that habit.
fn in_springs_form(allow: &'static str) -> Route {
    Route::new().to(
        move |request: HttpRequest, server: web::Data<Server>| async move {
            let refusal = Refusal::method_not_allowed(request.method().as_str(), allow);
            container_errors::answer(&server, &request, &refusal)
        },
    )
}

/// Every path that is not in the route table.
async fn not_found() -> HttpResponse {
    Refusal::not_found().error_response()
}
