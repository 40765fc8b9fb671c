//! Registrations of owners.

use async_trait::async_trait;

use super::RedisStore;
use crate::records::OwnerRegistration;
use crate::stores::{OwnerRegistrar, OwnerStore, StoreError};

#[async_trait]
impl OwnerStore for RedisStore {
    async fn find_owner(&self, name: &str) -> Result<Option<OwnerRegistration>, StoreError> {
        self.find_registration(&self.keys.owners(), name).await
    }

    async fn list_owners(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OwnerRegistration>, StoreError> {
        self.list_registrations(&self.keys.owners(), after, limit)
            .await
    }
}

#[async_trait]
impl OwnerRegistrar for RedisStore {
    async fn store_owner(&self, owner: &OwnerRegistration) -> Result<(), StoreError> {
        let keys = self.keys.owners();
        self.store_registration(&keys, &owner.name, owner).await
    }

    async fn replace_owner(
        &self,
        known: &OwnerRegistration,
        replacement: &OwnerRegistration,
    ) -> Result<bool, StoreError> {
        self.replace_registration(&self.keys.owners(), &known.name, known, replacement)
            .await
    }

    async fn remove_owner(&self, name: &str) -> Result<bool, StoreError> {
        self.remove_registration(&self.keys.owners(), name).await
    }
}
