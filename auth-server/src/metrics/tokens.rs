//! The token endpoint, and the endpoints that check tokens.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::{Registry, Unit};
use symbolon::error::ErrorCode;
use symbolon::token::GrantType;
use symbolon_service::metrics::{Counters, Histograms, network_histogram};

/// What kind of client asks: never which one, because an operator may register thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientClass {
    /// It has proved who it is.
    Confidential,
    /// It has only said so.
    Public,
    /// It was not believed.
    None,
}

impl ClientClass {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Confidential => "confidential",
            Self::Public => "public",
            Self::None => "none",
        }
    }
}

/// Requests to the token endpoint.
#[derive(Clone, Debug)]
pub struct TokenRequests {
    durations: Histograms<3>,
    grants: GrantLabels,
}

impl TokenRequests {
    pub(super) fn new(grants: GrantLabels) -> Self {
        Self {
            durations: Family::new_with_constructor(network_histogram),
            grants,
        }
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "auth_server_token_request_duration",
            "How long requests to the token endpoint took",
            Unit::Seconds,
            self.durations.clone(),
        );
    }

    /// Notes a request: the grant that it asked for, who asked, and the error, when it was refused.
    pub fn observe(
        &self,
        grant_type: Option<GrantType>,
        class: ClientClass,
        error: Option<&ErrorCode>,
        took: Duration,
    ) {
        let labels = [
            ("grant_type", self.grants.of(grant_type)),
            ("client_class", class.as_str()),
            ("outcome", error.map_or("issued", code_label)),
        ];
        self.durations.get_or_create(&labels).observe(took);
    }
}

/// The grants that have labels: those of RFC 6749, and these.
#[derive(Clone, Debug, Default)]
pub(super) struct GrantLabels(pub(super) Arc<[&'static str]>);

impl GrantLabels {
    /// A caller may ask for any grant.
    pub(super) fn of(&self, grant_type: Option<GrantType>) -> &'static str {
        let label = grant_type.and_then(|grant_type| grant_type.label(&self.0));
        label.unwrap_or("other")
    }
}

/// The word of a code, one of those that are known.
pub(super) fn code_label(code: &ErrorCode) -> &'static str {
    match code {
        ErrorCode::InvalidRequest => "invalid_request",
        ErrorCode::InvalidClient => "invalid_client",
        ErrorCode::InvalidGrant => "invalid_grant",
        ErrorCode::UnauthorizedClient => "unauthorized_client",
        ErrorCode::UnsupportedGrantType => "unsupported_grant_type",
        ErrorCode::InvalidScope => "invalid_scope",
        ErrorCode::ServerError => "server_error",
        ErrorCode::TemporarilyUnavailable => "temporarily_unavailable",
        ErrorCode::UnsupportedResponseType
        | ErrorCode::AccessDenied
        | ErrorCode::InvalidToken
        | ErrorCode::InsufficientScope
        | ErrorCode::UnsupportedTokenType
        | ErrorCode::Unauthorized
        | ErrorCode::MethodNotAllowed
        | ErrorCode::Other(_) => "other",
    }
}

/// What came of asking about a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckOutcome {
    /// It is good.
    Active,
    /// It is not.
    Inactive,
    /// Who asks may not, or asks wrongly.
    Refused,
    /// The server failed to check.
    Failed,
}

/// Questions about tokens at one endpoint.
#[derive(Clone, Debug)]
pub struct TokenChecks {
    active: Counter,
    inactive: Counter,
    refused: Counter,
    failed: Counter,
}

impl TokenChecks {
    /// Registers the questions of both endpoints as one metric: those of `check_token`, then those of
    /// introspection.
    pub(super) fn register(registry: &mut Registry) -> [Self; 2] {
        let family = Counters::<2>::default();
        registry.register(
            "auth_server_token_checks",
            "Questions about tokens at check_token and introspect",
            family.clone(),
        );
        ["check_token", "introspect"].map(|endpoint| {
            let counter = |outcome| {
                family.get_or_create_owned(&[("endpoint", endpoint), ("outcome", outcome)])
            };
            Self {
                active: counter("active"),
                inactive: counter("inactive"),
                refused: counter("refused"),
                failed: counter("failed"),
            }
        })
    }

    /// Counts a question.
    pub fn count(&self, outcome: CheckOutcome) {
        let counter = match outcome {
            CheckOutcome::Active => &self.active,
            CheckOutcome::Inactive => &self.inactive,
            CheckOutcome::Refused => &self.refused,
            CheckOutcome::Failed => &self.failed,
        };
        counter.inc();
    }
}
