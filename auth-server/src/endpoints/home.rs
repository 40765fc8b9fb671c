//! `/`: what this server is, and who is signed in.

use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::endpoints::browser_session::BrowserSession;
use crate::endpoints::page_answer::{PageError, language, page};
use crate::endpoints::pages::{HomePage, ICON_SVG, STYLE_CSS};
use crate::server::Server;

/// How long browsers may keep what never changes while a server runs, in seconds.
const STATIC_CACHE: &str = "public, max-age=3600";

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, PageError> {
    let answer = async {
        let session = BrowserSession::find(&server, &request).await?;
        let owner = session.and_then(|session| session.owner(&server).map(|one| one.name.clone()));
        page(
            StatusCode::OK,
            HomePage { owner }.render(language(&request)),
            None,
        )
    };
    answer
        .await
        .map_err(|error: PageError| error.for_reader(&request))
}

pub(super) async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((CACHE_CONTROL, STATIC_CACHE))
        .body(STYLE_CSS)
}

pub(super) async fn icon() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header((CACHE_CONTROL, STATIC_CACHE))
        .body(ICON_SVG)
}
