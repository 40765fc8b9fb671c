//! GrantStore as a whole.

use async_trait::async_trait;

use crate::records::GrantId;
use crate::stores::StoreError;

/// Ends grants.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// Ends a grant: every access and refresh token of it is gone when this returns, and nothing can be
    /// issued into it for a day, so that a request under way cannot bring it back.
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<(), StoreError>;
}
