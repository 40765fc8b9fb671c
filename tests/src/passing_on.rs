//! How a server between two others passes a request on, and its answer back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};

/// Headers that belong to one connection, or that the HTTP client writes itself.
const OF_THE_CONNECTION: [&str; 5] = [
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "accept-encoding",
];

/// Sends a request on to this address. What comes back is the head of the answer, and its body.
pub(crate) async fn pass_on(
    http: &reqwest::Client,
    request: &HttpRequest,
    body: &web::Bytes,
    address: String,
) -> Result<(HttpResponseBuilder, web::Bytes), HttpResponse> {
    let method = request.method().as_str().parse().expect("a method");
    let mut onward = http.request(method, address).body(body.to_vec());
    for (name, value) in request.headers() {
        if !OF_THE_CONNECTION.contains(&name.as_str()) {
            onward = onward.header(name.as_str(), value.as_bytes());
        }
    }
    let Ok(answer) = onward.send().await else {
        return Err(HttpResponse::BadGateway().finish());
    };
    let status = StatusCode::from_u16(answer.status().as_u16()).expect("a status");
    let mut response = HttpResponse::build(status);
    for (name, value) in answer.headers() {
        if !OF_THE_CONNECTION.contains(&name.as_str()) {
            response.append_header((name.as_str(), value.as_bytes()));
        }
    }
    Ok((response, answer.bytes().await.unwrap_or_default()))
}
