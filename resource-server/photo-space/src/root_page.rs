//! The root, for people who open the API in a browser: a page that says what this is. Programs get what every unknown
//! path gets.

use actix_web::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};

use crate::photos::PhotoError;

/// The page in three languages, one below the other: it is short, and so nobody has to choose.
const PAGE: &str = include_str!("root_page/page.html");
const STYLE: &str = include_str!("root_page/style.css");

/// Nothing but the style sheet.
const POLICY: &str = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The page and its style.
pub(super) fn configure(routes: &mut ServiceConfig) {
    routes
        .service(web::resource("/").get(page))
        .service(web::resource("/style.css").get(style));
}

/// `GET /`
async fn page(request: HttpRequest) -> HttpResponse {
    let accepts = request.headers().get_all(ACCEPT);
    let mut accepts = accepts.filter_map(|value| value.to_str().ok());
    if !accepts.any(|value| value.contains("text/html")) {
        return PhotoError::Unknown.error_response();
    }
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((VARY, "Accept"))
        .body(PAGE)
}

/// `GET /style.css`
async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .body(STYLE)
}
