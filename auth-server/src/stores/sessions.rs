//! Browser sessions and the authorization requests that wait in them.

use async_trait::async_trait;
use symbolon::clock::Timestamp;

use crate::records::{PendingAnswer, PendingAuthorization, PendingId, Session, SessionId};
use crate::stores::{Observed, StoreError};

/// How many requests may wait in one session, those counted whose answer is still remembered.
pub const PENDING_AUTHORIZATIONS_PER_SESSION: usize = 20;

/// How many sessions of one owner are listed.
pub const LISTED_SESSIONS: usize = 100;

/// Whether an answer became that of its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answering {
    /// It did: the request waited, and does not any more.
    Answered,
    /// The request had an answer before, which stays.
    AnsweredBefore(PendingAnswer),
    /// There is no such request, or it is over.
    Unknown,
}

/// Keeps sessions and what waits in them.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Begins a session.
    async fn store_session(&self, id: &SessionId, session: &Session) -> Result<(), StoreError>;

    /// The session, unless it ended.
    async fn find_session(&self, id: &SessionId) -> Result<Option<Session>, StoreError>;

    /// Ends the session `old` and begins `new`, which takes over what waits in it. What a stranger may
    /// have known of `old` is worth nothing afterwards (session fixation).
    async fn renew_session(
        &self,
        old: &SessionId,
        new: &SessionId,
        session: &Session,
    ) -> Result<(), StoreError>;

    /// Ends a session and forgets what waits in it.
    async fn delete_session(&self, id: &SessionId) -> Result<(), StoreError>;

    /// Ends all sessions in which an owner has signed in until now.
    async fn end_sessions_of(&self, owner: &str) -> Result<(), StoreError>;

    /// The sessions in which an owner has signed in and that have not ended: of many the last to end.
    async fn list_sessions(&self, owner: &str) -> Result<Vec<(SessionId, Session)>, StoreError>;

    /// Writes when a session was seen, unless it has ended meanwhile: it does not come back by that.
    async fn note_session_seen(&self, id: &SessionId, session: &Session) -> Result<(), StoreError>;

    /// Lets a request wait in a session. Beyond [`PENDING_AUTHORIZATIONS_PER_SESSION`] the oldest goes.
    async fn store_pending(
        &self,
        session: &SessionId,
        id: &PendingId,
        pending: &PendingAuthorization,
    ) -> Result<(), StoreError>;

    /// What waits in a session or was answered a moment ago, the oldest first.
    async fn list_pending(
        &self,
        session: &SessionId,
    ) -> Result<Vec<(PendingId, PendingAuthorization)>, StoreError>;

    /// Gives a waiting request its answer, which is remembered until `forget_at`, but not longer than the
    /// request would have waited. Of many callers at once exactly one gives it.
    async fn answer_pending(
        &self,
        session: &SessionId,
        id: &PendingId,
        answer: &PendingAnswer,
        forget_at: Timestamp,
    ) -> Result<Answering, StoreError>;
}

#[async_trait]
impl SessionStore for Observed<dyn SessionStore> {
    async fn store_session(&self, id: &SessionId, session: &Session) -> Result<(), StoreError> {
        self.observe("store_session", self.port.store_session(id, session))
            .await
    }

    async fn find_session(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        self.observe("find_session", self.port.find_session(id))
            .await
    }

    async fn renew_session(
        &self,
        old: &SessionId,
        new: &SessionId,
        session: &Session,
    ) -> Result<(), StoreError> {
        self.observe("renew_session", self.port.renew_session(old, new, session))
            .await
    }

    async fn delete_session(&self, id: &SessionId) -> Result<(), StoreError> {
        self.observe("delete_session", self.port.delete_session(id))
            .await
    }

    async fn end_sessions_of(&self, owner: &str) -> Result<(), StoreError> {
        self.observe("end_sessions_of", self.port.end_sessions_of(owner))
            .await
    }

    async fn list_sessions(&self, owner: &str) -> Result<Vec<(SessionId, Session)>, StoreError> {
        self.observe("list_sessions", self.port.list_sessions(owner))
            .await
    }

    async fn note_session_seen(&self, id: &SessionId, session: &Session) -> Result<(), StoreError> {
        self.observe(
            "note_session_seen",
            self.port.note_session_seen(id, session),
        )
        .await
    }

    async fn store_pending(
        &self,
        session: &SessionId,
        id: &PendingId,
        pending: &PendingAuthorization,
    ) -> Result<(), StoreError> {
        self.observe(
            "store_pending",
            self.port.store_pending(session, id, pending),
        )
        .await
    }

    async fn list_pending(
        &self,
        session: &SessionId,
    ) -> Result<Vec<(PendingId, PendingAuthorization)>, StoreError> {
        self.observe("list_pending", self.port.list_pending(session))
            .await
    }

    async fn answer_pending(
        &self,
        session: &SessionId,
        id: &PendingId,
        answer: &PendingAnswer,
        forget_at: Timestamp,
    ) -> Result<Answering, StoreError> {
        self.observe(
            "answer_pending",
            self.port.answer_pending(session, id, answer, forget_at),
        )
        .await
    }
}
