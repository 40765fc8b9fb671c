//! Grants as a whole.

use async_trait::async_trait;

use super::EmbeddedStore;
use super::token_records::end_grant;
use crate::records::GrantId;
use crate::stores::{GrantStore, StoreError};

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
}
