//! Registrations of owners.

use async_trait::async_trait;

use super::RedisStore;
use super::lists::of_email;
use crate::records::{EmailAddress, OwnerRegistration};
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
        self.store_registration(&self.keys.owners(), owner).await
    }

    async fn add_owner(&self, owner: &OwnerRegistration) -> Result<bool, StoreError> {
        self.add_registration(&self.keys.owners(), owner).await
    }

    async fn replace_owner(
        &self,
        known: &OwnerRegistration,
        replacement: &OwnerRegistration,
    ) -> Result<bool, StoreError> {
        self.replace_registration(&self.keys.owners(), known, replacement)
            .await
    }

    async fn remove_owner(&self, name: &str) -> Result<bool, StoreError> {
        self.remove_registration::<OwnerRegistration>(&self.keys.owners(), name)
            .await
    }

    async fn list_owners_by_email(
        &self,
        email: &EmailAddress,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OwnerRegistration>, StoreError> {
        self.list_registrations_in(&self.keys.owners(), &of_email(email), after, limit)
            .await
    }

    async fn index_owners(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Option<String>, StoreError> {
        self.index_registrations::<OwnerRegistration>(&self.keys.owners(), after, limit)
            .await
    }
}
