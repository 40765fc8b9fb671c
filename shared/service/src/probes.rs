//! `/livez`, `/readyz` and `/metrics` on a port of their own, so that nothing public can reach them by accident.

use std::fmt;
use std::future::Future;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, web};
use prometheus_client::registry::Registry;

use crate::connections::{self, Bounds};
use crate::head_requests::answer_as_get;
use crate::http::HttpSettings;
use crate::metrics;

/// What is missing, or nothing.
type Answer = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// The question whether a service can do its work now; the text of a no says what is missing. Its clones
/// are the same one.
#[derive(Clone)]
pub struct Readiness(Arc<dyn Fn() -> Answer + Send + Sync>);

impl fmt::Debug for Readiness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Readiness")
    }
}

impl Readiness {
    /// That of a service which needs nobody: whoever listens is ready.
    pub fn always() -> Self {
        Self::asking(|| std::future::ready(Ok(())))
    }

    /// Asks for each probe anew.
    pub fn asking<F, A>(ask: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self(Arc::new(move || Box::pin(ask())))
    }

    /// Asks now.
    pub async fn ask(&self) -> Result<(), String> {
        (self.0)().await
    }
}

/// What probes are about.
#[derive(Clone)]
pub(crate) struct Watched {
    pub(crate) readiness: Readiness,
    pub(crate) registry: Arc<Registry>,
}

/// Serves the probes. The caller spawns it and stops it together with the service.
pub(crate) fn serve(
    listener: TcpListener,
    settings: &HttpSettings,
    bounds: Bounds,
    watched: Watched,
) -> std::io::Result<Server> {
    connections::serve(listener, settings, 1, bounds, move || {
        App::new()
            .app_data(web::Data::new(watched.readiness.clone()))
            .app_data(web::Data::from(Arc::clone(&watched.registry)))
            .route("/livez", web::get().to(livez))
            .route("/readyz", web::get().to(readyz))
            .route("/metrics", web::get().to(scrape))
            .wrap(from_fn(answer_as_get))
    })
}

async fn livez() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain")
        .body("alive\n")
}

async fn readyz(readiness: web::Data<Readiness>) -> HttpResponse {
    match readiness.ask().await {
        Ok(()) => HttpResponse::Ok()
            .content_type("text/plain")
            .body("ready\n"),
        Err(missing) => {
            tracing::warn!(event = "not_ready", %missing);
            HttpResponse::ServiceUnavailable()
                .content_type("text/plain")
                .body("not ready\n")
        }
    }
}

async fn scrape(registry: web::Data<Registry>) -> HttpResponse {
    match metrics::exposition(&registry) {
        Ok(text) => HttpResponse::Ok()
            .content_type(metrics::CONTENT_TYPE)
            .body(text),
        Err(error) => {
            tracing::error!(event = "metrics_not_written", %error);
            HttpResponse::InternalServerError().finish()
        }
    }
}
