//! Grants as a whole.

use async_trait::async_trait;

use super::RedisStore;
use crate::records::GrantId;
use crate::stores::{GrantStore, StoreError};

#[async_trait]
impl GrantStore for RedisStore {
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<(), StoreError> {
        let script = self.on_grant(&self.scripts.revoke_grant, grant_id);
        let _done: Vec<String> = self.connection.invoke(&script).await?;
        Ok(())
    }
}
