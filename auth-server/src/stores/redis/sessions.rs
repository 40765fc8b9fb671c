//! Sessions and what waits in them: a record and a hash, under one hash tag.

use std::cmp::Reverse;

use async_trait::async_trait;
use symbolon::clock::Timestamp;

use super::RedisStore;
use super::records::{damaged, decode, encode, split_number, split_time};
use crate::records::{PendingAnswer, PendingAuthorization, PendingId, Session, SessionId};
use crate::stores::{
    Answering, LISTED_SESSIONS, LONGEST_LIFE_SECS, PENDING_AUTHORIZATIONS_PER_SESSION,
    SessionStore, StoreError, or_if_damaged,
};

/// What waits, as `store_pending.lua` writes it: `<expires_at>:<requested_at>:<arrival>:<JSON>`. What was answered
/// has, as `answer_pending.lua` writes it, its answer in front of that JSON, on a line of its own.
struct StoredPending {
    arrival: u64,
    pending: PendingAuthorization,
}

impl StoredPending {
    /// `None` when it is over.
    fn read(value: &str, now: Timestamp) -> Result<Option<Self>, StoreError> {
        let (expires_at, rest) = split_time(value)?;
        if now >= expires_at {
            return Ok(None);
        }
        let (_requested_at, rest) = split_number(rest)?;
        let (arrival, rest) = split_number(rest)?;
        // No JSON that we write holds a line break.
        let (answer, json) = match rest.split_once('\n') {
            Some((answer, json)) => (Some(decode(answer)?), json),
            None => (None, rest),
        };
        let mut pending: PendingAuthorization = decode(json)?;
        pending.answer = answer;
        Ok(Some(Self { arrival, pending }))
    }
}

#[async_trait]
impl SessionStore for RedisStore {
    async fn store_session(&self, id: &SessionId, session: &Session) -> Result<(), StoreError> {
        self.keep_session_of_owner(id, session).await?;
        let mut command = redis::cmd("SET");
        command
            .arg(self.keys.session(id))
            .arg(encode(session)?)
            .arg("EX")
            .arg(self.ttl_secs(session.expires_at));
        self.connection.query(&command).await
    }

    async fn find_session(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        let mut command = redis::cmd("GET");
        command.arg(self.keys.session(id));
        let record: Option<String> = self.connection.query(&command).await?;
        let session: Option<Session> = record.as_deref().map(decode).transpose()?;
        let Some(session) = session.filter(|session| self.now() < session.expires_at) else {
            return Ok(None);
        };
        let ended: Option<u64> = match &session.owner {
            Some(owner) => {
                let mut command = redis::cmd("GET");
                command.arg(self.keys.sessions_ended(&owner.name));
                or_if_damaged(self.connection.query(&command).await, || None)?
            }
            None => None,
        };
        let ended = ended.map(Timestamp::from_secs);
        Ok(Some(session).filter(|session| !session.is_ended_by(ended)))
    }

    /// The sessions are in different slots: the old one ends first, then the new one begins. Stopped
    /// in between, the owner signs in again; never do both sessions live.
    async fn renew_session(
        &self,
        old: &SessionId,
        new: &SessionId,
        session: &Session,
    ) -> Result<(), StoreError> {
        let (old_session, old_pending) = (self.keys.session(old), self.keys.pending(old));
        let mut ending = redis::pipe();
        ending.atomic();
        ending.hgetall(&old_pending);
        ending.del((old_session, &old_pending)).ignore();
        let (waiting,): (Vec<(String, String)>,) = self.connection.query_all(&ending).await?;
        self.keep_session_of_owner(new, session).await?;

        let (new_session, new_pending) = (self.keys.session(new), self.keys.pending(new));
        let mut beginning = redis::pipe();
        beginning.atomic();
        beginning
            .cmd("SET")
            .arg(new_session)
            .arg(encode(session)?)
            .arg("EX")
            .arg(self.ttl_secs(session.expires_at))
            .ignore();
        let mut last = None;
        for (id, value) in &waiting {
            if let Some((expires_at, _)) = or_if_damaged(split_time(value).map(Some), || None)? {
                last = last.max(Some(expires_at));
                beginning.hset(&new_pending, id, value).ignore();
            }
        }
        if let Some(last) = last {
            let ttl = self.ttl_secs(last);
            beginning.cmd("EXPIRE").arg(&new_pending).arg(ttl).ignore();
        }
        self.connection.query_all(&beginning).await
    }

    async fn delete_session(&self, id: &SessionId) -> Result<(), StoreError> {
        let mut command = redis::cmd("DEL");
        command
            .arg(self.keys.session(id))
            .arg(self.keys.pending(id));
        self.connection.query(&command).await
    }

    async fn end_sessions_of(&self, owner: &str) -> Result<(), StoreError> {
        let mut command = redis::cmd("SET");
        command
            .arg(self.keys.sessions_ended(owner))
            .arg(self.now().as_secs())
            .arg("EX")
            .arg(LONGEST_LIFE_SECS);
        self.connection.query(&command).await
    }

    /// The index is in another slot than the sessions. An entry is there before its session, and the session may be gone
    /// before it, so each is looked at.
    async fn list_sessions(&self, owner: &str) -> Result<Vec<(SessionId, Session)>, StoreError> {
        let mut command = redis::cmd("ZREVRANGE");
        command
            .arg(self.keys.sessions_of(owner).ends)
            .arg(0)
            .arg(LISTED_SESSIONS - 1);
        let ids: Vec<String> = self.connection.query(&command).await?;
        let mut found = Vec::new();
        for id in ids.iter().filter_map(|id| SessionId::from_text(id)) {
            let session = or_if_damaged(self.find_session(&id).await, || None)?;
            let is_theirs = |session: &Session| {
                let signed_in = session.owner.as_ref();
                signed_in.is_some_and(|signed_in| signed_in.name == owner)
            };
            found.extend(session.filter(is_theirs).map(|session| (id, session)));
        }
        found.sort_by_key(|(id, session)| (Reverse(session.expires_at), *id));
        Ok(found)
    }

    async fn note_session_seen(&self, id: &SessionId, session: &Session) -> Result<(), StoreError> {
        let mut command = redis::cmd("SET");
        command
            .arg(self.keys.session(id))
            .arg(encode(session)?)
            .arg("XX")
            .arg("KEEPTTL");
        let _done: Option<String> = self.connection.query(&command).await?;
        Ok(())
    }

    async fn store_pending(
        &self,
        session: &SessionId,
        id: &PendingId,
        pending: &PendingAuthorization,
    ) -> Result<(), StoreError> {
        let mut script = self.scripts.store_pending.key(self.keys.pending(session));
        script
            .arg(self.now().as_secs())
            .arg(PENDING_AUTHORIZATIONS_PER_SESSION)
            .arg(id.as_str())
            .arg(pending.requested_at.as_secs())
            .arg(pending.expires_at.as_secs())
            .arg(encode(pending)?)
            .arg(self.ttl_secs(pending.expires_at));
        let _done: String = self.connection.invoke(&script).await?;
        Ok(())
    }

    async fn list_pending(
        &self,
        session: &SessionId,
    ) -> Result<Vec<(PendingId, PendingAuthorization)>, StoreError> {
        let mut command = redis::cmd("HGETALL");
        command.arg(self.keys.pending(session));
        let values: Vec<(String, String)> = self.connection.query(&command).await?;
        let mut waiting = Vec::with_capacity(values.len());
        for (id, value) in &values {
            let stored = StoredPending::read(value, self.now());
            let stored = or_if_damaged(stored, || None)?;
            if let (Some(id), Some(stored)) = (PendingId::parse(id), stored) {
                waiting.push((id, stored));
            }
        }
        waiting.sort_by_key(|(_, stored)| (stored.pending.requested_at, stored.arrival));
        Ok(waiting
            .into_iter()
            .map(|(id, stored)| (id, stored.pending))
            .collect())
    }

    async fn answer_pending(
        &self,
        session: &SessionId,
        id: &PendingId,
        answer: &PendingAnswer,
        forget_at: Timestamp,
    ) -> Result<Answering, StoreError> {
        let mut script = self.scripts.answer_pending.key(self.keys.pending(session));
        script
            .arg(self.now().as_secs())
            .arg(id.as_str())
            .arg(encode(answer)?)
            .arg(forget_at.as_secs());
        let came: Vec<String> = self.connection.invoke(&script).await?;
        let came: Vec<&str> = came.iter().map(String::as_str).collect();
        match came.as_slice() {
            ["answered"] => Ok(Answering::Answered),
            ["answered_before", answer] => Ok(Answering::AnsweredBefore(decode(answer)?)),
            ["unknown"] => Ok(Answering::Unknown),
            _ => Err(damaged("an answer about a waiting request")),
        }
    }
}

impl RedisStore {
    /// That the owner who has signed in has this session.
    async fn keep_session_of_owner(
        &self,
        id: &SessionId,
        session: &Session,
    ) -> Result<(), StoreError> {
        match &session.owner {
            Some(owner) => {
                let keys = self.keys.sessions_of(&owner.name);
                let until = session.expires_at;
                self.keep_of_owner(keys, &id.to_text(), &(), until).await
            }
            None => Ok(()),
        }
    }
}
