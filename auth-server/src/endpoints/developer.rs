//! `/developer`: the pages where owners register applications. Somebody else's application is as good as none.

use actix_web::web::{self, ServiceConfig};

use crate::endpoints::{GET, GET_AND_POST, POST, Site, add_page, resources};

mod activity;
mod application;
mod asked;
mod list;
mod new;

/// Their routes.
pub(super) fn configure(config: &mut ServiceConfig, site: &Site) {
    let at = &site.addresses.developer;
    for resource in resources(&at.list, GET) {
        add_page(config, site, resource.route(web::get().to(list::show)));
    }
    for resource in resources(&at.new, GET_AND_POST) {
        let resource = resource.route(web::get().to(new::show));
        add_page(config, site, resource.route(web::post().to(new::submit)));
    }
    for resource in resources(&at.application, GET_AND_POST) {
        let resource = resource.route(web::get().to(application::show));
        let resource = resource.route(web::post().to(application::update));
        add_page(config, site, resource);
    }
    for resource in resources(&at.secret, POST) {
        let resource = resource.route(web::post().to(application::rotate_secret));
        add_page(config, site, resource);
    }
    for resource in resources(&at.removal, POST) {
        let resource = resource.route(web::post().to(application::remove));
        add_page(config, site, resource);
    }
}
