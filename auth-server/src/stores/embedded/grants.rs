//! Grants as a whole.

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use super::token_records::end_grant;
use super::{EmbeddedStore, given, search};
use crate::records::GrantId;
use crate::stores::{GivenGrant, GrantStore, SearchPart, SearchPlace, StoreError};

#[async_trait]
impl GrantStore for EmbeddedStore {
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<bool, StoreError> {
        let grant_id = *grant_id;
        self.write(move |view| {
            let mut changes = view.changes();
            let is_first = !view.is_revoked(&grant_id)?;
            end_grant(view, &grant_id, &mut changes)?;
            Ok((is_first, changes))
        })
        .await
    }

    async fn list_grants(&self, owner: &str) -> Result<Vec<GivenGrant>, StoreError> {
        self.read(|view| given::list(view, owner))
    }

    async fn list_grants_from(
        &self,
        owner: &str,
        from: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError> {
        tokio::task::yield_now().await;
        let after = from.and_then(search::grant_at);
        self.read(|view| given::list_from(view, owner, after))
    }

    async fn find_grant(&self, grant_id: &GrantId) -> Result<Option<GivenGrant>, StoreError> {
        self.read(|view| search::grant(view, grant_id))
    }

    async fn search_grants(
        &self,
        client_id: &ClientId,
        from: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError> {
        // Reads never wait, so whoever reads all parts one after another would keep its thread from everybody else.
        tokio::task::yield_now().await;
        let after = from.and_then(search::grant_at);
        self.read(|view| search::grants_of_client(view, client_id, after))
    }
}
