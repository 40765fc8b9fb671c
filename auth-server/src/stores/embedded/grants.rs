//! Grants as a whole.

use async_trait::async_trait;

use super::token_records::end_grant;
use super::{EmbeddedStore, given};
use crate::records::GrantId;
use crate::stores::{GivenGrant, GrantStore, StoreError};

#[async_trait]
impl GrantStore for EmbeddedStore {
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<(), StoreError> {
        let grant_id = *grant_id;
        self.write(move |view| {
            let mut changes = view.changes();
            end_grant(view, &grant_id, &mut changes)?;
            Ok(((), changes))
        })
        .await
    }

    async fn list_grants(&self, owner: &str) -> Result<Vec<GivenGrant>, StoreError> {
        self.read(|view| given::list(view, owner))
    }
}
