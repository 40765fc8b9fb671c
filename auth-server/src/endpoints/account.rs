//! The pages of somebody's own account: what has access, where somebody is signed in.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::endpoints::routes::{GET, GET_AND_POST, Site, add_page, resources};
use crate::http::answers::{self, Forms};
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::visitor::{Visitor, signed_in};
use crate::pages::{AccountPage, Place};
use crate::server::Server;

mod applications;
mod email;
#[cfg(feature = "passkeys")]
mod passkeys;
mod password;
mod second_factor;
mod sessions;

/// Their routes.
pub(super) fn configure(config: &mut ServiceConfig, site: &Site) {
    let at = &site.addresses.account;
    for resource in resources(&at.overview, GET) {
        add_page(config, site, resource.route(web::get().to(show)));
    }
    for resource in resources(&at.applications, GET_AND_POST) {
        let resource = resource.route(web::get().to(applications::show));
        let resource = resource.route(web::post().to(applications::take_back));
        add_page(config, site, resource);
    }
    for resource in resources(&at.password, GET_AND_POST) {
        let resource = resource.route(web::get().to(password::show));
        let resource = resource.route(web::post().to(password::change));
        add_page(config, site, resource);
    }
    for resource in resources(&at.email, GET_AND_POST) {
        let resource = resource.route(web::get().to(email::show));
        let resource = resource.route(web::post().to(email::change));
        add_page(config, site, resource);
    }
    for resource in resources(&at.second_factor, GET_AND_POST) {
        let resource = resource.route(web::get().to(second_factor::show));
        let resource = resource.route(web::post().to(second_factor::change));
        add_page(config, site, resource);
    }
    #[cfg(feature = "passkeys")]
    for resource in resources(&at.passkeys, GET_AND_POST) {
        let resource = resource.route(web::get().to(passkeys::show));
        let resource = resource.route(web::post().to(passkeys::change));
        add_page(config, site, resource);
    }
    for resource in resources(&at.sessions, GET_AND_POST) {
        let resource = resource.route(web::get().to(sessions::show));
        let resource = resource.route(web::post().to(sessions::end));
        add_page(config, site, resource);
    }
}

async fn show(request: HttpRequest, server: Data<Server>) -> Result<HttpResponse, Refusal> {
    let visitor = match signed_in(&server, &request, Place::Account).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let Visitor { owner, .. } = &visitor;
    let applications = server.access.clients_of(&owner.name).await?.len();
    let sessions = server.sessions.list(owner).await?.len();
    let shown = AccountPage {
        menu: visitor.menu(Place::Account),
        applications: u64::try_from(applications).unwrap_or(u64::MAX),
        sessions: u64::try_from(sessions).unwrap_or(u64::MAX),
        passkeys: passkeys_of(&server, &owner.name).await?,
        has_second_factor: server.second_factors.of(&owner.name).await?.is_some(),
    };
    let html = shown.render(&frame(&server, &request))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}

/// How many passkeys an owner has, where there are any.
#[cfg(feature = "passkeys")]
async fn passkeys_of(server: &Server, owner: &str) -> Result<Option<u64>, Refusal> {
    let Some(passkeys) = &server.passkeys else {
        return Ok(None);
    };
    let count = passkeys.of(owner).await?.len();
    Ok(Some(u64::try_from(count).unwrap_or(u64::MAX)))
}

/// None, on a server that was built without them.
#[cfg(not(feature = "passkeys"))]
#[allow(clippy::unused_async, reason = "it is asked as the other one is")]
async fn passkeys_of(_: &Server, _: &str) -> Result<Option<u64>, Refusal> {
    Ok(None)
}
