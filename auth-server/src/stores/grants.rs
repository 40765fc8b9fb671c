//! Grants as a whole: what was issued from one approval ends together.

use async_trait::async_trait;
use symbolon::clock::Timestamp;

use crate::records::{Given, GrantId};
use crate::stores::{Observed, StoreError};

/// A grant of an owner that still opens something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenGrant {
    /// Its id.
    pub grant_id: GrantId,
    /// To whom, and what for.
    pub given: Given,
    /// When it is over at the latest.
    pub expires_at: Timestamp,
}

/// Ends grants.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// Ends a grant: every access and refresh token of it is gone when this returns, and nothing can be
    /// issued into it for a day, so that a request under way cannot bring it back.
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<(), StoreError>;

    /// What an owner gave that still opens something: a code, an access token or a refresh token.
    async fn list_grants(&self, owner: &str) -> Result<Vec<GivenGrant>, StoreError>;
}

#[async_trait]
impl GrantStore for Observed<dyn GrantStore> {
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<(), StoreError> {
        self.observe("revoke_grant", self.port.revoke_grant(grant_id))
            .await
    }

    async fn list_grants(&self, owner: &str) -> Result<Vec<GivenGrant>, StoreError> {
        self.observe("list_grants", self.port.list_grants(owner))
            .await
    }
}
