//! How one service calls another: by an address where nobody listens in, with time-outs, without redirects,
//! with an end to what the other may send, and as a span with the names of OpenTelemetry's conventions for
//! HTTP clients. With the feature `opentelemetry` the service that is called continues the trace.

mod address;

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Request, RequestBuilder, Response, StatusCode};
use serde_json::{Map, Value};
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::client_authentication::EncodedCredentials;
use crate::secret::Secret;

pub use address::{AddressError, check_address, is_loopback, read_address, read_base_address};

/// No answer of an authorization server is longer, in bytes: JWTs and key sets of some kilobytes are,
/// megabytes are an attack or a mistake.
pub const LONGEST_ANSWER_BYTES: usize = 256 * 1024;

/// The content type of a form.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// How long the other service may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the whole answer is there.
    pub total: Duration,
}

/// Short, because a request that somebody waits for is held up.
impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            total: Duration::from_secs(5),
        }
    }
}

impl Timeouts {
    /// A client with these time-outs. Fails when TLS cannot be set up.
    pub fn client(self) -> Result<Client, reqwest::Error> {
        let builder = Client::builder()
            .connect_timeout(self.connect)
            .timeout(self.total);
        without_redirects(builder)
    }
}

/// Builds a client that never follows a redirect, which would carry a secret or a token to an address
/// that nobody configured.
pub fn without_redirects(builder: ClientBuilder) -> Result<Client, reqwest::Error> {
    builder.redirect(Policy::none()).build()
}

/// A whole answer, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, not longer than [`LONGEST_ANSWER_BYTES`].
    pub body: Vec<u8>,
}

impl Answer {
    /// The members of its body when that is a JSON object. A byte order mark before it is let go, and what is
    /// no UTF-8 in a text: old servers describe errors in the encoding of their country.
    pub fn members(&self) -> Option<Map<String, Value>> {
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()
    }

    /// The media type of its body, in small letters and without parameters (RFC 9110 §8.3.1).
    pub fn media_type(&self) -> Option<String> {
        let value = self.headers.get(CONTENT_TYPE)?;
        let essence = value.to_str().ok()?.split(';').next()?;
        Some(essence.trim().to_ascii_lowercase())
    }
}

/// Why there is no whole answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No connection, or one that broke off.
    #[error("the service cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// The answer was not there in time.
    #[error("the service did not answer in time")]
    TimedOut(#[source] reqwest::Error),
    /// The answer does not end.
    #[error("the answer of the service is too long")]
    TooLong {
        /// The status that it came with.
        status: StatusCode,
    },
}

impl From<reqwest::Error> for CallError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::TimedOut(error)
        } else {
            Self::Unreachable(error)
        }
    }
}

/// Sends a request and reads the whole answer.
pub async fn answer(request: RequestBuilder) -> Result<Answer, CallError> {
    let mut response = send(request).await?;
    let status = response.status();
    let body = read_body(&mut response, LONGEST_ANSWER_BYTES).await?;
    Ok(Answer {
        status,
        headers: std::mem::take(response.headers_mut()),
        body,
    })
}

/// Reads a body of at most `longest` bytes.
pub async fn read_body(response: &mut Response, longest: usize) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > longest {
            return Err(CallError::TooLong {
                status: response.status(),
            });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

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
        Some(EncodedCredentials::Form(own)) if own.expose().is_empty() => {
            request.body(form.to_owned())
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
