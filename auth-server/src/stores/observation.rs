//! A port that reports on itself: every operation is a span, with the names of OpenTelemetry's
//! [database spans](https://opentelemetry.io/docs/specs/semconv/database/database-spans/), and an observer
//! learns how it ended and how long it took.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::field::Empty;
use tracing::level_filters::LevelFilter;
use tracing::{Instrument as _, Span};

use crate::stores::StoreError;

/// Every operation of every port, by the name of its method: what an observer may prepare for.
pub const OPERATIONS: [&str; 83] = [
    "store_code",
    "redeem_code",
    "note_reuse",
    "issue_tokens",
    "issue_tokens_of_code",
    "issue_or_reuse_tokens",
    "find_access_token",
    "revoke_access_token",
    "find_refresh_token",
    "is_refresh_token_used",
    "rotate_refresh_token",
    "renew_access_token",
    "revoke_grant",
    "list_grants",
    "list_grants_from",
    "find_grant",
    "search_grants",
    "find_approvals",
    "record_approvals",
    "approved_clients",
    "forget_approvals",
    "forget_approvals_of_all",
    "store_session",
    "find_session",
    "renew_session",
    "delete_session",
    "end_sessions_of",
    "list_sessions",
    "note_session_seen",
    "store_pending",
    "list_pending",
    "answer_pending",
    "list_keys",
    "add_key",
    "remove_key",
    "end_jwt",
    "is_jwt_ended",
    "note_issuer",
    "store_client",
    "find_client",
    "list_clients",
    "replace_client",
    "remove_client",
    "list_clients_in",
    "store_owner",
    "find_owner",
    "list_owners",
    "add_owner",
    "replace_owner",
    "remove_owner",
    "list_owners_by_email",
    "index_owners",
    "store_sign_up",
    "find_sign_up",
    "complete_sign_up",
    "find_second_factor",
    "add_second_factor",
    "replace_second_factor",
    "remove_second_factor",
    "add_to_journal",
    "read_journal",
    "note_habit",
    "list_habit",
    "find_habit",
    "find_passkeys",
    "find_passkeys_by_handle",
    "replace_passkeys",
    "remove_passkeys",
    "spend_challenge",
    "store_link",
    "find_link",
    "redeem_link",
    "find_in_directory",
    "prove_to_directory",
    "find_legacy_access_token",
    "find_legacy_refresh_token",
    "take_legacy_refresh_token",
    "take_legacy_access_token",
    "write_legacy_tokens",
    "list_legacy_tokens",
    "end_legacy_tokens",
    "end_legacy_grant",
    "check_health",
];

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationOutcome {
    /// It was done.
    Succeeded,
    /// See [`StoreError::Unavailable`].
    Unavailable,
    /// See [`StoreError::Damaged`].
    Damaged,
}

impl OperationOutcome {
    fn of<T>(result: &Result<T, StoreError>) -> Self {
        match result {
            Ok(_) => Self::Succeeded,
            Err(StoreError::Unavailable(_)) => Self::Unavailable,
            Err(StoreError::Damaged(_)) => Self::Damaged,
        }
    }

    /// `error.type` of the span and of the measurement; `None` when it succeeded.
    pub const fn error_type(self) -> Option<&'static str> {
        match self {
            Self::Succeeded => None,
            Self::Unavailable => Some("unavailable"),
            Self::Damaged => Some("damaged"),
        }
    }
}

/// Called after every operation.
pub trait StoreObserver: Send + Sync {
    /// Where the store keeps its records: `db.system.name` of the spans.
    fn system(&self) -> &'static str;

    /// An operation (one of [`OPERATIONS`]) ended.
    fn completed(&self, operation: &'static str, outcome: OperationOutcome, took: Duration);
}

/// A port that is observed. Each port's file implements the port for it.
pub struct Observed<P: ?Sized> {
    /// Does the work.
    pub(super) port: Arc<P>,
    observer: Arc<dyn StoreObserver>,
}

impl<P: ?Sized> fmt::Debug for Observed<P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Observed({})", self.observer.system())
    }
}

impl<P: ?Sized> Observed<P> {
    /// The same port, observed.
    pub fn new(port: Arc<P>, observer: &Arc<dyn StoreObserver>) -> Self {
        Self {
            port,
            observer: Arc::clone(observer),
        }
    }

    /// Upkeep and probes belong to no request: alone, each of their operations would be a trace.
    fn span(&self, operation: &'static str) -> Span {
        // The first question costs nothing, and mostly nobody wants spans. It is not `span_enabled!`: after that, with
        // filters per layer, the next event of this thread is judged by the answer and may be lost.
        if LevelFilter::current() < LevelFilter::DEBUG || Span::current().is_none() {
            return Span::none();
        }
        tracing::debug_span!(
            "store",
            otel.name = operation,
            otel.kind = "client",
            db.system.name = self.observer.system(),
            db.operation.name = operation,
            error.type = Empty,
            otel.status_code = Empty,
        )
    }

    /// Does an operation in a span and reports it to the observer.
    pub(super) async fn observe<T>(
        &self,
        operation: &'static str,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let span = self.span(operation);
        let started = Instant::now();
        let result = work.instrument(span.clone()).await;
        let took = started.elapsed();
        let outcome = OperationOutcome::of(&result);
        if let Some(error_type) = outcome.error_type() {
            span.record("error.type", error_type);
            span.record("otel.status_code", "ERROR");
        }
        self.observer.completed(operation, outcome, took);
        result
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The ports' own files, without white space.
    fn ports() -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/stores");
        std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file() && !path.ends_with("observation.rs"))
            .map(|path| std::fs::read_to_string(path).unwrap())
            .map(|text| text.split_whitespace().collect())
            .collect()
    }

    #[test]
    fn every_operation_is_known_by_the_name_of_its_method() {
        let ports = ports();
        let mut observed: Vec<&str> = Vec::new();
        for call in ports
            .iter()
            .flat_map(|text| text.split("self.observe(\"").skip(1))
        {
            let (name, rest) = call.split_once("\",self.port.").unwrap();
            assert!(rest.starts_with(&format!("{name}(")), "{name}: {rest}");
            observed.push(name);
        }
        let mut known = OPERATIONS.to_vec();
        observed.sort_unstable();
        known.sort_unstable();
        assert_eq!(observed, known);
    }
}
