//! Sessions between the password and the second factor: who it is is known there, and nobody is signed in.

use std::sync::Arc;

use symbolon::secret::Secret;

use super::{BrowserSession, Sessions};
use crate::resource_owners::owner::ResourceOwner;
use crate::stores::StoreError;

/// How long who has shown the password may take to show the second factor, in seconds.
const SECOND_FACTOR_WAIT_SECS: u64 = 300;

impl Sessions {
    /// The session of somebody who has shown the password and has yet to show the second factor: nobody is signed in in it.
    /// It has another cookie, so that whoever knew the old one cannot go on with it.
    pub async fn await_second_factor(
        &self,
        session: BrowserSession,
        owner: &ResourceOwner,
    ) -> Result<BrowserSession, StoreError> {
        let waiting = self.awaiting(self.renewed_cookie(&session.cookie, owner), owner);
        let store = &self.sources.store;
        store
            .renew_session(&session.id, &waiting.id, &waiting.record)
            .await?;
        Ok(waiting)
    }

    /// The same by a form whose own session is over. When it is over because the same form came before, a moment ago, that
    /// is the session which began then.
    pub async fn await_second_factor_again(
        &self,
        cookie: &Secret,
        owner: &ResourceOwner,
    ) -> Result<BrowserSession, StoreError> {
        let waiting = self.renewed_cookie(cookie, owner);
        if let Some(session) = self.find_one(waiting).await?
            && session.record.password_shown_by.is_some()
        {
            return Ok(session);
        }
        self.keep(self.awaiting(self.new_cookie(), owner)).await
    }

    fn awaiting(&self, cookie: Secret, owner: &ResourceOwner) -> BrowserSession {
        let mut session = self.session(cookie, None);
        session.record.password_shown_by = Some(self.authenticated(owner));
        session
    }

    /// Who has yet to show the second factor in this session, unless that takes too long.
    pub async fn awaited(
        &self,
        session: &BrowserSession,
    ) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        let now = self.now();
        let shown = session.record.password_shown_by.as_ref();
        let shown =
            shown.filter(|shown| now < shown.authenticated_at.plus_secs(SECOND_FACTOR_WAIT_SECS));
        match shown {
            Some(shown) => self.unchanged(shown).await,
            None => Ok(None),
        }
    }

    /// Ends all sessions of this owner but this one.
    pub async fn end_others_of(
        &self,
        owner: &ResourceOwner,
        this: &BrowserSession,
    ) -> Result<(), StoreError> {
        loop {
            let mut others = self.list(owner).await?;
            others.retain(|known| known.id != this.id);
            if others.is_empty() {
                return Ok(());
            }
            for other in &others {
                self.sources.store.delete_session(&other.id).await?;
            }
        }
    }
}
