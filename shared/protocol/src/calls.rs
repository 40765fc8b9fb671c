//! A call to another service as a span, with the names of OpenTelemetry's conventions for HTTP clients.
//! With the feature `opentelemetry` the service that is called continues the trace.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Request, RequestBuilder, Response};
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::client_authentication::EncodedCredentials;
use crate::secret::Secret;

/// The content type of a form.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// Puts a form into a request, with the client's credentials beside it or in it.
pub fn with_form(
    request: RequestBuilder,
    form: &Secret,
    credentials: Option<&EncodedCredentials>,
) -> RequestBuilder {
    let request = request.header(CONTENT_TYPE, FORM);
    let form = form.expose();
    match credentials {
        None => request.body(form.to_owned()),
        Some(EncodedCredentials::Header(header)) => {
            with_authorization(request.body(form.to_owned()), header)
        }
        Some(EncodedCredentials::Form(own)) => request.body(format!("{form}&{}", own.expose())),
    }
}

/// Puts the value of an `Authorization` header into a request, marked as a secret.
pub fn with_authorization(request: RequestBuilder, value: &Secret) -> RequestBuilder {
    match HeaderValue::from_str(value.expose()) {
        Ok(mut header) => {
            header.set_sensitive(true);
            request.header(AUTHORIZATION, header)
        }
        // The request keeps the error until it is sent.
        Err(_) => request.header(AUTHORIZATION, value.expose()),
    }
}

/// Builds a request and executes it.
pub async fn send(request: RequestBuilder) -> Result<Response, reqwest::Error> {
    let (client, request) = request.build_split();
    execute(&client, request?).await
}

/// Executes a request. The span ends when the head of the answer is there.
pub async fn execute(client: &Client, request: Request) -> Result<Response, reqwest::Error> {
    let span = span(&request);
    #[cfg(feature = "opentelemetry")]
    let request = in_trace(request, &span);
    let outcome = client.execute(request).instrument(span.clone()).await;
    match &outcome {
        Ok(response) => {
            let status = response.status();
            span.record("http.response.status_code", status.as_u16());
            if status.is_client_error() || status.is_server_error() {
                span.record("error.type", status.as_str());
                span.record("otel.status_code", "ERROR");
            }
        }
        Err(error) => {
            span.record("error.type", kind(error));
            span.record("otel.status_code", "ERROR");
        }
    }
    outcome
}

/// The query is left out: tokens and codes may travel there.
fn span(request: &Request) -> Span {
    let url = request.url();
    tracing::debug_span!(
        "http_call",
        otel.name = %request.method(),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = %request.method(),
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        url.full = format!("{}{}", url.origin().ascii_serialization(), url.path()),
        http.response.status_code = Empty,
        error.type = Empty,
    )
}

#[cfg(feature = "opentelemetry")]
fn in_trace(mut request: Request, span: &Span) -> Request {
    use reqwest::header::{HeaderName, HeaderValue};

    for (name, value) in crate::trace_context::headers_of(span) {
        let header = HeaderName::try_from(name).ok();
        if let Some((name, value)) = header.zip(HeaderValue::try_from(value).ok()) {
            request.headers_mut().insert(name, value);
        }
    }
    request
}

/// One of a few words, as the conventions ask for.
fn kind(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "connect"
    } else {
        "_OTHER"
    }
}
