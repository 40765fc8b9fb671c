//! Grants as a whole: what was issued from one approval ends together.

use async_trait::async_trait;

use crate::records::GrantId;
use crate::stores::{Observed, StoreError};

/// Ends grants.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// Ends a grant: every access and refresh token of it is gone when this returns, and nothing can be
    /// issued into it for a day, so that a request under way cannot bring it back.
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<(), StoreError>;
}

#[async_trait]
impl GrantStore for Observed<dyn GrantStore> {
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<(), StoreError> {
        self.observe("revoke_grant", self.port.revoke_grant(grant_id))
            .await
    }
}
