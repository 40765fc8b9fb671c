//! How answers are written.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, PRAGMA, RETRY_AFTER, VARY,
};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;

pub(crate) use crate::http::security_headers::Forms;
use crate::http::security_headers::{Loaded, page_policy};

/// A JSON answer that no cache may keep (RFC 6749 §5.1).
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> HttpResponse {
    match serde_json::to_vec(body) {
        Ok(body) => HttpResponse::build(status)
            .insert_header((CONTENT_TYPE, "application/json;charset=UTF-8"))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((PRAGMA, "no-cache"))
            .body(body),
        Err(error) => {
            tracing::error!(event = "answer_not_written", %error);
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// The same as XML of this type.
pub(crate) fn xml(status: StatusCode, media_type: &'static str, body: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((PRAGMA, "no-cache"))
        .body(body)
}

/// The beginning of a page. `forms` says where the answers of its forms lead.
pub(crate) fn page(status: StatusCode, forms: Forms) -> HttpResponseBuilder {
    page_that_loads(status, forms, Loaded::Nothing)
}

/// The same of a page that asks for passkeys.
pub(crate) fn page_with_script(status: StatusCode, forms: Forms) -> HttpResponseBuilder {
    page_that_loads(status, forms, Loaded::Script)
}

/// The same of a page that shows a picture of this origin.
pub(crate) fn page_with_image(
    status: StatusCode,
    forms: Forms,
    image: Option<&str>,
) -> HttpResponseBuilder {
    page_that_loads(status, forms, image.map_or(Loaded::Nothing, Loaded::Image))
}

fn page_that_loads(status: StatusCode, forms: Forms, more: Loaded<'_>) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "Accept-Language, Cookie"))
        .insert_header((CONTENT_SECURITY_POLICY, page_policy(forms, more)));
    response
}

/// Sends the browser on.
pub(crate) fn redirect(status: StatusCode, location: &str) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((LOCATION, location))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish()
}

/// Says when to try again, in seconds, where that is known.
pub(crate) fn retry_after(response: &mut HttpResponse, secs: Option<u64>) {
    if let Some(secs) = secs {
        response.headers_mut().insert(RETRY_AFTER, secs.into());
    }
}
