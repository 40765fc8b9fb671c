//! A service from its start to its end: a port for callers, a port for probes, and what goes on around every
//! request.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::App;
use actix_web::body::MessageBody;
use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use prometheus_client::registry::Registry;
use symbolon::clock::Timestamp;

use crate::connections::{AppService, Bounds, serve};
use crate::drain::{Drain, close_connections};
use crate::head_requests::answer_as_get;
use crate::http::{HttpSettings, Listeners};
use crate::identity::ServiceIdentity;
use crate::metrics::{self, HttpMetrics, LimitsReached};
use crate::probes::{self, Readiness, Watched};
use crate::request_log::request_log;
use crate::shutdown;

/// Why a service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting cannot be used.
    #[error("{0}")]
    Settings(String),
    /// Anything else.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A service that is about to start.
#[derive(Debug)]
pub struct Service {
    registry: Registry,
    http_metrics: HttpMetrics,
    limits_reached: LimitsReached,
}

impl Service {
    /// A service whose metrics are those that every service has.
    pub fn new(identity: ServiceIdentity, started_at: Timestamp) -> Self {
        let mut registry = metrics::registry(identity, started_at);
        let http_metrics = HttpMetrics::register(&mut registry);
        let limits_reached = LimitsReached::register(&mut registry, &Bounds::SETTINGS);
        Self {
            registry,
            http_metrics,
            limits_reached,
        }
    }

    /// Where the metrics of this service alone are registered.
    pub const fn registry(&mut self) -> &mut Registry {
        &mut self.registry
    }

    /// Counts how often the limits of this service hold somebody back.
    pub fn limits_reached(&self) -> LimitsReached {
        self.limits_reached.clone()
    }

    /// Starts the service.
    ///
    /// `app` is called once per worker thread and gives what differs between services: data, routes and
    /// middleware of their own. Around its outermost middleware come, from the inside out, HEAD as GET, the end of
    /// connections while the service drains, the request's log line and span, and the HTTP metrics, so that
    /// an answer of any middleware is logged and counted. The body of an answer keeps its type.
    pub fn start<T: AppService<B>, B: MessageBody + 'static>(
        self,
        settings: &HttpSettings,
        listeners: Listeners,
        readiness: &Readiness,
        app: impl Fn() -> App<T> + Send + Clone + 'static,
    ) -> io::Result<RunningService> {
        let address = listeners.address()?;
        let probes_address = listeners.probes.local_addr()?;
        let drain = Drain::new(settings);
        let draining = Data::new(drain.clone());
        let proxies = Data::new(settings.trusted_proxies.clone());
        let http_metrics = self.http_metrics;
        let bounds = Bounds::new(settings, self.limits_reached.clone());
        let workers = settings.workers;
        let service = serve(listeners.service, settings, workers, bounds, move || {
            app()
                .app_data(draining.clone())
                .app_data(proxies.clone())
                .wrap(from_fn(answer_as_get))
                .wrap(from_fn(close_connections))
                .wrap(from_fn(request_log))
                .wrap(http_metrics.clone())
        })?;
        let probes_bounds = Bounds::new(settings, self.limits_reached);
        let watched = Watched {
            readiness: drain.readiness(readiness),
            registry: Arc::new(self.registry),
        };
        Ok(RunningService {
            service,
            probes: probes::serve(listeners.probes, settings, probes_bounds, watched)?,
            drain,
            address,
            probes_address,
        })
    }
}

/// A service that listens. Its servers are futures: whoever started it decides what they run on.
pub struct RunningService {
    /// Answers callers.
    pub service: Server,
    /// Answers `/livez`, `/readyz` and `/metrics`.
    pub probes: Server,
    /// How it leaves.
    pub drain: Drain,
    /// The address for callers.
    pub address: SocketAddr,
    /// The address for probes.
    pub probes_address: SocketAddr,
}

impl RunningService {
    /// Runs until `SIGTERM` or `SIGINT`, drains, then stops. A second signal ends the drain.
    pub async fn run_until_signal(self) -> io::Result<()> {
        shutdown::run_until_signal(self.service, self.probes, self.drain).await
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use actix_web::dev::{ServerHandle, ServiceRequest, ServiceResponse};
    use actix_web::http::StatusCode;
    use actix_web::middleware::Next;
    use actix_web::{Error, HttpResponse, web};

    use super::*;

    const IDENTITY: ServiceIdentity = ServiceIdentity {
        name: "example",
        version: "1.2.3",
        crate_name: "symbolon_service",
    };

    /// Middleware of the service's own, which answers some requests itself and fails on others.
    async fn teapot(
        request: ServiceRequest,
        next: Next<impl MessageBody + 'static>,
    ) -> Result<ServiceResponse<impl MessageBody>, Error> {
        match request.path() {
            "/fails" => Err(actix_web::error::ErrorImATeapot("no")),
            "/answers" => {
                let answer = HttpResponse::ImATeapot().finish();
                Ok(request.into_response(answer).map_into_right_body())
            }
            _ => Ok(next.call(request).await?.map_into_left_body()),
        }
    }

    struct Example {
        address: String,
        probes: String,
        drain: Drain,
        servers: [ServerHandle; 2],
    }

    impl Example {
        fn start() -> Self {
            let settings = HttpSettings::sample();
            let listeners = Listeners::bind(&settings).unwrap();
            let service = Service::new(IDENTITY, Timestamp::from_secs(1));
            let app = || {
                App::new()
                    .service(web::resource("/").get(HttpResponse::Ok))
                    .wrap(from_fn(teapot))
            };
            let running = service
                .start(&settings, listeners, &Readiness::always(), app)
                .unwrap();
            let servers = [running.service.handle(), running.probes.handle()];
            actix_web::rt::spawn(running.service);
            actix_web::rt::spawn(running.probes);
            Self {
                address: format!("http://{}", running.address),
                probes: format!("http://{}", running.probes_address),
                drain: running.drain,
                servers,
            }
        }

        async fn get(&self, path: &str) -> reqwest::Response {
            let address = format!("{}{path}", self.address);
            reqwest::get(address).await.unwrap()
        }

        async fn probe(&self, path: &str) -> (StatusCode, String) {
            let address = format!("{}{path}", self.probes);
            let answer = reqwest::get(address).await.unwrap();
            let status = StatusCode::from_u16(answer.status().as_u16()).unwrap();
            (status, answer.text().await.unwrap())
        }

        async fn stop(self) {
            for server in self.servers {
                server.stop(false).await;
            }
        }
    }

    #[actix_web::test]
    async fn every_answer_is_logged_and_counted_whoever_gave_it() {
        let example = Example::start();
        let answers = [
            ("/", 200),
            ("/answers", 418),
            ("/fails", 418),
            ("/nowhere", 404),
        ];
        for (path, status) in answers {
            assert_eq!(example.get(path).await.status().as_u16(), status, "{path}");
        }
        // An error that no middleware turned into an answer has no headers of one.
        for (path, has_id) in [("/answers", true), ("/nowhere", true), ("/fails", false)] {
            let headers = example.get(path).await.headers().clone();
            assert_eq!(headers.contains_key("x-request-id"), has_id, "{path}");
        }
        let (status, scraped) = example.probe("/metrics").await;
        assert_eq!(status, StatusCode::OK);
        for (route, status, count) in [("/", 200, 1), ("unmatched", 418, 4), ("unmatched", 404, 2)]
        {
            let series = format!(
                "http_server_request_duration_seconds_count{{http_request_method=\"GET\",\
                 http_route=\"{route}\",http_response_status_code=\"{status}\"}} {count}\n"
            );
            assert!(scraped.contains(&series), "no {series} in {scraped}");
        }
        example.stop().await;
    }

    #[actix_web::test]
    async fn a_service_that_drains_is_not_ready_and_answers_still() {
        let example = Example::start();
        let ready = (StatusCode::OK, "ready\n".to_owned());
        assert_eq!(example.probe("/readyz").await, ready);
        example.drain.begin();
        let not_ready = (StatusCode::SERVICE_UNAVAILABLE, "not ready\n".to_owned());
        assert_eq!(example.probe("/readyz").await, not_ready);
        assert_eq!(example.probe("/livez").await.0, StatusCode::OK);
        for path in ["/", "/answers"] {
            let answer = example.get(path).await;
            assert_eq!(answer.headers()["connection"], "close", "{path}");
        }
        example.stop().await;
    }

    #[test]
    fn a_port_that_is_taken_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let settings = HttpSettings {
            probes_port: port,
            ..HttpSettings::sample()
        };
        let error = Listeners::bind(&settings).unwrap_err().to_string();
        let begins = format!("cannot listen on 127.0.0.1:{port}: ");
        assert!(error.starts_with(&begins), "{error}");
    }
}
