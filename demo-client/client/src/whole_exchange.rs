//! Exchanges as they went over the wire, secrets included: for a program that teaches OAuth to the person whose tokens
//! they are, and for nothing else. What is in a log or on somebody else's screen comes from [`Observer`](crate::Observer).

use std::fmt;

use reqwest::Request;
use reqwest::header::HeaderMap;
use symbolon::secret::Secret;

use crate::exchange_kind::ExchangeKind;

/// Is shown every exchange as it was. It runs inside of the call, so it must not block.
pub trait WholeObserver: Send + Sync + fmt::Debug {
    /// One exchange is over.
    fn observe_whole(&self, exchange: WholeExchange);
}

/// A request and its answer as they went over the wire. It prints without its secrets.
#[derive(Clone, Debug)]
pub struct WholeExchange {
    /// What it was for.
    pub kind: ExchangeKind,
    /// What was sent.
    pub request: WholeRequest,
    /// What came back; `None` when nothing did, or nothing that could be read.
    pub response: Option<WholeResponse>,
}

/// What was sent.
#[derive(Clone, Debug)]
pub struct WholeRequest {
    /// The HTTP method.
    pub method: String,
    /// The address with its query, where codes and tokens may travel.
    pub url: Secret,
    /// The headers that the client chose. Those that are added on the way (`Host`, `traceparent`) are not among them.
    pub headers: Vec<(String, Secret)>,
    /// The body; `None` when there was none, or it was a stream.
    pub body: Option<Secret>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct WholeResponse {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: Vec<(String, Secret)>,
    /// Its body; `None` when that is for the caller to read, as of every call to a resource server.
    pub body: Option<Secret>,
}

impl WholeRequest {
    /// What this request is about to send.
    pub(crate) fn of(request: &Request) -> Self {
        let body = request.body().and_then(reqwest::Body::as_bytes);
        Self {
            method: request.method().to_string(),
            url: Secret::new(request.url().as_str()),
            headers: headers(request.headers()),
            body: body.map(text),
        }
    }
}

impl WholeResponse {
    /// An answer, with its body where that was read.
    pub(crate) fn new(status: u16, all: &HeaderMap, body: Option<&[u8]>) -> Self {
        Self {
            status,
            headers: headers(all),
            body: body.map(text),
        }
    }
}

fn headers(all: &HeaderMap) -> Vec<(String, Secret)> {
    let named = |name: &reqwest::header::HeaderName, value: &[u8]| (name.to_string(), text(value));
    all.iter()
        .map(|(name, value)| named(name, value.as_bytes()))
        .collect()
}

fn text(bytes: &[u8]) -> Secret {
    Secret::new(String::from_utf8_lossy(bytes))
}
