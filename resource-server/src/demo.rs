//! Photo Space, the resource server of the demo: each owner's pictures behind the middleware of this
//! crate. It uses nothing that another program could not.

mod api;
mod cors;
mod json_errors;
mod photos;
mod settings;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use shared::clock::Clock;
use shared::service::probes::{self, Readiness};
use shared::service::request_log::request_log;

use crate::ResourceServer;
use photos::Photos;

pub use settings::{
    CacheSettings, CorsSettings, DEFAULTS, DemoSettings, ENVIRONMENT_PREFIX, PhotoSettings,
    VerificationMethod, VerifierSettings,
};
pub use shared::service::http::HttpSettings;
pub use shared::service::telemetry::{LogSettings, TraceSettings};

/// Photo Space, ready to run: await (or spawn) both servers.
pub struct RunningDemo {
    /// The API.
    pub service: Server,
    /// `/livez` and `/readyz`.
    pub probes: Server,
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
    let verifier = settings
        .verifier
        .verifier(clock)
        .map_err(|error| io::Error::other(error.to_string()))?;
    let protection = ResourceServer::new(verifier)
        .resource_id(settings.resource_id.clone())
        .require_audience(settings.require_audience)
        .token_parameters(settings.token_parameters)
        .dialect(settings.dialect);
    let photos = web::Data::new(Photos::with_samples(settings.photos));
    let origins = settings.cors.allowed_origins.clone();
    let proxies = web::Data::new(settings.http.trusted_proxies.clone());
    let address = listener.local_addr()?;
    let probes_address = probes_listener.local_addr()?;
    let service = HttpServer::new(move || {
        App::new()
            .app_data(photos.clone())
            .app_data(proxies.clone())
            .configure(|routes| api::configure(routes, &protection))
            .wrap(from_fn(json_errors::speak_json))
            // Outside of everything that refuses: a script must be able to read why.
            .wrap(cors::allow(&origins))
            .wrap(from_fn(request_log))
    })
    .workers(settings.http.workers)
    .shutdown_timeout(settings.http.shutdown_timeout_secs)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(RunningDemo {
        service,
        probes: probes::serve(probes_listener, always_ready())?,
        address,
        probes_address,
    })
}

/// The pictures are in memory, so whoever listens is ready. An authorization server that is away does
/// not change that: taking this server out of service would only turn its 503 into another one.
fn always_ready() -> Readiness {
    Arc::new(|| Box::pin(std::future::ready(Ok(()))))
}
