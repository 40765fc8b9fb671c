//! Sessions and what waits in them.

use std::cmp::Reverse;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::{Changes, View, encode};
use crate::records::{PendingAnswer, PendingAuthorization, PendingId, Session, SessionId};
use crate::stores::{
    Answering, LISTED_SESSIONS, LONGEST_LIFE_SECS, PENDING_AUTHORIZATIONS_PER_SESSION,
    SessionStore, StoreError, or_if_damaged,
};

#[derive(Serialize, Deserialize)]
struct StoredPending {
    id: PendingId,
    /// Tells apart what came within one second.
    arrival: u64,
    pending: PendingAuthorization,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer_forget_at: Option<Timestamp>,
}

impl StoredPending {
    fn forget_at(&self) -> Timestamp {
        let expires_at = self.pending.expires_at;
        self.answer_forget_at
            .map_or(expires_at, |time| time.min(expires_at))
    }
}

#[async_trait]
impl SessionStore for EmbeddedStore {
    async fn store_session(&self, id: &SessionId, session: &Session) -> Result<(), StoreError> {
        let (id, session) = (*id, session.clone());
        self.write(move |view| {
            let mut changes = view.changes();
            begin(&id, &session, &mut changes)?;
            Ok(((), changes))
        })
        .await
    }

    async fn find_session(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        self.read(|view| find(view, id))
    }

    async fn renew_session(
        &self,
        old: &SessionId,
        new: &SessionId,
        session: &Session,
    ) -> Result<(), StoreError> {
        let (old, new) = (*old, *new);
        let session = session.clone();
        self.write(move |view| {
            let waiting = list_stored(view, &old)?;
            let mut changes = view.changes();
            end(view, &old, &mut changes)?;
            begin(&new, &session, &mut changes)?;
            for (_, stored) in waiting {
                let key = Key::pending(&new, &stored.id);
                changes.put(key, stored.forget_at(), encode(&stored)?);
            }
            Ok(((), changes))
        })
        .await
    }

    async fn delete_session(&self, id: &SessionId) -> Result<(), StoreError> {
        let id = *id;
        self.write(move |view| {
            let mut changes = view.changes();
            end(view, &id, &mut changes)?;
            Ok(((), changes))
        })
        .await
    }

    async fn end_sessions_of(&self, owner: &str) -> Result<(), StoreError> {
        let key = Key::sessions_ended(owner);
        self.write(move |view| {
            let mut changes = view.changes();
            let forget_at = view.now().plus_secs(LONGEST_LIFE_SECS);
            changes.put(key, forget_at, encode(&view.now())?);
            Ok(((), changes))
        })
        .await
    }

    async fn list_sessions(&self, owner: &str) -> Result<Vec<(SessionId, Session)>, StoreError> {
        self.read(|view| {
            let keys = view.keys(&Key::sessions_of(owner))?;
            let ids = keys.iter().filter_map(Key::session_of_owner);
            let mut found = Vec::new();
            for id in ids {
                let session = or_if_damaged(find(view, &id), || None)?;
                found.extend(session.map(|session| (id, session)));
            }
            found.sort_by_key(|(id, session)| (Reverse(session.expires_at), *id));
            found.truncate(LISTED_SESSIONS);
            Ok(found)
        })
    }

    async fn note_session_seen(&self, id: &SessionId, session: &Session) -> Result<(), StoreError> {
        let (id, session) = (*id, session.clone());
        self.write(move |view| {
            let mut changes = view.changes();
            if find(view, &id)?.is_some() {
                changes.put(Key::session(&id), session.expires_at, encode(&session)?);
            }
            Ok(((), changes))
        })
        .await
    }

    async fn store_pending(
        &self,
        session: &SessionId,
        id: &PendingId,
        pending: &PendingAuthorization,
    ) -> Result<(), StoreError> {
        let session = *session;
        let (id, pending) = (id.clone(), pending.clone());
        self.write(move |view| {
            let changes = add_pending(view, &session, id, pending)?;
            Ok(((), changes))
        })
        .await
    }

    async fn list_pending(
        &self,
        session: &SessionId,
    ) -> Result<Vec<(PendingId, PendingAuthorization)>, StoreError> {
        let found = self.read(|view| list_stored(view, session))?;
        Ok(found
            .into_iter()
            .map(|(_, stored)| (stored.id, stored.pending))
            .collect())
    }

    async fn answer_pending(
        &self,
        session: &SessionId,
        id: &PendingId,
        answer: &PendingAnswer,
        forget_at: Timestamp,
    ) -> Result<Answering, StoreError> {
        let (key, answer) = (Key::pending(session, id), answer.clone());
        self.write(move |view| {
            let found: Option<StoredPending> = view.find(&key)?;
            let mut changes = view.changes();
            let Some(mut stored) = found else {
                return Ok((Answering::Unknown, changes));
            };
            if let Some(earlier) = stored.pending.answer {
                return Ok((Answering::AnsweredBefore(earlier), changes));
            }
            stored.pending.answer = Some(answer);
            stored.answer_forget_at = Some(forget_at);
            changes.put(key, stored.forget_at(), encode(&stored)?);
            Ok((Answering::Answered, changes))
        })
        .await
    }
}

/// A session, and that its owner has it.
fn begin(id: &SessionId, session: &Session, changes: &mut Changes) -> Result<(), StoreError> {
    if let Some(owner) = &session.owner {
        let key = Key::session_of(&owner.name, id);
        changes.put(key, session.expires_at, encode(&())?);
    }
    changes.put(Key::session(id), session.expires_at, encode(session)?);
    Ok(())
}

/// The session, unless all of its owner's have been ended since.
fn find(view: &View<'_>, id: &SessionId) -> Result<Option<Session>, StoreError> {
    let Some(session) = view.find::<Session>(&Key::session(id))? else {
        return Ok(None);
    };
    let ended: Option<Timestamp> = match &session.owner {
        Some(owner) => or_if_damaged(view.find(&Key::sessions_ended(&owner.name)), || None)?,
        None => None,
    };
    Ok(Some(session).filter(|session| !session.is_ended_by(ended)))
}

/// What waits in a session, the oldest first.
fn list_stored(
    view: &View<'_>,
    session: &SessionId,
) -> Result<Vec<(Key, StoredPending)>, StoreError> {
    let mut found: Vec<(Key, StoredPending)> = view.list_readable(&Key::pending_of(session))?;
    found.sort_by_key(|(_, stored)| (stored.pending.requested_at, stored.arrival));
    Ok(found)
}

fn add_pending(
    view: &View<'_>,
    session: &SessionId,
    id: PendingId,
    pending: PendingAuthorization,
) -> Result<Changes, StoreError> {
    let key = Key::pending(session, &id);
    let mut waiting = list_stored(view, session)?;
    waiting.retain(|(other, _)| *other != key);
    let last = waiting.iter().map(|(_, stored)| stored.arrival).max();
    let expires_at = pending.expires_at;
    let stored = StoredPending {
        id,
        arrival: last.map_or(0, |last| last.saturating_add(1)),
        pending,
        answer_forget_at: None,
    };
    let mut changes = view.changes();
    let surplus = (waiting.len() + 1).saturating_sub(PENDING_AUTHORIZATIONS_PER_SESSION);
    for (oldest, _) in waiting.into_iter().take(surplus) {
        changes.remove(oldest);
    }
    changes.put(key, expires_at, encode(&stored)?);
    Ok(changes)
}

fn end(view: &View<'_>, id: &SessionId, changes: &mut Changes) -> Result<(), StoreError> {
    let session: Option<Session> = or_if_damaged(view.find(&Key::session(id)), || None)?;
    if let Some(owner) = session.and_then(|session| session.owner) {
        changes.remove(Key::session_of(&owner.name, id));
    }
    changes.remove(Key::session(id));
    for key in view.keys(&Key::pending_of(id))? {
        changes.remove(key);
    }
    Ok(())
}
