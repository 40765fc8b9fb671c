//! `/`: what this server is, and who is signed in.

use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::http::answers::{self, Forms};
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::session_cookie;
#[cfg(feature = "passkeys")]
use crate::pages::PASSKEYS_JS;
use crate::pages::{HomePage, ICON_SVG};
use crate::server::Server;

/// How long browsers may keep what never changes while a server runs, in seconds.
const STATIC_CACHE: &str = "public, max-age=3600";

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let cookies = session_cookie::presented(&request, &server);
    let owner = match server.sessions.find(cookies).await? {
        Some(session) => server.sessions.owner(&session).await?,
        None => None,
    };
    let owner = owner.map(|owner| owner.name.clone());
    let html = HomePage { owner }.render(&frame(&server, &request))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}

pub(super) async fn style(server: Data<Server>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((CACHE_CONTROL, STATIC_CACHE))
        .body(server.brand.style_sheet())
}

pub(super) async fn icon() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header((CACHE_CONTROL, STATIC_CACHE))
        .body(ICON_SVG)
}

#[cfg(feature = "passkeys")]
pub(super) async fn passkey_script() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .insert_header((CACHE_CONTROL, STATIC_CACHE))
        .body(PASSKEYS_JS)
}

/// The logo of whoever runs the server, where there is one. An SVG that is opened by itself may do nothing either.
pub(super) async fn logo(server: Data<Server>) -> Result<HttpResponse, Refusal> {
    let logo = server.brand.logo.as_ref().ok_or_else(Refusal::not_found)?;
    Ok(HttpResponse::Ok()
        .content_type(logo.media_type)
        .insert_header((CACHE_CONTROL, STATIC_CACHE))
        .body(logo.bytes.clone()))
}
