//! What a service records about each request: a span with OpenTelemetry's names, one log line, and an id
//! that caller and server share. Queries are never recorded: codes and tokens travel there.

use std::net::IpAddr;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest};
use opentelemetry::Context;
use opentelemetry::trace::{Status, TraceContextExt as _};
use tracing::field::Empty;
use tracing::{Instrument as _, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::client_address::client_address;
use crate::http::{OTHER_METHOD, method_name, method_place};
use symbolon::random::{Random, SystemRandom};
use symbolon::trace_context::context_of;

/// The id of a request: the caller's own, else one that is made here. The answer carries it.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// An id that is longer is no id, and would let callers fill the log.
const LONGEST_REQUEST_ID: usize = 128;

/// The target of the log lines of requests: `log.filter = "info,request=off"` leaves them out.
const TARGET: &str = "request";

/// The middleware: opens the span that all work on the request happens in, and logs how it was answered.
pub async fn request_log<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut record = RequestRecord::of(&request);
    request
        .extensions_mut()
        .insert(RequestId(record.id.clone()));
    let span = record.span(&request);
    let outcome = next.call(request).instrument(span.clone()).await;
    match outcome {
        Ok(mut response) => {
            record.finish(&span, response.status());
            response.headers_mut().insert(REQUEST_ID, record.id);
            Ok(response)
        }
        Err(error) => {
            record.finish(&span, error.as_response_error().status_code());
            Err(error)
        }
    }
}

/// What a request carries for those who answer it.
struct RequestId(HeaderValue);

/// The id of a request that is being answered, for a page that people may show to whoever reads the log.
pub fn request_id(request: &HttpRequest) -> Option<String> {
    let extensions = request.extensions();
    let RequestId(id) = extensions.get()?;
    id.to_str().ok().map(str::to_owned)
}

/// What is recorded about a request.
struct RequestRecord {
    id: HeaderValue,
    began: Instant,
    client_address: Option<IpAddr>,
    /// Whether an exporter gets the span.
    is_recorded: bool,
}

impl RequestRecord {
    fn of(request: &ServiceRequest) -> Self {
        Self {
            id: id_of(request.headers()),
            began: Instant::now(),
            client_address: client_address(request.request()),
            is_recorded: false,
        }
    }

    fn id(&self) -> &str {
        self.id.to_str().unwrap_or_default()
    }

    /// The span continues the caller's trace. What only a trace needs is no field of it, so that log
    /// lines stay short.
    fn span(&mut self, request: &ServiceRequest) -> Span {
        let method = method_name(method_place(request.method()));
        let span = tracing::info_span!(
            "request",
            request.id = self.id(),
            trace.id = Empty,
            otel.kind = "server",
            http.request.method = method,
            url.path = request.path(),
        );
        let headers = request.headers();
        let parent = context_of(|name| headers.get(name)?.to_str().ok());
        // Nobody records traces: there is no trace to continue.
        if span.set_parent(parent).is_err() {
            return span;
        }
        let context = span.context();
        self.is_recorded = context.span().is_recording();
        if !self.is_recorded {
            return span;
        }
        self.describe(&span, &context, request);
        span
    }

    /// What only the trace holds.
    fn describe(&self, span: &Span, context: &Context, request: &ServiceRequest) {
        let recorded = context.span();
        // OpenTelemetry's conventions: in the name of a span, `HTTP` stands for what a caller invented.
        let method = match method_name(method_place(request.method())) {
            OTHER_METHOD => "HTTP",
            method => method,
        };
        // One name for all paths of a resource, where it has one.
        let name = request.match_name().map(str::to_owned);
        if let Some(route) = name.or_else(|| request.match_pattern()) {
            recorded.update_name(format!("{method} {route}"));
            span.set_attribute("http.route", route);
        } else {
            recorded.update_name(method);
        }
        span.set_attribute("url.scheme", request.connection_info().scheme().to_owned());
        if let Some(address) = self.client_address {
            span.set_attribute("client.address", address.to_string());
        }
        let trace_id = recorded.span_context().trace_id();
        span.record("trace.id", trace_id.to_string());
    }

    fn finish(&self, span: &Span, status: StatusCode) {
        if self.is_recorded {
            span.set_attribute("http.response.status_code", i64::from(status.as_u16()));
            // A server's span is wrong only when the server is: 4xx are the caller's.
            if status.is_server_error() {
                span.set_attribute("error.type", status.as_u16().to_string());
                span.set_status(Status::error(""));
            }
        }
        span.in_scope(|| {
            tracing::info!(
                target: TARGET,
                event = "request",
                http.response.status_code = status.as_u16(),
                client.address = self.client_address.map(tracing::field::display),
                duration_ms = self.began.elapsed().as_secs_f64() * 1000.0,
            );
        });
    }
}

/// The caller's id, when it has the form of one: nothing else gets into the log and back.
fn id_of(headers: &HeaderMap) -> HeaderValue {
    let sent = headers.get(REQUEST_ID).filter(|value| {
        let bytes = value.as_bytes();
        let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:=+/@".contains(byte);
        (1..=LONGEST_REQUEST_ID).contains(&bytes.len()) && bytes.iter().all(allowed)
    });
    sent.cloned().unwrap_or_else(|| {
        let random: &dyn Random = &SystemRandom;
        let made = random.text::<16>();
        HeaderValue::from_str(&made).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
    })
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse, web};

    use super::*;

    async fn answered(sent: Option<&str>) -> String {
        let route = web::get().to(HttpResponse::Ok);
        let app = App::new().route("/", route).wrap(from_fn(request_log));
        let app = init_service(app).await;
        let mut request = TestRequest::get().uri("/");
        if let Some(sent) = sent {
            request = request.insert_header((REQUEST_ID, sent));
        }
        let answer = call_service(&app, request.to_request()).await;
        let id = answer.headers().get(REQUEST_ID).unwrap();
        id.to_str().unwrap().to_owned()
    }

    #[actix_web::test]
    async fn a_caller_gets_its_own_request_id_back() {
        let sent = "0af7651916cd43dd8448eb211c80319c";
        assert_eq!(answered(Some(sent)).await, sent);
    }

    #[actix_web::test]
    async fn every_request_without_an_id_gets_one_of_its_own() {
        let (first, second) = (answered(None).await, answered(None).await);
        assert!(first.len() >= 16 && first != second, "{first} {second}");
    }

    #[actix_web::test]
    async fn what_is_no_id_is_replaced() {
        for nonsense in ["", "two words", "line\tfeed", "é", &"x".repeat(129)] {
            assert_ne!(answered(Some(nonsense)).await, nonsense);
        }
    }
}
