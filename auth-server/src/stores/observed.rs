//! A store that tells how it does: every operation is a span, with the names of OpenTelemetry's
//! [database spans](https://opentelemetry.io/docs/specs/semconv/database/database-spans/), and a measurement.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use async_trait::async_trait;
use symbolon::identifiers::ClientId;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::metrics::{Histogram, StoreMetrics};
use crate::records::{
    AccessToken, Approval, AuthorizationCode, KeyRecord, NewTokens, PendingAuthorization,
    PendingId, RefreshToken, Session, SessionId,
};
use crate::records::{AccessTokenId, CodeId, GrantId, RefreshTokenId};
use crate::stores::{
    AccessTokenStore, Addition, ApprovalStore, AuthorizationCodeStore, GrantStore, Issuance,
    KeyStore, Redemption, RefreshTokenStore, Renewal, Reuse, ReuseKey, Rotation, SessionStore,
    Store, StoreError, StoreHealth,
};

/// Every operation, by the name of its method.
const OPERATIONS: [&str; 25] = [
    "store_code",
    "redeem_code",
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
    "find_approvals",
    "record_approvals",
    "store_session",
    "find_session",
    "renew_session",
    "delete_session",
    "store_pending",
    "list_pending",
    "take_pending",
    "list_keys",
    "add_key",
    "remove_key",
    "check_health",
];

/// Another store, observed.
pub struct ObservedStore {
    store: Arc<dyn Store>,
    system: &'static str,
    metrics: StoreMetrics,
    /// Of operations that succeed: found without the lock that all workers share.
    succeeded: HashMap<&'static str, OnceLock<Histogram>>,
}

impl fmt::Debug for ObservedStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ObservedStore({})", self.system)
    }
}

impl ObservedStore {
    /// Observes `store`, which keeps its records in `system`.
    pub fn new(store: Arc<dyn Store>, system: &'static str, metrics: StoreMetrics) -> Self {
        Self {
            store,
            system,
            metrics,
            succeeded: OPERATIONS
                .map(|operation| (operation, OnceLock::new()))
                .into(),
        }
    }

    /// Upkeep and probes belong to no request: alone, each of their operations would be a trace.
    fn span(&self, operation: &'static str) -> Span {
        // The first question costs nothing, and mostly nobody wants spans.
        if !tracing::span_enabled!(tracing::Level::DEBUG) || Span::current().is_none() {
            return Span::none();
        }
        tracing::debug_span!(
            "store",
            otel.name = operation,
            otel.kind = "client",
            db.system.name = self.system,
            db.operation.name = operation,
            error.type = Empty,
            otel.status_code = Empty,
        )
    }

    /// Does an operation in a span and measures it.
    async fn observed<T>(
        &self,
        operation: &'static str,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let span = self.span(operation);
        let started = Instant::now();
        let outcome = work.instrument(span.clone()).await;
        let took = started.elapsed();
        if let Err(error) = &outcome {
            let error_type = match error {
                StoreError::Unavailable(_) => "unavailable",
                StoreError::Damaged(_) => "damaged",
            };
            span.record("error.type", error_type);
            span.record("otel.status_code", "ERROR");
            let failed = self.metrics.durations(self.system, operation, error_type);
            failed.observe(took);
        } else if let Some(known) = self.succeeded.get(operation) {
            let new = || self.metrics.durations(self.system, operation, "");
            known.get_or_init(new).observe(took);
        }
        let answered = !matches!(outcome, Err(StoreError::Unavailable(_)));
        self.metrics.answered(answered);
        outcome
    }
}

#[async_trait]
impl AuthorizationCodeStore for ObservedStore {
    async fn store_code(&self, id: &CodeId, code: &AuthorizationCode) -> Result<(), StoreError> {
        self.observed("store_code", self.store.store_code(id, code))
            .await
    }

    async fn redeem_code(&self, id: &CodeId) -> Result<Redemption, StoreError> {
        self.observed("redeem_code", self.store.redeem_code(id))
            .await
    }
}

#[async_trait]
impl AccessTokenStore for ObservedStore {
    async fn issue_tokens(&self, tokens: &NewTokens) -> Result<(), StoreError> {
        self.observed("issue_tokens", self.store.issue_tokens(tokens))
            .await
    }

    async fn issue_tokens_of_code(&self, tokens: &NewTokens) -> Result<Issuance, StoreError> {
        self.observed(
            "issue_tokens_of_code",
            self.store.issue_tokens_of_code(tokens),
        )
        .await
    }

    async fn issue_or_reuse_tokens(
        &self,
        key: &ReuseKey,
        tokens: &NewTokens,
    ) -> Result<Reuse, StoreError> {
        self.observed(
            "issue_or_reuse_tokens",
            self.store.issue_or_reuse_tokens(key, tokens),
        )
        .await
    }

    async fn find_access_token(
        &self,
        id: &AccessTokenId,
    ) -> Result<Option<AccessToken>, StoreError> {
        self.observed("find_access_token", self.store.find_access_token(id))
            .await
    }

    async fn revoke_access_token(&self, id: &AccessTokenId) -> Result<(), StoreError> {
        self.observed("revoke_access_token", self.store.revoke_access_token(id))
            .await
    }
}

#[async_trait]
impl RefreshTokenStore for ObservedStore {
    async fn find_refresh_token(
        &self,
        id: &RefreshTokenId,
    ) -> Result<Option<RefreshToken>, StoreError> {
        self.observed("find_refresh_token", self.store.find_refresh_token(id))
            .await
    }

    async fn is_refresh_token_used(&self, id: &RefreshTokenId) -> Result<bool, StoreError> {
        self.observed(
            "is_refresh_token_used",
            self.store.is_refresh_token_used(id),
        )
        .await
    }

    async fn rotate_refresh_token(
        &self,
        id: &RefreshTokenId,
        successor: &NewTokens,
        grace_secs: u64,
    ) -> Result<Rotation, StoreError> {
        self.observed(
            "rotate_refresh_token",
            self.store.rotate_refresh_token(id, successor, grace_secs),
        )
        .await
    }

    async fn renew_access_token(
        &self,
        id: &RefreshTokenId,
        tokens: &NewTokens,
    ) -> Result<Renewal, StoreError> {
        self.observed(
            "renew_access_token",
            self.store.renew_access_token(id, tokens),
        )
        .await
    }
}

#[async_trait]
impl GrantStore for ObservedStore {
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<(), StoreError> {
        self.observed("revoke_grant", self.store.revoke_grant(grant_id))
            .await
    }
}

#[async_trait]
impl ApprovalStore for ObservedStore {
    async fn find_approvals(
        &self,
        owner: &str,
        client_id: &ClientId,
    ) -> Result<Vec<Approval>, StoreError> {
        self.observed(
            "find_approvals",
            self.store.find_approvals(owner, client_id),
        )
        .await
    }

    async fn record_approvals(
        &self,
        owner: &str,
        client_id: &ClientId,
        decisions: &[Approval],
    ) -> Result<(), StoreError> {
        self.observed(
            "record_approvals",
            self.store.record_approvals(owner, client_id, decisions),
        )
        .await
    }
}

#[async_trait]
impl SessionStore for ObservedStore {
    async fn store_session(&self, id: &SessionId, session: &Session) -> Result<(), StoreError> {
        self.observed("store_session", self.store.store_session(id, session))
            .await
    }

    async fn find_session(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        self.observed("find_session", self.store.find_session(id))
            .await
    }

    async fn renew_session(
        &self,
        old: &SessionId,
        new: &SessionId,
        session: &Session,
    ) -> Result<(), StoreError> {
        self.observed("renew_session", self.store.renew_session(old, new, session))
            .await
    }

    async fn delete_session(&self, id: &SessionId) -> Result<(), StoreError> {
        self.observed("delete_session", self.store.delete_session(id))
            .await
    }

    async fn store_pending(
        &self,
        session: &SessionId,
        id: &PendingId,
        pending: &PendingAuthorization,
    ) -> Result<(), StoreError> {
        self.observed(
            "store_pending",
            self.store.store_pending(session, id, pending),
        )
        .await
    }

    async fn list_pending(
        &self,
        session: &SessionId,
    ) -> Result<Vec<(PendingId, PendingAuthorization)>, StoreError> {
        self.observed("list_pending", self.store.list_pending(session))
            .await
    }

    async fn take_pending(
        &self,
        session: &SessionId,
        id: &PendingId,
    ) -> Result<Option<PendingAuthorization>, StoreError> {
        self.observed("take_pending", self.store.take_pending(session, id))
            .await
    }
}

#[async_trait]
impl KeyStore for ObservedStore {
    async fn list_keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        self.observed("list_keys", self.store.list_keys()).await
    }

    async fn add_key(&self, key: &KeyRecord, seen: &[String]) -> Result<Addition, StoreError> {
        self.observed("add_key", self.store.add_key(key, seen))
            .await
    }

    async fn remove_key(&self, key_id: &str) -> Result<(), StoreError> {
        self.observed("remove_key", self.store.remove_key(key_id))
            .await
    }
}

#[async_trait]
impl StoreHealth for ObservedStore {
    async fn check_health(&self) -> Result<(), StoreError> {
        self.observed("check_health", self.store.check_health())
            .await
    }
}
