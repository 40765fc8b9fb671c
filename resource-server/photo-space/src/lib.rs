//! Photo Space, the resource server of the demo: each owner's pictures behind the middleware of
//! `symbolon-resource-server`. It uses nothing that another program could not.

mod api;
mod cors;
mod json_errors;
mod metrics;
mod photos;
mod settings;
mod verifier;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use symbolon::clock::Clock;
use symbolon_service::drain::{Drain, close_connections};
use symbolon_service::metrics::{self as shared_metrics, HttpMetrics};
use symbolon_service::probes::{self, Readiness};
use symbolon_service::request_log::request_log;

use metrics::DemoMetrics;
use photos::Photos;
use symbolon_resource_server::ResourceServer;
use verifier::measured_verifier;

pub use settings::{
    CorsSettings, DEFAULTS, DemoSettings, ENVIRONMENT_PREFIX, JwtSettings, PhotoSettings,
    VerificationMethod, VerifierSettings,
};
pub use symbolon_service::http::HttpSettings;
pub use symbolon_service::telemetry::{LogSettings, TraceSettings};

/// Photo Space, ready to run: await (or spawn) both servers.
pub struct RunningDemo {
    /// The API.
    pub service: Server,
    /// `/livez`, `/readyz` and `/metrics`.
    pub probes: Server,
    /// How it leaves.
    pub drain: Drain,
    /// Where the API listens.
    pub address: SocketAddr,
    /// Where the probes listen.
    pub probes_address: SocketAddr,
}

/// Starts Photo Space on two listeners that the caller took (port 0 gives tests a free one).
pub fn start(
    settings: &DemoSettings,
    listener: TcpListener,
    probes_listener: TcpListener,
    clock: Arc<dyn Clock>,
) -> io::Result<RunningDemo> {
    let (name, version) = ("resource-server", env!("CARGO_PKG_VERSION"));
    let mut registry = shared_metrics::registry(name, version, clock.now());
    let http = HttpMetrics::register(&mut registry);
    let metrics = DemoMetrics::register(&mut registry);
    let verifier = measured_verifier(&settings.verifier, clock, &metrics, &mut registry)
        .map_err(|error| io::Error::other(error.to_string()))?;
    let protection = ResourceServer::new(verifier)
        .events(metrics.events())
        .resource_id(settings.resource_id.clone())
        .require_audience(settings.require_audience)
        .token_parameters(settings.token_parameters)
        .dialect(settings.dialect);
    let photos = web::Data::new(Photos::with_samples(settings.photos));
    let origins = settings.cors.allowed_origins.clone();
    let proxies = web::Data::new(settings.http.trusted_proxies.clone());
    let address = listener.local_addr()?;
    let probes_address = probes_listener.local_addr()?;
    let drain = Drain::new(&settings.http);
    let draining = web::Data::new(drain.clone());
    let service = HttpServer::new(move || {
        App::new()
            .app_data(draining.clone())
            .app_data(photos.clone())
            .app_data(proxies.clone())
            .configure(|routes| api::configure(routes, &protection))
            .wrap(from_fn(json_errors::speak_json))
            // Outside of everything that refuses: a script must be able to read why.
            .wrap(cors::allow(&origins))
            .wrap(from_fn(close_connections))
            .wrap(from_fn(request_log))
            .wrap(http.clone())
    })
    .workers(settings.http.workers)
    .keep_alive(Duration::from_secs(settings.http.keep_alive_secs))
    .shutdown_timeout(settings.http.shutdown_timeout_secs)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(RunningDemo {
        service,
        probes: probes::serve(
            probes_listener,
            drain.readiness(always_ready()),
            Arc::new(registry),
        )?,
        drain,
        address,
        probes_address,
    })
}

/// The pictures are in memory, so whoever listens is ready. An authorization server that is away does
/// not change that: taking this server out of service would only turn its 503 into another one.
fn always_ready() -> Readiness {
    Arc::new(|| Box::pin(std::future::ready(Ok(()))))
}
