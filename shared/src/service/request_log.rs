//! One span a request. It names method and path, never the query: codes and tokens travel there.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use tracing::Span;
use tracing_actix_web::{RootSpanBuilder, TracingLogger};

/// Makes the spans, with OpenTelemetry's names.
#[derive(Clone, Copy, Debug)]
pub struct RequestSpan;

/// The middleware that opens a span for each request and logs how it was answered.
pub fn request_log() -> TracingLogger<RequestSpan> {
    TracingLogger::new()
}

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        tracing::info_span!(
            "request",
            http.request.method = %request.method(),
            url.path = request.path(),
            http.response.status_code = tracing::field::Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("http.response.status_code", status.as_u16());
        tracing::debug!(parent: &span, event = "answered");
    }
}
