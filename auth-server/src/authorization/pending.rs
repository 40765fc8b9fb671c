//! Authorization requests that wait in a session until their owner has signed in and decided. Each has a
//! name of its own, so that two tabs do not disturb each other.

use std::sync::Arc;

use symbolon::authorization::AuthorizationRequest;
use symbolon::clock::Clock;
use symbolon::random::Random;

use crate::authorization::decision::DecisionAbout;
use crate::records::{PendingAnswer, PendingAuthorization, PendingId, SessionId};
use crate::stores::{Answering, SessionStore, StoreError, or_if_damaged};

/// How long the answer to a request is remembered, in seconds. Somebody who presses a button twice, or whose
/// connection broke, gets the same answer again; after that a client may have used its code, and to present it
/// once more would end what came of it.
const ANSWER_SECS: u64 = 30;

/// Keeps the requests that wait.
#[derive(Clone)]
pub struct PendingAuthorizations {
    /// Where they are kept.
    pub store: Arc<dyn SessionStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Seconds that a request waits.
    pub wait_secs: u64,
    /// Whether decisions may be about the last request of a session: then those of one second are told apart.
    pub in_turn: bool,
}

impl PendingAuthorizations {
    /// Lets a request wait; returns its name.
    pub async fn keep(
        &self,
        session: &SessionId,
        request: AuthorizationRequest,
    ) -> Result<PendingId, StoreError> {
        let id = PendingId::mint(self.random.as_ref());
        let requested_at = self.clock.now();
        let turn = if self.in_turn {
            let known = self.store.list_pending(session).await?;
            let of_this_second = known
                .iter()
                .filter(|(_, known)| known.requested_at == requested_at);
            let turns = of_this_second.map(|(_, known)| known.turn);
            turns.max().map_or(0, |last| last.saturating_add(1))
        } else {
            0
        };
        let pending = PendingAuthorization {
            request,
            requested_at,
            turn,
            expires_at: requested_at.plus_secs(self.wait_secs),
            answer: None,
        };
        self.store.store_pending(session, &id, &pending).await?;
        Ok(id)
    }

    /// The request of this name, which waits or was answered a moment ago.
    pub async fn find(
        &self,
        session: &SessionId,
        id: &PendingId,
    ) -> Result<Option<PendingAuthorization>, StoreError> {
        let known = self.store.list_pending(session).await?;
        let found = known.into_iter().find(|(known, _)| known == id);
        Ok(found.map(|(_, pending)| pending))
    }

    /// Gives the request of this name its answer. Of many callers at once exactly one does.
    pub async fn answer(
        &self,
        session: &SessionId,
        id: &PendingId,
        answer: &PendingAnswer,
    ) -> Result<Answering, StoreError> {
        let forget_at = self.clock.now().plus_secs(ANSWER_SECS);
        let store = &self.store;
        let answered = store.answer_pending(session, id, answer, forget_at);
        or_if_damaged(answered.await, || Answering::Unknown)
    }

    /// The name of the request that a decision is about.
    pub async fn meant(
        &self,
        session: &SessionId,
        about: &DecisionAbout,
    ) -> Result<Option<PendingId>, StoreError> {
        match about {
            DecisionAbout::Named(id) => Ok(Some(id.clone())),
            DecisionAbout::Nonsense => Ok(None),
            DecisionAbout::TheLast => {
                let known = self.store.list_pending(session).await?;
                let last = known
                    .into_iter()
                    .max_by_key(|(_, known)| (known.requested_at, known.turn));
                Ok(last.map(|(id, _)| id))
            }
            DecisionAbout::TheOnlyOne => {
                let mut waiting = self.store.list_pending(session).await?;
                waiting.retain(|(_, pending)| pending.answer.is_none());
                let only = waiting.pop().filter(|_| waiting.is_empty());
                Ok(only.map(|(id, _)| id))
            }
        }
    }
}
