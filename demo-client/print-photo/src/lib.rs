//! Print Photo, the demo: a web application that reads somebody's photos in Photo Space without their
//! password, one way per grant, and shows every step. It uses of the libraries only what everybody can.

mod authorize;
mod clients;
mod flow;
mod guard;
mod lessons;
mod metrics;
mod page;
mod photos;
mod problem;
mod session;
mod settings;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::guard as method;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, HttpServer, Resource, Responder as _, web};
use symbolon::clock::Clock;
use symbolon::random::SystemRandom;
use symbolon_service::drain::{Drain, close_connections};
use symbolon_service::http::local_url;
use symbolon_service::metrics::{self as shared_metrics, HttpMetrics};
use symbolon_service::probes::{self, Readiness};
use symbolon_service::request_log::request_log;

pub use actix_web::dev::Server;
pub use settings::{
    AuthorizationServerSettings, ClientsSettings, ConfidentialClientSettings, DEFAULTS,
    DemoClientSettings, PublicClientSettings, ResourceServerSettings, SessionsSettings,
};
pub use symbolon::secret::Secret;
pub use symbolon_service::http::HttpSettings;
pub use symbolon_service::settings::SettingsError;
pub use symbolon_service::telemetry::{LogFormat, LogSettings, TraceSettings};

use clients::{CALLBACK_PATH, Clients, SCRIPT_PATH};
use guard::Guard;
use metrics::CallCounts;
use problem::Problem;
use session::Sessions;

/// Browsers keep styles and scripts for five minutes: a new release shows soon.
const ASSET_CACHING: &str = "public, max-age=300";

/// A form of this demo is not longer, in bytes.
const MAX_FORM_BYTES: usize = 8 * 1024;

/// The demo, listening. Spawn or await both servers.
pub struct DemoClient {
    /// The pages.
    pub service: Server,
    /// `/livez`, `/readyz` and `/metrics`.
    pub probes: Server,
    /// How it leaves.
    pub drain: Drain,
    /// Its address as browsers see it.
    pub url: String,
    /// Where the pages are.
    pub address: SocketAddr,
    /// Where the probes are.
    pub probes_address: SocketAddr,
}

/// Starts the demo on sockets that are open already.
pub fn start(
    settings: &DemoClientSettings,
    listener: TcpListener,
    probes_listener: TcpListener,
    clock: Arc<dyn Clock>,
) -> io::Result<DemoClient> {
    let (address, probes_address) = (listener.local_addr()?, probes_listener.local_addr()?);
    let url = if settings.public_url.is_empty() {
        local_url(address)
    } else {
        settings.public_url.trim_end_matches('/').to_owned()
    };
    let (name, version) = ("demo-client", env!("CARGO_PKG_VERSION"));
    let mut registry = shared_metrics::registry(name, version, clock.now());
    let http = HttpMetrics::register(&mut registry);
    let counts = CallCounts::register(&mut registry);
    let clients = Clients::new(settings, url.clone(), &clock, counts)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    let random = Arc::new(SystemRandom);
    let sessions = Arc::new(Sessions::new(settings.sessions, clock, random));
    metrics::register_sessions(&mut registry, &sessions);
    let guard = web::Data::new(Guard {
        sessions,
        https: url.starts_with("https:"),
        content_security_policy: guard::content_security_policy(
            &settings.authorization_server.url,
            &settings.resource_server.url,
        ),
    });
    let clients = web::Data::new(clients);
    let drain = Drain::new(&settings.http);
    let draining = web::Data::new(drain.clone());
    let proxies = web::Data::new(settings.http.trusted_proxies.clone());
    let service = HttpServer::new(move || {
        App::new()
            .app_data(draining.clone())
            .app_data(guard.clone())
            .app_data(clients.clone())
            .app_data(proxies.clone())
            .configure(routes)
            .wrap(from_fn(guard::with_security_headers))
            .wrap(from_fn(close_connections))
            .wrap(from_fn(request_log))
            .wrap(http.clone())
    });
    let service = service
        .workers(settings.http.workers)
        .keep_alive(Duration::from_secs(settings.http.keep_alive_secs))
        .shutdown_timeout(settings.http.shutdown_timeout_secs)
        .disable_signals()
        .listen(listener)?
        .run();
    // Tokens come from elsewhere, but the pages can be shown without them.
    let ready: Readiness = Arc::new(|| Box::pin(async { Ok(()) }));
    let ready = drain.readiness(ready);
    let probes = probes::serve(probes_listener, ready, Arc::new(registry))?;
    Ok(DemoClient {
        service,
        probes,
        drain,
        url,
        address,
        probes_address,
    })
}

fn routes(app: &mut web::ServiceConfig) {
    app.app_data(web::FormConfig::default().limit(MAX_FORM_BYTES));
    app.service(page("/assets/style.css", READ).route(reading().to(style)));
    app.service(page("/assets/spa.js", READ).route(reading().to(script)));
    app.service(page("/assets/icon.svg", READ).route(reading().to(icon)));
    let pages = web::scope("")
        .wrap(from_fn(guard::with_session))
        .service(page("/", READ).route(reading().to(authorize::home)))
        .service(
            page("/code", READ_AND_POST)
                .route(reading().to(authorize::code_page))
                .route(web::post().to(authorize::code)),
        )
        .service(page(CALLBACK_PATH, GET).route(web::get().to(authorize::callback)))
        .service(
            page("/password", READ_AND_POST)
                .route(reading().to(authorize::password_page))
                .route(web::post().to(authorize::password)),
        )
        .service(
            page("/client-credentials", READ_AND_POST)
                .route(reading().to(authorize::client_credentials_page))
                .route(web::post().to(authorize::client_credentials)),
        )
        .service(page(SCRIPT_PATH, READ).route(reading().to(authorize::script_page)))
        .service(page("/photos", GET).route(web::get().to(photos::photos)))
        .service(page("/photos/{id}", GET).route(web::get().to(photos::photo)))
        .service(page("/refresh", POST).route(web::post().to(photos::refresh)))
        .service(page("/logout", POST).route(web::post().to(photos::log_out)))
        .default_service(web::to(not_found));
    app.service(pages);
}

const GET: &str = "GET";
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

/// `GET` and, as RFC 9110 §9.3.2 asks for, `HEAD`.
fn reading() -> actix_web::Route {
    web::route().guard(method::Any(method::Get()).or(method::Head()))
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
