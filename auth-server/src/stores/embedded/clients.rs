//! Registrations of clients, in the order of their ids.

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::{KeyRange, encode};
use crate::records::ClientRegistration;
use crate::stores::{ClientRegistrar, ClientStore, StoreError};

#[async_trait]
impl ClientStore for EmbeddedStore {
    async fn find_client(&self, id: &ClientId) -> Result<Option<ClientRegistration>, StoreError> {
        self.read(|view| view.find(&Key::client(id)))
    }

    async fn list_clients(
        &self,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        let (prefix, after) = (Key::clients(), after.map(Key::client));
        let range = KeyRange {
            prefix: &prefix,
            after: after.as_ref(),
            limit,
        };
        let found = self.read(|view| view.list_range(&range))?;
        Ok(found.into_iter().map(|(_, client)| client).collect())
    }
}

#[async_trait]
impl ClientRegistrar for EmbeddedStore {
    async fn store_client(&self, client: &ClientRegistration) -> Result<(), StoreError> {
        let (key, record) = (Key::client(&client.client_id), encode(client)?);
        self.write(move |view| {
            let mut changes = view.changes();
            changes.put_for_ever(key, record);
            Ok(((), changes))
        })
        .await
    }

    async fn replace_client(
        &self,
        known: &ClientRegistration,
        replacement: &ClientRegistration,
    ) -> Result<bool, StoreError> {
        self.replace_registration(Key::client(&known.client_id), known, replacement)
            .await
    }

    async fn remove_client(&self, id: &ClientId) -> Result<bool, StoreError> {
        let key = Key::client(id);
        self.write(move |view| {
            let mut changes = view.changes();
            let is_there = view.holds(&key)?;
            changes.remove(key);
            Ok((is_there, changes))
        })
        .await
    }
}
