//! Registrations of clients.

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use super::RedisStore;
use crate::records::ClientRegistration;
use crate::stores::{ClientRegistrar, ClientStore, StoreError};

#[async_trait]
impl ClientStore for RedisStore {
    async fn find_client(&self, id: &ClientId) -> Result<Option<ClientRegistration>, StoreError> {
        self.find_registration(&self.keys.clients(), id.as_str())
            .await
    }

    async fn list_clients(
        &self,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        self.list_registrations(&self.keys.clients(), after.map(ClientId::as_str), limit)
            .await
    }
}

#[async_trait]
impl ClientRegistrar for RedisStore {
    async fn store_client(&self, client: &ClientRegistration) -> Result<(), StoreError> {
        let keys = self.keys.clients();
        self.store_registration(&keys, client.client_id.as_str(), client)
            .await
    }

    async fn replace_client(
        &self,
        known: &ClientRegistration,
        replacement: &ClientRegistration,
    ) -> Result<bool, StoreError> {
        self.replace_registration(
            &self.keys.clients(),
            known.client_id.as_str(),
            (known, replacement),
        )
        .await
    }

    async fn remove_client(&self, id: &ClientId) -> Result<bool, StoreError> {
        self.remove_registration(&self.keys.clients(), id.as_str())
            .await
    }
}
