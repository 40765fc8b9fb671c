//! Browser sessions and the authorization requests that wait in them.

use async_trait::async_trait;

use crate::records::{PendingAuthorization, PendingId, Session, SessionId};
use crate::stores::StoreError;

/// How many requests may wait in one session.
pub const PENDING_AUTHORIZATIONS_PER_SESSION: usize = 20;

/// Keeps sessions and what waits in them.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Begins a session.
    async fn store_session(&self, id: &SessionId, login: &Session) -> Result<(), StoreError>;

    /// The session, unless it ended.
    async fn find_session(&self, id: &SessionId) -> Result<Option<Session>, StoreError>;

    /// Ends the session `old` and begins `new`, which takes over what waits in it. What a stranger may
    /// have known of `old` is worth nothing afterwards (session fixation).
    async fn renew_session(
        &self,
        old: &SessionId,
        new: &SessionId,
        login: &Session,
    ) -> Result<(), StoreError>;

    /// Ends a session and forgets what waits in it.
    async fn delete_session(&self, id: &SessionId) -> Result<(), StoreError>;

    /// Lets a request wait in a session. Beyond [`PENDING_AUTHORIZATIONS_PER_SESSION`] the oldest goes.
    async fn store_pending(
        &self,
        session: &SessionId,
        id: &PendingId,
        pending: &PendingAuthorization,
    ) -> Result<(), StoreError>;

    /// What waits in a session, the oldest first.
    async fn list_pending(
        &self,
        session: &SessionId,
    ) -> Result<Vec<(PendingId, PendingAuthorization)>, StoreError>;

    /// Takes a waiting request out. Of many callers at once exactly one gets it.
    async fn take_pending(
        &self,
        session: &SessionId,
        id: &PendingId,
    ) -> Result<Option<PendingAuthorization>, StoreError>;
}
