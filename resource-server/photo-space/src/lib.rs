//! Photo Space, the resource server of the demo: each owner's pictures behind the middleware of
//! `symbolon-resource-server`. It uses nothing that another program could not.

mod api;
mod cors;
mod json_errors;
mod metrics;
mod photos;
mod questions;
mod root_page;
mod settings;
mod verifier;

use std::io;
use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::{App, web};
use symbolon::clock::Clock;
use symbolon_service::http::Listeners;
use symbolon_service::identity::ServiceIdentity;
use symbolon_service::probes::Readiness;
use symbolon_service::service::{RunningService, Service, StartError};

use metrics::DemoMetrics;
use photos::Photos;
use questions::Questions;
use symbolon_resource_server::{ResourceId, ResourceServer, TokenExtraction};
use verifier::{Watched, measured_verifier};

pub use settings::{
    CorsSettings, DemoSettings, JwtSettings, OldVerifierSettings, PhotoSettings, SpringSettings,
    VerificationMethod, VerifierSettings,
};
pub use symbolon_service::http::HttpSettings;
pub use symbolon_service::telemetry::{LogSettings, TraceSettings};

/// What Photo Space is called.
pub const IDENTITY: ServiceIdentity = ServiceIdentity {
    name: "resource-server",
    version: env!("CARGO_PKG_VERSION"),
    crate_name: env!("CARGO_CRATE_NAME"),
};

/// Starts Photo Space.
pub fn start(
    settings: &DemoSettings,
    listeners: Listeners,
    clock: Arc<dyn Clock>,
) -> Result<RunningService, StartError> {
    let mut service = Service::new(IDENTITY, clock.now());
    let metrics = DemoMetrics::register(service.registry());
    let questions = settings.show_questions.then(Arc::<Questions>::default);
    let watched = Watched {
        metrics: &metrics,
        questions: questions.clone(),
    };
    let verifier = measured_verifier(settings, clock, &watched, service.registry())
        .map_err(|error| io::Error::other(error.to_string()))?;
    let own_id = ResourceId::new(settings.resource_id.clone());
    let own_id = own_id.require_audience(settings.require_audience);
    let protection = ResourceServer::new(verifier)
        .events(metrics.events())
        .resource_id(own_id)
        .longest_token_bytes(settings.longest_token_bytes)
        .token_parameters(settings.token_parameters)
        .dialect(settings.dialect)
        .token_extraction(if settings.spring.token_extraction {
            TokenExtraction::Spring
        } else {
            TokenExtraction::Standard
        });
    let photos = web::Data::new(Photos::with_samples(settings.photos));
    let origins = settings.cors.allowed_origins.clone();
    let app = move || {
        App::new()
            .app_data(photos.clone())
            .configure(|routes| api::configure(routes, &protection))
            .configure(root_page::configure)
            .configure(|routes| questions::configure(routes, questions.as_ref()))
            .wrap(from_fn(questions::within_request))
            .wrap(from_fn(json_errors::speak_json))
            // Outside of everything that refuses: a script must be able to read why.
            .wrap(cors::allow(&origins))
    };
    // The pictures are in memory, so whoever listens is ready. An authorization server that is away does not
    // change that: taking this server out of service would only turn its 503 into another one.
    let readiness = Readiness::always();
    Ok(service.start(&settings.http, listeners, &readiness, app)?)
}
