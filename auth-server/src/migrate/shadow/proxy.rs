//! Passing a request on to the old server, and its answer back, as they are.

use std::sync::Arc;

use actix_web::body::{BodySize, SizedStream};
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use futures_util::StreamExt as _;
use futures_util::stream::{self, Stream};
use reqwest::header::{CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use reqwest::{Body, Method, Response};
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

use super::endpoint::Endpoint;
use super::facts::Sent;
use super::headers::{back, onward};
use super::report::Outcome;
use super::rules::Reason;
use super::second::{Comparison, count};
use super::state::{LONGEST_REQUEST, Shadow};
use super::upstream::reason;

/// Parts of a body on their way at once.
const PARTS_UNDER_WAY: usize = 4;

/// Passes one request on.
pub(super) async fn pass_on(
    request: HttpRequest,
    payload: Payload,
    shadow: Data<Shadow>,
) -> HttpResponse {
    let shadow = shadow.into_inner();
    let Some(sent) = read_head(&request, &shadow) else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "this request cannot be passed on as it is",
        );
    };
    let Some(address) = shadow.old.address(&sent.target) else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "this path cannot be passed on as it is",
        );
    };
    let permit = permit(&shadow, &sent);
    let (body, sent_body) = carry(request.headers(), payload, permit.is_some());
    let onward = shadow.old.http.request(sent.method.clone(), address);
    let onward = onward.headers(sent.headers.clone());
    let onward = match body {
        Some(body) => onward.body(body),
        None => onward,
    };
    match onward.send().await {
        Ok(response) => {
            let comparison =
                permit.map(|permit| Comparison::new(shadow, sent, sent_body, &response, permit));
            answer(response, request.method() == "HEAD", comparison)
        }
        Err(error) => {
            let status = if error.is_timeout() {
                StatusCode::GATEWAY_TIMEOUT
            } else {
                StatusCode::BAD_GATEWAY
            };
            count(&shadow, &sent, Outcome::OldFailed(reason(error)));
            refuse(status, "the old server does not answer")
        }
    }
}

fn read_head(request: &HttpRequest, shadow: &Shadow) -> Option<Sent> {
    let target = request.uri().path_and_query()?.as_str().to_owned();
    let peer = request.peer_addr().map(|address| address.ip());
    let inner = request.uri().path().strip_prefix(shadow.old.context_path());
    Some(Sent {
        endpoint: inner.map_or(Endpoint::Other, Endpoint::of),
        method: Method::from_bytes(request.method().as_str().as_bytes()).ok()?,
        target,
        headers: onward(request.headers(), peer),
        body: None,
    })
}

/// Leave to compare a request; whoever gets none is passed on all the same.
fn permit(shadow: &Shadow, sent: &Sent) -> Option<OwnedSemaphorePermit> {
    let why_not = if sent.endpoint == Endpoint::Other {
        Reason::NoEndpoint
    } else {
        match Arc::clone(&shadow.permits).try_acquire_owned() {
            Ok(permit) => return Some(permit),
            Err(_) => Reason::Busy,
        }
    };
    count(shadow, sent, Outcome::NotAsked(why_not));
    None
}

/// The body of a request on its way, and what of it was kept: `None` when it was too long or broke off.
fn carry(
    headers: &actix_web::http::header::HeaderMap,
    mut payload: Payload,
    keep: bool,
) -> (Option<Body>, oneshot::Receiver<Option<Vec<u8>>>) {
    let (tell, told) = oneshot::channel();
    let length = headers.get(CONTENT_LENGTH.as_str());
    let is_chunked = headers.contains_key(TRANSFER_ENCODING.as_str());
    if !is_chunked && length.is_none_or(|length| length.as_bytes() == b"0") {
        // Whoever waits may have gone.
        let _ = tell.send(Some(Vec::new()));
        return (None, told);
    }
    let (give, mut take) = mpsc::channel(PARTS_UNDER_WAY);
    actix_web::rt::spawn(async move {
        let mut kept = keep.then(Vec::new);
        while let Some(part) = payload.next().await {
            kept = kept
                .zip(part.as_ref().ok())
                .and_then(|(kept, part)| kept_with(kept, part));
            let is_broken = part.is_err();
            let part = part.map_err(|error| error.to_string());
            if give.send(part).await.is_err() || is_broken {
                return;
            }
        }
        // Whoever waits may have gone.
        let _ = tell.send(kept);
    });
    let parts = stream::poll_fn(move |context| take.poll_recv(context));
    (Some(Body::wrap_stream(parts)), told)
}

fn kept_with(mut kept: Vec<u8>, part: &Bytes) -> Option<Vec<u8>> {
    if kept.len() + part.len() > LONGEST_REQUEST {
        return None;
    }
    kept.extend_from_slice(part);
    Some(kept)
}

/// The old answer, while it comes; its end begins the comparison.
fn answer(response: Response, is_head: bool, comparison: Option<Comparison>) -> HttpResponse {
    let status = StatusCode::from_u16(response.status().as_u16());
    let status = status.unwrap_or(StatusCode::BAD_GATEWAY);
    let mut builder = HttpResponse::build(status);
    for (name, value) in back(response.headers()) {
        builder.append_header((name, value));
    }
    let has_none = status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED;
    let size = match length(response.headers()) {
        _ if has_none => BodySize::None,
        Some(length) => BodySize::Sized(length),
        None => BodySize::Stream,
    };
    if is_head || has_none || size == BodySize::Sized(0) {
        if let Some(comparison) = comparison {
            comparison.finish();
        }
        return with_body(&mut builder, size, stream::empty());
    }
    with_body(&mut builder, size, parts_of(response, comparison))
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn with_body(
    builder: &mut HttpResponseBuilder,
    size: BodySize,
    parts: impl Stream<Item = Result<Bytes, reqwest::Error>> + 'static,
) -> HttpResponse {
    match size {
        BodySize::None => builder.finish(),
        BodySize::Sized(length) => {
            // Else it would be named a stream of bytes where the old server named nothing.
            let parts = SizedStream::new(length, Box::pin(parts));
            builder.body(parts)
        }
        BodySize::Stream => builder.body(actix_web::body::BodyStream::new(Box::pin(parts))),
    }
}

fn parts_of(
    response: Response,
    comparison: Option<Comparison>,
) -> impl Stream<Item = Result<Bytes, reqwest::Error>> {
    stream::unfold(
        (response, comparison),
        async |(mut response, comparison)| {
            let mut comparison = comparison;
            match response.chunk().await {
                Ok(Some(part)) => {
                    if let Some(comparison) = &mut comparison {
                        comparison.keep(&part);
                    }
                    Some((Ok(part), (response, comparison)))
                }
                Ok(None) => {
                    if let Some(comparison) = comparison {
                        comparison.finish();
                    }
                    None
                }
                // What is dropped here is counted as broken off.
                Err(error) => Some((Err(error), (response, None))),
            }
        },
    )
}

fn refuse(status: StatusCode, why: &str) -> HttpResponse {
    let body = json!({"error": "temporarily_unavailable", "error_description": why});
    HttpResponse::build(status).json(body)
}
