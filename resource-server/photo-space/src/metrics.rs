//! What Photo Space counts and measures: the checks of tokens, and what came of them.

use std::sync::Arc;
use std::time::Instant;

use actix_web::HttpRequest;
use async_trait::async_trait;
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::{Registry, Unit};
use symbolon::secret::Secret;
use symbolon_service::metrics::{
    Counters, Description, Histograms, network_histogram, register_reading,
};

use symbolon_resource_server::verifier::{CachedVerifier, TokenVerifier, VerificationError};
use symbolon_resource_server::{
    AccessError, Authentication, AuthenticationEvents, InvalidToken, LogEvents,
};

/// Counts and measures. Clones share their values.
#[derive(Clone, Debug)]
pub(super) struct DemoMetrics {
    checks: Histograms<2>,
    authentications: Counters<1>,
}

impl DemoMetrics {
    /// Metrics that a scrape of this registry shows.
    pub(super) fn register(registry: &mut Registry) -> Self {
        let metrics = Self {
            checks: Family::new_with_constructor(network_histogram),
            authentications: Family::default(),
        };
        registry.register_with_unit(
            "resource_server_token_check_duration",
            "How long it took to check tokens that were not remembered",
            Unit::Seconds,
            metrics.checks.clone(),
        );
        registry.register(
            "resource_server_authentications",
            "What came of requests for what is protected; a request that a rule denies counts twice",
            metrics.authentications.clone(),
        );
        metrics
    }

    /// The same verifier, measured.
    pub(super) fn observe(
        &self,
        inner: Arc<dyn TokenVerifier>,
        method: &'static str,
    ) -> Arc<dyn TokenVerifier> {
        let checks = self.checks.clone();
        Arc::new(ObservedVerifier {
            inner,
            method,
            checks,
        })
    }

    /// Writes the events to the log, as is usual, and counts them.
    pub(super) fn events(&self) -> Arc<dyn AuthenticationEvents> {
        Arc::new(CountedEvents(self.clone()))
    }

    fn count(&self, outcome: &'static str) {
        self.authentications
            .get_or_create(&[("outcome", outcome)])
            .inc();
    }
}

/// Registers how the memories of tokens do, all together.
pub(super) fn register_caches(registry: &mut Registry, caches: &Arc<[Arc<CachedVerifier>]>) {
    let lookups = Description {
        name: "resource_server_token_cache",
        help: "Tokens that were looked up among those remembered",
        unit: None,
        kind: MetricType::Counter,
    };
    let entries = Description {
        name: "resource_server_token_cache_entries",
        help: "Tokens that are remembered",
        unit: None,
        kind: MetricType::Gauge,
    };
    let looked_up = Arc::clone(caches);
    register_reading(registry, lookups, move || {
        let of_each = looked_up.iter().map(|cache| cache.statistics());
        let (hits, misses) = of_each.fold((0, 0), |(hits, misses), cache| {
            (hits + cache.hits, misses + cache.misses)
        });
        vec![
            (vec![("outcome", "hit")], hits),
            (vec![("outcome", "miss")], misses),
        ]
    });
    let kept = Arc::clone(caches);
    register_reading(registry, entries, move || {
        let entries: usize = kept.iter().map(|cache| cache.statistics().entries).sum();
        vec![(Vec::new(), u64::try_from(entries).unwrap_or(u64::MAX))]
    });
}

#[derive(Debug)]
struct ObservedVerifier {
    inner: Arc<dyn TokenVerifier>,
    method: &'static str,
    checks: Histograms<2>,
}

#[async_trait]
impl TokenVerifier for ObservedVerifier {
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError> {
        let started = Instant::now();
        let verdict = self.inner.verify(token).await;
        let outcome = match &verdict {
            Ok(_) => "valid",
            Err(VerificationError::Invalid(_)) => "invalid",
            // Also what a later release of the middleware adds: it is no verdict.
            Err(_) => "unavailable",
        };
        self.checks
            .get_or_create(&[("method", self.method), ("outcome", outcome)])
            .observe(started.elapsed());
        verdict
    }

    fn generation(&self) -> u64 {
        self.inner.generation()
    }
}

struct CountedEvents(DemoMetrics);

impl AuthenticationEvents for CountedEvents {
    fn succeeded(&self, request: &HttpRequest, authentication: &Authentication) {
        LogEvents.succeeded(request, authentication);
        self.0.count("authenticated");
    }

    fn failed(&self, request: &HttpRequest, error: &AccessError) {
        LogEvents.failed(request, error);
        self.0.count(outcome(error));
    }

    fn denied(&self, request: &HttpRequest, authentication: &Authentication, error: &AccessError) {
        LogEvents.denied(request, authentication, error);
        self.0.count(outcome(error));
    }
}

const fn outcome(error: &AccessError) -> &'static str {
    match error {
        AccessError::MissingToken => "missing_token",
        AccessError::InvalidRequest(_) => "invalid_request",
        AccessError::InvalidToken(InvalidToken::TooLong) => "token_too_long",
        AccessError::InvalidToken(_) => "invalid_token",
        AccessError::WrongResource { .. } => "wrong_resource",
        AccessError::InsufficientScope { .. } => "insufficient_scope",
        AccessError::AccessDenied => "access_denied",
        AccessError::Unavailable(_) => "unavailable",
        // A reason that a later release of the middleware adds.
        _ => "other",
    }
}
