//! `/admin`: the pages of administrators. For everybody else there is nothing.

use actix_web::web::{self, ServiceConfig};

use super::routes::{GET, GET_AND_POST, Site, add_page, resources};

mod access;
mod account;
mod accounts;
mod applications;
mod asked;
mod audit;
mod keys;
mod settings;
mod sunset;

/// Their routes.
pub(super) fn configure(config: &mut ServiceConfig, site: &Site) {
    let at = &site.addresses.administration;
    for resource in resources(&at.overview, GET) {
        let resource = resource.route(web::get().to(applications::show_awaiting));
        add_page(config, site, resource);
    }
    for resource in resources(&at.applications, GET) {
        let resource = resource.route(web::get().to(applications::show_all));
        add_page(config, site, resource);
    }
    for resource in resources(&at.application, GET_AND_POST) {
        let resource = resource.route(web::get().to(applications::show));
        let resource = resource.route(web::post().to(applications::change));
        add_page(config, site, resource);
    }
    for resource in resources(&at.accounts, GET_AND_POST) {
        let resource = resource.route(web::get().to(accounts::list));
        let resource = resource.route(web::post().to(accounts::add));
        add_page(config, site, resource);
    }
    for resource in resources(&at.account, GET_AND_POST) {
        let resource = resource.route(web::get().to(account::show));
        let resource = resource.route(web::post().to(account::change));
        add_page(config, site, resource);
    }
    for resource in resources(&at.access, GET_AND_POST) {
        let resource = resource.route(web::get().to(access::show));
        let resource = resource.route(web::post().to(access::end));
        add_page(config, site, resource);
    }
    for resource in resources(&at.keys, GET_AND_POST) {
        let resource = resource.route(web::get().to(keys::show));
        let resource = resource.route(web::post().to(keys::rotate));
        add_page(config, site, resource);
    }
    for resource in resources(&at.sunset, GET) {
        add_page(config, site, resource.route(web::get().to(sunset::show)));
    }
    for_looking(config, site);
}

/// What happened lately, and the settings.
fn for_looking(config: &mut ServiceConfig, site: &Site) {
    let at = &site.addresses.administration;
    for resource in resources(&at.audit, GET) {
        let resource = resource.route(web::get().to(audit::show));
        add_page(config, site, resource);
    }
    for resource in resources(&at.audit_export, GET) {
        let resource = resource.route(web::get().to(audit::export));
        add_page(config, site, resource);
    }
    for resource in resources(&at.settings, GET) {
        let resource = resource.route(web::get().to(settings::show));
        add_page(config, site, resource);
    }
}
