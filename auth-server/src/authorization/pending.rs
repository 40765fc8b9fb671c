//! Authorization requests that wait in a session until their owner has signed in and decided. Each has a
//! name of its own, so that two tabs do not disturb each other.

use std::sync::Arc;

use symbolon::authorization::AuthorizationRequest;
use symbolon::clock::Clock;
use symbolon::random::Random;

use crate::authorization::decision::DecisionAbout;
use crate::records::{PendingAuthorization, PendingId, SessionId};
use crate::stores::{SessionStore, StoreError, or_if_damaged};

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
        let pending = PendingAuthorization {
            request,
            requested_at,
            expires_at: requested_at.plus_secs(self.wait_secs),
        };
        self.store.store_pending(session, &id, &pending).await?;
        Ok(id)
    }

    /// The request of this name, which goes on waiting.
    pub async fn find(
        &self,
        session: &SessionId,
        id: &PendingId,
    ) -> Result<Option<AuthorizationRequest>, StoreError> {
        let waiting = self.store.list_pending(session).await?;
        let found = waiting.into_iter().find(|(waiting, _)| waiting == id);
        Ok(found.map(|(_, pending)| pending.request))
    }

    /// Takes the request of this name out. Of many callers at once exactly one gets it.
    pub async fn take(
        &self,
        session: &SessionId,
        id: &PendingId,
    ) -> Result<Option<AuthorizationRequest>, StoreError> {
        let taken = self.store.take_pending(session, id).await;
        let taken = or_if_damaged(taken, || None)?;
        Ok(taken.map(|pending| pending.request))
    }

    /// The name of the request that a decision is about.
    pub async fn meant(
        &self,
        session: &SessionId,
        about: DecisionAbout,
    ) -> Result<Option<PendingId>, StoreError> {
        match about {
            DecisionAbout::Named(id) => Ok(Some(id)),
            DecisionAbout::Nonsense => Ok(None),
            DecisionAbout::TheOnlyOne => {
                let mut waiting = self.store.list_pending(session).await?;
                let only = waiting.pop().filter(|_| waiting.is_empty());
                Ok(only.map(|(id, _)| id))
            }
        }
    }
}
