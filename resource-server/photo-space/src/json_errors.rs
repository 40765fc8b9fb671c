//! Errors of the framework as JSON. actix-web answers a bad path, query or body in plain text.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};
use symbolon::error::{ErrorCode, ErrorResponse};

/// Gives every error answer that is not JSON a body that is; status and headers stay.
pub(super) async fn speak_json<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let response = next.call(request).await?;
    let status = response.status();
    let content_type = response.headers().get(CONTENT_TYPE);
    let json = content_type.is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    if json || !(status.is_client_error() || status.is_server_error()) {
        return Ok(response.map_into_left_body());
    }
    let mut answer = HttpResponse::build(status).json(body(status));
    for (name, value) in response.headers() {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    Ok(response.into_response(answer).map_into_right_body())
}

fn body(status: StatusCode) -> ErrorResponse {
    match status {
        StatusCode::NOT_FOUND => ErrorResponse::new(
            ErrorCode::Other("not_found".to_owned()),
            "There is nothing here",
        ),
        StatusCode::METHOD_NOT_ALLOWED => ErrorResponse::new(
            ErrorCode::MethodNotAllowed,
            "This method is not allowed here",
        ),
        _ if status.is_server_error() => {
            ErrorResponse::new(ErrorCode::ServerError, "The request cannot be served")
        }
        _ => ErrorResponse::new(ErrorCode::InvalidRequest, "The request is malformed"),
    }
}
