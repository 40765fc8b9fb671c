//! Between two services: passes everything on and keeps a copy, so that a test knows every secret that
//! went over the wire.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::{HttpRequest, HttpResponse, web};

use crate::small_server::SmallServer;
use crate::{Browser, passing_on};

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
    let address = format!("{}{}", state.service, request.uri());
    let passed = passing_on::pass_on(&state.http, &request, &body, address).await;
    let (mut response, answered) = match passed {
        Ok(passed) => passed,
        Err(response) => return response,
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut heard = state.heard.lock().unwrap_or_else(PoisonError::into_inner);
    heard.push((text(&body), text(&answered)));
    drop(heard);
    response.body(answered)
}
