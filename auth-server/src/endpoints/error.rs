//! `GET /oauth/error`: the page shown when it is not safe to redirect. Endpoints that have an error to
//! show answer with that page themselves; who comes here by the address alone learns nothing.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::http::answers::{self, Forms};
use crate::http::page_frame::frame;
use crate::http::refusal_pages::occurrence;
use crate::http::refusals::Refusal;
use crate::pages::ErrorPage;
use crate::server::Server;

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let status = StatusCode::OK;
    let shown = ErrorPage {
        error: "unknown".to_owned(),
        description: "Unknown error".to_owned(),
        status: status.as_u16(),
        request_expired: false,
        way_back: None,
        occurrence: occurrence(&request),
    };
    // Its own address, without what somebody has put behind it.
    let here = server.addresses.error.to_string();
    let html = shown.render(&frame(&server, &request).here(here))?;
    Ok(answers::page(status, Forms::StayHere).body(html))
}
