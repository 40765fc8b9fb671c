//! The registrations of resource owners that are kept in the store.

use async_trait::async_trait;

use crate::records::{EmailAddress, OwnerRegistration};
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

    /// Keeps a registration where there is none under that name; answers whether it did.
    async fn add_owner(&self, owner: &OwnerRegistration) -> Result<bool, StoreError>;

    /// Keeps `replacement` in the place of exactly `known`, which is of the same owner; answers whether that was there.
    async fn replace_owner(
        &self,
        known: &OwnerRegistration,
        replacement: &OwnerRegistration,
    ) -> Result<bool, StoreError>;

    /// Removes a registration; answers whether there was one.
    async fn remove_owner(&self, name: &str) -> Result<bool, StoreError>;

    /// The registrations of those who read mails there, however the letters of that address are written, as
    /// [`OwnerStore::list_owners`] lists all, without those that are damaged. Its cost is that of the page.
    async fn list_owners_by_email(
        &self,
        email: &EmailAddress,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OwnerRegistration>, StoreError>;

    /// Has some of the registrations found by their addresses which an older server has written: at most `limit` of
    /// those that follow `after`. Answers where to go on, if there may be more.
    async fn index_owners(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Option<String>, StoreError>;
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

    async fn add_owner(&self, owner: &OwnerRegistration) -> Result<bool, StoreError> {
        self.observe("add_owner", self.port.add_owner(owner)).await
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

    async fn list_owners_by_email(
        &self,
        email: &EmailAddress,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OwnerRegistration>, StoreError> {
        self.observe(
            "list_owners_by_email",
            self.port.list_owners_by_email(email, after, limit),
        )
        .await
    }

    async fn index_owners(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Option<String>, StoreError> {
        self.observe("index_owners", self.port.index_owners(after, limit))
            .await
    }
}
