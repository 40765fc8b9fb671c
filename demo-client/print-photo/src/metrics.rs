//! What Print Photo counts of its calls, by watching them as every program can.

use std::sync::Arc;

use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;
use symbolon_service::metrics::{Counters, Description, register_reading};

use super::session::Sessions;
use symbolon_client::{Exchange, ExchangeKind, Observer, WholeObserver};

/// Counts what goes out. Clones share their values.
#[derive(Clone, Debug, Default)]
pub(super) struct CallCounts {
    token_requests: Counters<2>,
    revocations: Counters<1>,
    api_calls: Counters<1>,
}

impl CallCounts {
    /// Counts that a scrape of this registry shows.
    pub(super) fn register(registry: &mut Registry) -> Self {
        let counts = Self::default();
        registry.register(
            "demo_client_token_requests",
            "Requests to the token endpoint; grant_type=\"refresh_token\" are renewals",
            counts.token_requests.clone(),
        );
        registry.register(
            "demo_client_revocations",
            "Tokens given back",
            counts.revocations.clone(),
        );
        registry.register(
            "demo_client_api_calls",
            "Calls with a token to the resource server",
            counts.api_calls.clone(),
        );
        counts
    }
}

/// Registers how many sessions are alive, of both applications.
pub(super) fn register_sessions(registry: &mut Registry, sessions: [Arc<Sessions>; 2]) {
    let description = Description {
        name: "demo_client_sessions",
        help: "Browsers that are remembered and have not been idle for too long",
        unit: None,
        kind: MetricType::Gauge,
    };
    register_reading(registry, description, move || {
        let alive = sessions.iter().map(|sessions| sessions.alive()).sum();
        vec![(Vec::new(), alive)]
    });
}

impl Observer for CallCounts {
    fn observe(&self, exchange: Exchange) {
        match exchange.kind {
            ExchangeKind::TokenRequest(grant_type) => {
                let grant_type = grant_type.label(&[]).unwrap_or("other");
                let outcome = token_outcome(&exchange);
                let labels = [("grant_type", grant_type), ("outcome", outcome)];
                self.token_requests.get_or_create(&labels).inc();
            }
            ExchangeKind::Revocation => {
                let labels = [("outcome", revocation_outcome(exchange.status))];
                self.revocations.get_or_create(&labels).inc();
            }
            ExchangeKind::Resource => {
                let status = status_label(exchange.status);
                let labels = [("http_response_status_code", status)];
                self.api_calls.get_or_create(&labels).inc();
            }
        }
    }
}

const fn revocation_outcome(status: Option<u16>) -> &'static str {
    match status {
        Some(200..=299) => "revoked",
        Some(_) => "refused",
        None => "no_answer",
    }
}

/// The codes of RFC 6749 §5.2 and those of servers that are in trouble.
const ERRORS: [&str; 8] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
];

/// A server may answer with any code: the label has one of a few.
fn token_outcome(exchange: &Exchange) -> &'static str {
    match exchange.status {
        None => "no_answer",
        Some(200..=299) => "issued",
        Some(_) => {
            let error = exchange.received.iter().find(|(name, _)| name == "error");
            let known = ERRORS
                .into_iter()
                .find(|known| error.is_some_and(|(_, code)| code == known));
            known.unwrap_or("other")
        }
    }
}

/// The statuses that matter by themselves, and the classes of the others.
const fn status_label(status: Option<u16>) -> &'static str {
    match status {
        Some(200) => "200",
        Some(401) => "401",
        Some(403) => "403",
        Some(404) => "404",
        Some(503) => "503",
        Some(201..=299) => "2xx",
        Some(300..=399) => "3xx",
        Some(400..=499) => "4xx",
        Some(500..=599) => "5xx",
        Some(_) => "other",
        None => "no_answer",
    }
}

/// Passes every exchange to two observers, and as it was to the second.
#[derive(Debug)]
pub(super) struct TwoObservers(pub(super) Arc<dyn Observer>, pub(super) Arc<dyn Observer>);

impl Observer for TwoObservers {
    fn observe(&self, exchange: Exchange) {
        self.0.observe(exchange.clone());
        self.1.observe(exchange);
    }

    fn whole(&self) -> Option<&dyn WholeObserver> {
        self.1.whole()
    }
}

#[cfg(test)]
mod tests {
    use symbolon_client::GrantType;

    use super::*;

    fn exchange(kind: ExchangeKind, number: u16) -> Exchange {
        let word = |name: &str| (name.to_owned(), format!("odd-{number}"));
        Exchange {
            kind,
            method: "POST".to_owned(),
            url: format!("https://example.com/{number}"),
            sent: vec![word("grant_type")],
            status: Some(number),
            received: vec![word("error")],
        }
    }

    #[test]
    fn whatever_a_server_answers_there_are_few_series() {
        let mut registry = Registry::default();
        let counts = CallCounts::register(&mut registry);
        for number in 0..2000 {
            for kind in [
                ExchangeKind::TokenRequest(GrantType::RefreshToken),
                ExchangeKind::Revocation,
                ExchangeKind::Resource,
            ] {
                counts.observe(exchange(kind, number));
            }
        }
        let text = symbolon_service::metrics::exposition(&registry).unwrap();
        let series = text.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(series, 14, "{text}");
    }
}
