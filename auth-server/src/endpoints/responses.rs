//! How answers are written.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA};
use serde::Serialize;

/// A JSON answer that no cache may keep (RFC 6749 §5.1).
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> HttpResponse {
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
