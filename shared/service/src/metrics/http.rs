//! How long requests take, by method, route and status, with the names of OpenTelemetry's
//! [HTTP metrics](https://opentelemetry.io/docs/specs/semconv/http/http-metrics/).

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::Error;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::{Registry, Unit};

use super::labels::{Labels, network_histogram};
use super::sharded::{Gauge, Histogram};
use crate::http::{METHODS, method_name, method_place};

/// The route of a path that no route has. No pattern looks like it: they begin with a slash.
const UNMATCHED: &str = "unmatched";

/// The middleware that measures. Wrap it around everything else.
#[derive(Clone, Debug)]
pub struct HttpMetrics {
    durations: Family<RequestLabels, Histogram, fn() -> Histogram>,
    active: Family<Labels<1>, Gauge>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
#[allow(
    clippy::struct_field_names,
    reason = "they are the names of the labels"
)]
struct RequestLabels {
    http_request_method: &'static str,
    http_route: Arc<str>,
    http_response_status_code: u32,
}

impl HttpMetrics {
    /// Registers the metrics of a service's HTTP port.
    pub fn register(registry: &mut Registry) -> Self {
        let durations: Family<_, _, fn() -> Histogram> =
            Family::new_with_constructor(network_histogram);
        let active = Family::default();
        registry.register_with_unit(
            "http_server_request_duration",
            "How long requests took, until the head of the answer",
            Unit::Seconds,
            durations.clone(),
        );
        registry.register(
            "http_server_active_requests",
            "Requests under way",
            active.clone(),
        );
        Self { durations, active }
    }
}

impl<S, B> Transform<S, ServiceRequest> for HttpMetrics
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type InitError = ();
    type Transform = Measured<S>;
    type Future = Ready<Result<Measured<S>, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(Measured {
            service,
            series: Rc::new(RefCell::new(Series {
                metrics: self.clone(),
                routes: HashMap::new(),
                active: METHODS.map(|_| OnceCell::new()),
            })),
        }))
    }
}

/// A service whose requests are measured.
pub struct Measured<S> {
    service: S,
    series: Rc<RefCell<Series>>,
}

impl<S, B> Service<ServiceRequest> for Measured<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let started = Instant::now();
        let method = method_place(request.method());
        let (route, active) = {
            let mut series = self.series.borrow_mut();
            (series.route(&request), Active::begin(series.active(method)))
        };
        let answer = self.service.call(request);
        Box::pin(async move {
            let outcome = answer.await;
            drop(active);
            let status = match &outcome {
                Ok(response) => response.status(),
                Err(error) => error.as_response_error().status_code(),
            };
            route.observe(method, u32::from(status.as_u16()), started.elapsed());
            outcome
        })
    }
}

/// A request under way. It also ends when its caller goes away and nobody asks for the answer any more.
struct Active(Gauge);

impl Active {
    fn begin(gauge: Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// One worker's way to the series, so that workers do not meet at the lock of a family.
struct Series {
    metrics: HttpMetrics,
    /// By pattern.
    routes: HashMap<Arc<str>, Rc<Route>>,
    /// By the place of the method.
    active: [OnceCell<Gauge>; METHODS.len()],
}

impl Series {
    /// The route that a request's path matches.
    fn route(&mut self, request: &ServiceRequest) -> Rc<Route> {
        // Most patterns have no variable part and are the path; then nothing needs to be matched.
        if let Some(known) = self.routes.get(request.path()) {
            return Rc::clone(known);
        }
        let pattern = request
            .match_pattern()
            .filter(|pattern| !pattern.is_empty());
        let pattern = pattern.as_deref().unwrap_or(UNMATCHED);
        if let Some(known) = self.routes.get(pattern) {
            return Rc::clone(known);
        }
        let new = Rc::new(Route {
            durations: self.metrics.durations.clone(),
            name: Arc::from(request.match_name().unwrap_or(pattern)),
            seen: RefCell::default(),
        });
        self.routes.insert(Arc::from(pattern), Rc::clone(&new));
        new
    }

    fn active(&self, method: usize) -> Gauge {
        let labels = [("http_request_method", method_name(method))];
        let new = || self.metrics.active.get_or_create_owned(&labels);
        match self.active.get(method) {
            Some(known) => known.get_or_init(new).clone(),
            None => new(),
        }
    }
}

/// A route, and the few methods and statuses that were seen at it.
struct Route {
    durations: Family<RequestLabels, Histogram, fn() -> Histogram>,
    /// That of its resource: one resource may have several paths. Else the pattern.
    name: Arc<str>,
    seen: RefCell<Vec<Seen>>,
}

/// The answers with one status to one method.
struct Seen {
    /// The place of the method.
    method: usize,
    status: u32,
    durations: Histogram,
}

impl Route {
    fn observe(&self, method: usize, status: u32, took: Duration) {
        let mut seen = self.seen.borrow_mut();
        let known = seen
            .iter()
            .find(|known| (known.method, known.status) == (method, status));
        if let Some(Seen { durations, .. }) = known {
            durations.observe(took);
            return;
        }
        let durations = self.durations.get_or_create_owned(&RequestLabels {
            http_request_method: method_name(method),
            http_route: Arc::clone(&self.name),
            http_response_status_code: status,
        });
        durations.observe(took);
        seen.push(Seen {
            method,
            status,
            durations,
        });
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::{BoxBody, MessageBody};
    use actix_web::http::{Method, StatusCode};
    use actix_web::middleware::{Next, from_fn};
    use actix_web::test::{TestRequest, call_service, init_service, try_call_service};
    use actix_web::{App, HttpResponse, web};

    use super::super::registry::exposition;
    use super::*;

    async fn refuse() -> actix_web::Result<HttpResponse> {
        Err(actix_web::error::ErrorImATeapot("no"))
    }

    async fn forbid(
        _: ServiceRequest,
        _: Next<impl MessageBody>,
    ) -> Result<ServiceResponse<BoxBody>, Error> {
        Err(actix_web::error::ErrorForbidden("no"))
    }

    macro_rules! app {
        ($metrics:expr) => {
            init_service(
                App::new()
                    .route("/photos/{id}", web::get().to(HttpResponse::Ok))
                    .route("/refuse", web::to(refuse))
                    .service(web::scope("").service(web::resource("/plain").get(HttpResponse::Ok)))
                    .wrap($metrics.clone()),
            )
            .await
        };
    }

    fn count(text: &str, method: &str, route: &str, status: u16) -> Option<u64> {
        let name = "http_server_request_duration_seconds_count";
        let series = format!(
            "{name}{{http_request_method=\"{method}\",http_route=\"{route}\",http_response_status_code=\"{status}\"}} "
        );
        let value = text.lines().find_map(|line| line.strip_prefix(&series));
        value.map(|value| value.parse().unwrap())
    }

    #[actix_web::test]
    async fn requests_are_counted_by_method_route_and_status() {
        let mut registry = Registry::default();
        let metrics = HttpMetrics::register(&mut registry);
        let app = app!(metrics);
        for path in ["/photos/1", "/photos/2", "/plain", "/refuse", "/nowhere"] {
            call_service(&app, TestRequest::get().uri(path).to_request()).await;
        }
        call_service(&app, TestRequest::post().uri("/refuse").to_request()).await;
        let text = exposition(&registry).unwrap();
        assert_eq!(count(&text, "GET", "/photos/{id}", 200), Some(2), "{text}");
        assert_eq!(count(&text, "GET", "/plain", 200), Some(1), "{text}");
        assert_eq!(count(&text, "GET", "/refuse", 418), Some(1), "{text}");
        assert_eq!(count(&text, "POST", "/refuse", 418), Some(1), "{text}");
        assert_eq!(count(&text, "GET", UNMATCHED, 404), Some(1), "{text}");
    }

    #[actix_web::test]
    async fn a_name_stands_for_all_paths_of_a_resource() {
        let mut registry = Registry::default();
        let metrics = HttpMetrics::register(&mut registry);
        let resource = |path| web::resource(path).name("/token").get(HttpResponse::Ok);
        let app = App::new()
            .service(resource("/token"))
            .service(resource("/tenant/token"));
        let app = init_service(app.wrap(metrics.clone())).await;
        for path in ["/tenant/token", "/token", "/tenant/token"] {
            call_service(&app, TestRequest::get().uri(path).to_request()).await;
        }
        let text = exposition(&registry).unwrap();
        assert_eq!(count(&text, "GET", "/token", 200), Some(3), "{text}");
        assert!(!text.contains("tenant"), "{text}");
    }

    #[actix_web::test]
    async fn callers_cannot_make_series() {
        let mut registry = Registry::default();
        let metrics = HttpMetrics::register(&mut registry);
        let app = app!(metrics);
        let mut lines = Vec::new();
        for number in 0..1000 {
            let method = Method::from_bytes(format!("METHOD{number}").as_bytes()).unwrap();
            for uri in [
                format!("/odd/{number}"),
                format!("/photos/{number}?{number}"),
                "/photos/%7Bid%7D".to_owned(),
            ] {
                let request = TestRequest::with_uri(&uri).method(method.clone());
                let answer = call_service(&app, request.to_request()).await;
                assert_eq!(answer.status(), StatusCode::NOT_FOUND);
            }
            lines.push(exposition(&registry).unwrap().lines().count());
        }
        assert_eq!(lines.first(), lines.last());
        let text = exposition(&registry).unwrap();
        assert_eq!(count(&text, "_OTHER", UNMATCHED, 404), Some(1000), "{text}");
    }

    #[actix_web::test]
    async fn an_error_of_a_middleware_has_a_status_too() {
        let mut registry = Registry::default();
        let metrics = HttpMetrics::register(&mut registry);
        let app = init_service(
            App::new()
                .route("/", web::get().to(HttpResponse::Ok))
                .wrap(from_fn(forbid))
                .wrap(metrics.clone()),
        )
        .await;
        let answer = try_call_service(&app, TestRequest::get().uri("/").to_request()).await;
        assert!(answer.is_err());
        let text = exposition(&registry).unwrap();
        assert_eq!(count(&text, "GET", "/", 403), Some(1), "{text}");
    }

    #[actix_web::test]
    async fn a_request_that_is_given_up_is_not_under_way() {
        let mut registry = Registry::default();
        let metrics = HttpMetrics::register(&mut registry);
        let app = init_service(
            App::new()
                .route("/", web::get().to(std::future::pending::<HttpResponse>))
                .wrap(metrics.clone()),
        )
        .await;
        let under_way = |registry: &Registry| {
            let text = exposition(registry).unwrap();
            let series = "http_server_active_requests{http_request_method=\"GET\"} ";
            let value = text.lines().find_map(|line| line.strip_prefix(series));
            value.unwrap().parse::<u64>().unwrap()
        };
        let answer = app.call(TestRequest::get().uri("/").to_request());
        assert_eq!(under_way(&registry), 1);
        drop(answer);
        assert_eq!(under_way(&registry), 0);
    }
}
