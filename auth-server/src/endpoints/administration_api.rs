//! `/admin/api/v1`: what administrators do, for programs. Where it is switched off there is nothing.
//!
//! Who calls is found out before anything of the request is looked at ([`administrator`](crate::http::administrator)).

use actix_web::web::{self, ServiceConfig};

use super::routes::{GET, GET_AND_POST, NewRoute, POST, Site, resources};
use crate::addresses::{AdministrationApiAddresses, Endpoint};

mod applications;
mod audit;
mod description;
mod grants;
mod habits;
mod keys;
mod owners;
mod parts;
mod settings;

/// Its routes.
pub(super) fn configure(config: &mut ServiceConfig, site: &Site) {
    let at = &site.addresses.administration.api;
    for resource in resources(&at.description, GET) {
        config.service(resource.route(web::get().to(description::show)));
    }
    of_owners(config, at);
    of_applications(config, at);
    of_use(config, at);
    of_what_is_looked_at(config, at);
}

fn of_owners(config: &mut ServiceConfig, at: &AdministrationApiAddresses) {
    for resource in resources(&at.owners, GET_AND_POST) {
        let resource = resource.route(web::get().to(owners::list));
        config.service(resource.route(web::post().to(owners::add)));
    }
    for resource in resources(&at.owner, GET_AND_DELETE) {
        let resource = resource.route(web::get().to(owners::read));
        config.service(resource.route(web::delete().to(owners::remove)));
    }
    for resource in resources(&at.owner_second_factor, DELETE) {
        config.service(resource.route(web::delete().to(owners::remove_second_factor)));
    }
    for resource in resources(&at.owner_email, PUT) {
        config.service(resource.route(web::put().to(owners::set_email)));
    }
    let actions: [(&Endpoint, NewRoute); 4] = [
        (&at.owner_lock, || web::post().to(owners::lock)),
        (&at.owner_unlock, || web::post().to(owners::unlock)),
        (&at.owner_password, || {
            web::post().to(owners::reset_password)
        }),
        (&at.owner_invitation, || web::post().to(owners::invite)),
    ];
    act(config, &actions);
}

fn of_applications(config: &mut ServiceConfig, at: &AdministrationApiAddresses) {
    for resource in resources(&at.applications, GET_AND_POST) {
        let resource = resource.route(web::get().to(applications::list));
        config.service(resource.route(web::post().to(applications::add)));
    }
    for resource in resources(&at.application, GET_AND_DELETE) {
        let resource = resource.route(web::get().to(applications::read));
        config.service(resource.route(web::delete().to(applications::remove)));
    }
    let actions: [(&Endpoint, NewRoute); 4] = [
        (&at.application_secret, || {
            web::post().to(applications::rotate_secret)
        }),
        (&at.application_approve, || {
            web::post().to(applications::approve)
        }),
        (&at.application_suspend, || {
            web::post().to(applications::suspend)
        }),
        (&at.application_resume, || {
            web::post().to(applications::resume)
        }),
    ];
    act(config, &actions);
}

/// What was granted, what it is signed with, and how it is asked for.
fn of_use(config: &mut ServiceConfig, at: &AdministrationApiAddresses) {
    for resource in resources(&at.grants, GET_AND_DELETE) {
        let resource = resource.route(web::get().to(grants::list));
        config.service(resource.route(web::delete().to(grants::end)));
    }
    for resource in resources(&at.grant, GET_AND_DELETE) {
        let resource = resource.route(web::get().to(grants::read));
        config.service(resource.route(web::delete().to(grants::end_one)));
    }
    for resource in resources(&at.keys, GET_AND_POST) {
        let resource = resource.route(web::get().to(keys::list));
        config.service(resource.route(web::post().to(keys::rotate)));
    }
    for resource in resources(&at.habits, GET) {
        config.service(resource.route(web::get().to(habits::list)));
    }
}

fn of_what_is_looked_at(config: &mut ServiceConfig, at: &AdministrationApiAddresses) {
    for resource in resources(&at.audit, GET) {
        config.service(resource.route(web::get().to(audit::list)));
    }
    for resource in resources(&at.audit_of_request, GET) {
        config.service(resource.route(web::get().to(audit::explain)));
    }
    for resource in resources(&at.settings, GET) {
        config.service(resource.route(web::get().to(settings::list)));
    }
}

fn act(config: &mut ServiceConfig, actions: &[(&Endpoint, NewRoute)]) {
    for (endpoint, route) in actions {
        for resource in resources(endpoint, POST) {
            config.service(resource.route(route()));
        }
    }
}

const DELETE: &str = "DELETE";
const PUT: &str = "PUT";
const GET_AND_DELETE: &str = "GET, HEAD, DELETE";
