//! Between two services: passes everything on and keeps a copy, so that a test knows every secret that
//! went over the wire.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::Browser;
use crate::small_server::SmallServer;

/// Headers that belong to one connection, or that the HTTP client writes itself.
const OF_THE_CONNECTION: [&str; 5] = [
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "accept-encoding",
];

/// Listens in on a service, until this is dropped.
#[derive(Debug)]
pub struct ListeningIn {
    /// Where callers are told that the service is.
    pub url: String,
    state: Arc<State>,
    _server: SmallServer,
}

#[derive(Debug)]
struct State {
    service: String,
    http: reqwest::Client,
    heard: Mutex<Vec<(String, String)>>,
}

impl ListeningIn {
    /// Stands in front of the service at this address.
    pub fn on(service: &str) -> Self {
        let state = Arc::new(State {
            service: service.to_owned(),
            http: Browser::plain_client(),
            heard: Mutex::default(),
        });
        let data = web::Data::from(Arc::clone(&state));
        let server = SmallServer::start(move |routes| {
            routes.app_data(data.clone());
            routes.default_service(web::to(pass_on));
        });
        Self {
            url: server.url.clone(),
            state,
            _server: server,
        }
    }

    /// The bodies of all requests and of their answers.
    pub fn heard(&self) -> Vec<(String, String)> {
        let heard = self.state.heard.lock();
        heard.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn pass_on(request: HttpRequest, body: web::Bytes, state: web::Data<State>) -> HttpResponse {
    let url = format!("{}{}", state.service, request.uri());
    let method = request.method().as_str().parse().expect("a method");
    let mut onward = state.http.request(method, url).body(body.to_vec());
    for (name, value) in request.headers() {
        if !OF_THE_CONNECTION.contains(&name.as_str()) {
            onward = onward.header(name.as_str(), value.as_bytes());
        }
    }
    let Ok(answer) = onward.send().await else {
        return HttpResponse::BadGateway().finish();
    };
    let status = StatusCode::from_u16(answer.status().as_u16()).expect("a status");
    let mut response = HttpResponse::build(status);
    for (name, value) in answer.headers() {
        if !OF_THE_CONNECTION.contains(&name.as_str()) {
            response.append_header((name.as_str(), value.as_bytes()));
        }
    }
    let answered = answer.bytes().await.unwrap_or_default();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut heard = state.heard.lock().unwrap_or_else(PoisonError::into_inner);
    heard.push((text(&body), text(&answered)));
    drop(heard);
    response.body(answered)
}
