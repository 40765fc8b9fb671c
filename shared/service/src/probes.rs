//! `/livez`, `/readyz` and `/metrics` on a port of their own, so that nothing public can reach them by accident.

use std::future::Future;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::{App, HttpResponse, HttpServer, web};
use prometheus_client::registry::Registry;

use super::metrics;

/// Tells whether the service can do its work now; the text says what is missing.
pub type Readiness =
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync>;

/// Serves the probes. The caller spawns it and stops it together with the service.
pub fn serve(
    listener: TcpListener,
    readiness: Readiness,
    registry: Arc<Registry>,
) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(Arc::clone(&readiness)))
            .app_data(web::Data::from(Arc::clone(&registry)))
            .route("/livez", web::get().to(livez))
            .route("/readyz", web::get().to(readyz))
            .route("/metrics", web::get().to(scrape))
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

async fn livez() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain")
        .body("alive\n")
}

async fn readyz(readiness: web::Data<Readiness>) -> HttpResponse {
    match readiness.as_ref()().await {
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
