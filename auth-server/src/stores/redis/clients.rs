//! Registrations of clients.

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use super::RedisStore;
use super::lists::of_clients;
use crate::records::ClientRegistration;
use crate::stores::{ClientList, ClientRegistrar, ClientStore, StoreError};

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
        self.store_registration(&self.keys.clients(), client).await
    }

    async fn replace_client(
        &self,
        known: &ClientRegistration,
        replacement: &ClientRegistration,
    ) -> Result<bool, StoreError> {
        self.replace_registration(&self.keys.clients(), known, replacement)
            .await
    }

    async fn remove_client(&self, id: &ClientId) -> Result<bool, StoreError> {
        self.remove_registration::<ClientRegistration>(&self.keys.clients(), id.as_str())
            .await
    }

    async fn list_clients_in(
        &self,
        list: &ClientList,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        let (list, after) = (of_clients(list), after.map(ClientId::as_str));
        self.list_registrations_in(&self.keys.clients(), &list, after, limit)
            .await
    }
}
