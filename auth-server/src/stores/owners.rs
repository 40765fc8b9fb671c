//! The registrations of resource owners that are kept in the store.

use async_trait::async_trait;

use crate::records::OwnerRegistration;
use crate::stores::{Observed, StoreError};

/// Finds registrations of owners, whoever keeps them.
#[async_trait]
pub trait OwnerStore: Send + Sync {
    /// The registration of an owner. One read.
    async fn find_owner(&self, name: &str) -> Result<Option<OwnerRegistration>, StoreError>;

    /// Registrations in the order of the bytes of their names, or that of the database where they are somebody
    /// else's: at most `limit` of those that follow `after`, or the first ones. Fewer than `limit` means that these
    /// are the last.
    async fn list_owners(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OwnerRegistration>, StoreError>;
}

/// Keeps registrations of owners. They have no end: each is kept until it is removed.
#[async_trait]
pub trait OwnerRegistrar: OwnerStore {
    /// Keeps a registration, in place of an earlier one under the same name.
    async fn store_owner(&self, owner: &OwnerRegistration) -> Result<(), StoreError>;

    /// Keeps `replacement` in the place of exactly `known`, which is of the same owner; answers whether that was there.
    async fn replace_owner(
        &self,
        known: &OwnerRegistration,
        replacement: &OwnerRegistration,
    ) -> Result<bool, StoreError>;

    /// Removes a registration; answers whether there was one.
    async fn remove_owner(&self, name: &str) -> Result<bool, StoreError>;
}

#[async_trait]
impl<P: OwnerStore + ?Sized> OwnerStore for Observed<P> {
    async fn find_owner(&self, name: &str) -> Result<Option<OwnerRegistration>, StoreError> {
        self.observe("find_owner", self.port.find_owner(name)).await
    }

    async fn list_owners(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OwnerRegistration>, StoreError> {
        self.observe("list_owners", self.port.list_owners(after, limit))
            .await
    }
}

#[async_trait]
impl OwnerRegistrar for Observed<dyn OwnerRegistrar> {
    async fn store_owner(&self, owner: &OwnerRegistration) -> Result<(), StoreError> {
        self.observe("store_owner", self.port.store_owner(owner))
            .await
    }

    async fn replace_owner(
        &self,
        known: &OwnerRegistration,
        replacement: &OwnerRegistration,
    ) -> Result<bool, StoreError> {
        self.observe("replace_owner", self.port.replace_owner(known, replacement))
            .await
    }

    async fn remove_owner(&self, name: &str) -> Result<bool, StoreError> {
        self.observe("remove_owner", self.port.remove_owner(name))
            .await
    }
}
