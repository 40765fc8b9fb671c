//! How routes are written: an endpoint at each of its paths, and pages.

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, ServiceConfig};
use actix_web::{Error, HttpRequest, Resource, ResponseError as _, Route};

use crate::addresses::{Addresses, Endpoint};
use crate::http::page_frame;
use crate::http::refusal_pages::refusals_as_pages;
use crate::http::refusals::Refusal;
use crate::pages::Brand;

/// What all pages have in common.
#[derive(Clone)]
pub(crate) struct Site {
    /// Where they are.
    pub(crate) addresses: Arc<Addresses>,
    /// Whose they are.
    pub(crate) brand: Arc<Brand>,
}

/// Makes an endpoint's route, once for each path that it is heard at.
pub(super) type NewRoute = fn() -> Route;

pub(super) const GET: &str = "GET, HEAD";
pub(super) const POST: &str = "POST";
pub(super) const GET_AND_POST: &str = "GET, HEAD, POST";

/// What is refused there is a page, too, and each can be had in another language.
pub(super) fn add_page(config: &mut ServiceConfig, site: &Site, page: Resource) {
    let site = site.clone();
    config.service(page.wrap(from_fn(move |request, next| {
        shown(site.clone(), request, next)
    })));
}

async fn shown(
    site: Site,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Site { addresses, brand } = site;
    if let Some(answer) = page_frame::choice(&addresses, request.request()) {
        return Ok(request.into_response(answer));
    }
    let answer = refusals_as_pages(addresses, brand, request, next).await?;
    Ok(answer.map_into_boxed_body())
}

/// An endpoint at each of its paths. Other methods than `allow` are answered with 405 (RFC 9110 §15.5.6).
pub(super) fn resources(
    endpoint: &Endpoint,
    allow: &'static str,
) -> impl Iterator<Item = Resource> {
    let refuse = move |request: HttpRequest| async move {
        // Where people look, too: who sends such a request is a program.
        Refusal::method_not_allowed(request.method().as_str(), allow).error_response()
    };
    let paths = endpoint.heard_at.iter();
    paths.map(move |path| {
        let resource = web::resource(path.as_str()).name(endpoint.name);
        resource.default_service(Route::new().to(refuse))
    })
}
