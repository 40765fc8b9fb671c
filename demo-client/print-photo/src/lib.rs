//! Print Photo, the demo: a web application that reads somebody's photos in Photo Space without their
//! password, one way per grant, and shows every step. Beside it is Photo Stats, a second application, for the single
//! sign-on. Both use of the libraries only what everybody can.

mod access;
mod application;
mod attack;
mod attacks;
mod authorize;
mod brought;
mod calling;
mod clients;
mod code_client;
mod compare;
mod decoded;
mod diagram;
mod exchange;
mod export;
mod flow;
mod guard;
mod here;
mod inspector;
mod language;
mod lessons;
mod message;
mod metrics;
mod page;
mod parameters;
mod photos;
mod problem;
mod questions;
mod session;
mod settings;
mod stats;
mod words;

use std::sync::Arc;

use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, Resource, Responder as _, web};
use symbolon::clock::Clock;
use symbolon::random::SystemRandom;
use symbolon_service::http::{Listeners, local_url};
use symbolon_service::identity::ServiceIdentity;
use symbolon_service::probes::Readiness;
use symbolon_service::service::{RunningService, Service, StartError};

pub use settings::{
    Address, AuthorizationServerSettings, ClientsSettings, ConfidentialClientSettings,
    DemoClientSettings, InspectorSettings, PublicClientSettings, ResourceServerSettings,
    SessionsSettings,
};
pub use symbolon::secret::Secret;
pub use symbolon_service::http::HttpSettings;
pub use symbolon_service::settings::SettingsError;
pub use symbolon_service::telemetry::{LogFormat, LogSettings, TraceSettings};

use application::{Application, STATS_PATH};
use clients::{Clients, SCRIPT_PATH};
use guard::Guard;
use metrics::CallCounts;
use problem::Problem;
use session::Sessions;

/// Browsers keep styles and scripts for five minutes: a new release shows soon.
const ASSET_CACHING: &str = "public, max-age=300";

/// A form of this demo is not longer, in bytes.
const MAX_FORM_BYTES: usize = 8 * 1024;

/// What Print Photo is called.
pub const IDENTITY: ServiceIdentity = ServiceIdentity {
    name: "demo-client",
    version: env!("CARGO_PKG_VERSION"),
    crate_name: env!("CARGO_CRATE_NAME"),
};

/// Print Photo, listening.
pub struct DemoClient {
    /// Its address as browsers see it.
    pub url: String,
    /// The pages and the probes.
    pub service: RunningService,
}

/// Starts Print Photo.
pub fn start(
    settings: &DemoClientSettings,
    listeners: Listeners,
    clock: Arc<dyn Clock>,
) -> Result<DemoClient, StartError> {
    let url = match &settings.public_url {
        Some(url) => url.as_str().to_owned(),
        None => local_url(listeners.address()?),
    };
    let mut service = Service::new(IDENTITY, clock.now());
    let counts = CallCounts::register(service.registry());
    let clients = Clients::new(settings, url.clone(), &clock, counts)
        .map_err(|error| StartError::Settings(error.to_string()))?;
    let sessions = sessions_of(Application::PrintPhoto, settings, Arc::clone(&clock));
    let stats_sessions = sessions_of(Application::PhotoStats, settings, clock);
    let of_both = [Arc::clone(&sessions), Arc::clone(&stats_sessions)];
    metrics::register_sessions(service.registry(), of_both);
    let guard = web::Data::new(Guard {
        sessions,
        stats_sessions,
        https: is_https(&url),
        content_security_policy: guard::content_security_policy(
            settings.authorization_server.url.url(),
            settings.resource_server.url.url(),
        ),
    });
    let clients = web::Data::new(clients);
    let app = move || {
        App::new()
            .app_data(guard.clone())
            .app_data(clients.clone())
            .configure(routes)
            .wrap(from_fn(guard::with_security_headers))
    };
    // Tokens come from elsewhere, but the pages can be shown without them.
    let readiness = Readiness::always();
    let service = service.start(&settings.http, listeners, &readiness, app)?;
    Ok(DemoClient { url, service })
}

/// No sessions of this application yet.
fn sessions_of(
    application: Application,
    settings: &DemoClientSettings,
    clock: Arc<dyn Clock>,
) -> Arc<Sessions> {
    let random = Arc::new(SystemRandom);
    let sessions = Sessions::new(settings.sessions, clock, random).of(application);
    Arc::new(sessions.revealing(settings.inspector.reveals_secrets))
}

/// By the address as it is read, not as it is spelled.
fn is_https(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| url.scheme() == "https")
}

fn routes(app: &mut web::ServiceConfig) {
    app.app_data(web::FormConfig::default().limit(MAX_FORM_BYTES));
    app.service(page("/assets/style.css", READ).route(web::get().to(style)));
    app.service(page("/assets/spa.js", READ).route(web::get().to(script)));
    app.service(page("/assets/icon.svg", READ).route(web::get().to(icon)));
    let pages = web::scope("")
        .wrap(from_fn(guard::with_session))
        .service(page("/", READ).route(web::get().to(authorize::home)))
        .service(
            page("/code", READ_AND_POST)
                .route(web::get().to(authorize::code_page))
                .route(web::post().to(authorize::code)),
        )
        .service(
            page(Application::PrintPhoto.callback_path(), READ)
                .route(web::get().to(authorize::callback)),
        )
        .service(
            page("/password", READ_AND_POST)
                .route(web::get().to(authorize::password_page))
                .route(web::post().to(authorize::password)),
        )
        .service(
            page("/client-credentials", READ_AND_POST)
                .route(web::get().to(authorize::client_credentials_page))
                .route(web::post().to(authorize::client_credentials)),
        )
        .service(page(SCRIPT_PATH, READ).route(web::get().to(authorize::script_page)))
        .service(page("/photos", READ).route(web::get().to(photos::photos)))
        .service(page("/photos/{id}", READ).route(web::get().to(photos::photo)))
        .service(page("/refresh", POST).route(web::post().to(photos::refresh)))
        .service(page("/logout", POST).route(web::post().to(photos::log_out)))
        .configure(experiments)
        .configure(photo_stats)
        .default_service(web::to(not_found));
    app.service(pages);
}

/// What can be looked at and tried besides the grants.
fn experiments(app: &mut web::ServiceConfig) {
    app.service(page("/compare", READ).route(web::get().to(compare::page)))
        .service(page("/attacks", READ).route(web::get().to(attacks::page)))
        .service(page("/attack", POST).route(web::post().to(attacks::attack)))
        .service(
            page("/own-client", READ_AND_POST)
                .route(web::get().to(brought::page))
                .route(web::post().to(brought::bring)),
        )
        .service(page("/own-client/forget", POST).route(web::post().to(brought::forget)))
        .service(page("/call", POST).route(web::post().to(calling::call)))
        .service(page("/expire", POST).route(web::post().to(calling::expire)))
        .service(page("/flow.md", READ).route(web::get().to(export::markdown)))
        .service(page("/flow.svg", READ).route(web::get().to(export::svg)));
}

/// The second application.
fn photo_stats(app: &mut web::ServiceConfig) {
    app.service(
        page(STATS_PATH, READ_AND_POST)
            .route(web::get().to(stats::page))
            .route(web::post().to(stats::begin)),
    )
    .service(
        page(Application::PhotoStats.callback_path(), READ)
            .route(web::get().to(authorize::callback)),
    )
    .service(page("/stats/logout", POST).route(web::post().to(photos::log_out)))
    .service(page("/stats/flow.md", READ).route(web::get().to(export::markdown)))
    .service(page("/stats/flow.svg", READ).route(web::get().to(export::svg)));
}

const READ: &str = "GET, HEAD";
const POST: &str = "POST";
const READ_AND_POST: &str = "GET, HEAD, POST";

/// A page that answers other methods than `allow` with 405 (RFC 9110 §15.5.6).
fn page(path: &str, allow: &'static str) -> Resource {
    web::resource(path).default_service(web::to(move || async move {
        let answer = Err::<HttpResponse, _>(Problem::MethodNotAllowed);
        answer.customize().insert_header((header::ALLOW, allow))
    }))
}

async fn not_found() -> Result<HttpResponse, Problem> {
    Err(Problem::NotFound)
}

async fn style() -> HttpResponse {
    asset("text/css; charset=utf-8", include_str!("assets/style.css"))
}

async fn script() -> HttpResponse {
    asset(
        "text/javascript; charset=utf-8",
        include_str!("assets/spa.js"),
    )
}

async fn icon() -> HttpResponse {
    asset("image/svg+xml", include_str!("assets/icon.svg"))
}

fn asset(content_type: &'static str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CACHE_CONTROL, ASSET_CACHING))
        .body(text)
}

#[cfg(test)]
mod tests;
