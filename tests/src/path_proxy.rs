//! A proxy behind which an authorization server is below a path, and another program has the rest of the host.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::{HttpRequest, HttpResponse, web};
use symbolon::metadata::well_known_path;
use tokio::sync::SetOnce;

use crate::small_server::SmallServer;
use crate::{Browser, World, WorldBuilder, passing_on};

/// What it passes on of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassesOn {
    /// All of it.
    Whole,
    /// What is below the server's own path.
    Below,
}

/// A proxy, until this is dropped.
#[derive(Debug)]
pub struct PathProxy {
    /// The host, where everything else is another program's.
    pub host: String,
    state: Arc<State>,
    _server: SmallServer,
}

#[derive(Debug)]
struct State {
    path: &'static str,
    passes: PassesOn,
    server: SetOnce<String>,
    http: reqwest::Client,
    strays: Mutex<Vec<String>>,
}

impl PathProxy {
    /// One for a server below this path, which begins with a slash and ends with none.
    pub fn for_path(path: &'static str, passes: PassesOn) -> Self {
        let state = Arc::new(State {
            path,
            passes,
            server: SetOnce::new(),
            http: Browser::plain_client(),
            strays: Mutex::default(),
        });
        let data = web::Data::from(Arc::clone(&state));
        let server = SmallServer::start(move |routes| {
            routes.app_data(data.clone());
            routes.default_service(web::to(pass_on));
        });
        Self {
            host: server.url.clone(),
            state,
            _server: server,
        }
    }

    /// What the server behind it is called.
    pub fn issuer(&self) -> String {
        format!("{}{}", self.host, self.state.path)
    }

    /// Starts a world whose authorization server is behind this.
    pub async fn start(&self, builder: WorldBuilder) -> World {
        let issuer = self.issuer();
        let builder = builder
            .set("AUTH_SERVER__ISSUER", &issuer)
            .set("RESOURCE_SERVER__VERIFIER__AUTHORIZATION_SERVER", &issuer)
            .set("DEMO_CLIENT__AUTHORIZATION_SERVER__URL", &issuer);
        let world = builder.start().await;
        let set = self.state.server.set(world.auth.clone());
        set.expect("one server is behind a proxy");
        world
    }

    /// Paths of the other program that somebody asked for.
    pub fn strays(&self) -> Vec<String> {
        let strays = self.state.strays.lock();
        strays.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn pass_on(request: HttpRequest, body: web::Bytes, state: web::Data<State>) -> HttpResponse {
    let Some(onward) = state.onward(request.path()) else {
        let mut strays = state.strays.lock().unwrap_or_else(PoisonError::into_inner);
        strays.push(request.path().to_owned());
        return HttpResponse::NotFound().body("the other program has no such page");
    };
    // Programs may ask before it is there.
    let server = state.server.wait().await;
    let mut address = format!("{server}{onward}");
    if let Some(query) = request.uri().query() {
        address = format!("{address}?{query}");
    }
    let passed = passing_on::pass_on(&state.http, &request, &body, address).await;
    passed.map_or_else(
        |refused| refused,
        |(mut response, body)| response.body(body),
    )
}

impl State {
    /// The path that is passed on for one that is the server's.
    fn onward(&self, path: &str) -> Option<String> {
        if path == well_known_path(self.path) {
            return Some(path.to_owned());
        }
        let below = path.strip_prefix(self.path)?;
        match (self.passes, below) {
            (_, below) if !below.is_empty() && !below.starts_with('/') => None,
            (PassesOn::Whole, _) => Some(path.to_owned()),
            (PassesOn::Below, "") => Some("/".to_owned()),
            (PassesOn::Below, below) => Some(below.to_owned()),
        }
    }
}
