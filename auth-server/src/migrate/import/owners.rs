//! Owners: rows of `users`, with those of `authorities`.

use std::sync::Arc;

use async_trait::async_trait;

use super::Import;
use crate::passwords::HashId;
use crate::records::OwnerRegistration;
use crate::resource_owners::registration::register;
use crate::stores::sql::{ReadRow, SqlOwners};
use crate::stores::{OwnerRegistrar, StoreError};

/// Owners from tables into the store.
pub struct OwnerImport {
    /// Where they come from.
    pub from: SqlOwners,
    /// Where they go to.
    pub into: Arc<dyn OwnerRegistrar>,
    /// How hashes without an id are read.
    pub hash_without_id: Option<HashId>,
}

#[async_trait]
impl Import for OwnerImport {
    type Registration = OwnerRegistration;

    fn what(&self) -> &'static str {
        "owners"
    }

    async fn rows_after(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ReadRow<Option<OwnerRegistration>>>, StoreError> {
        self.from.rows_after(after, limit).await
    }

    fn fault(&self, registration: &OwnerRegistration) -> Option<String> {
        register(registration, self.hash_without_id)
            .err()
            .map(|error| error.reason.to_string())
    }

    async fn find(&self, name: &str) -> Result<Option<OwnerRegistration>, StoreError> {
        self.into.find_owner(name).await
    }

    async fn keep(&self, registration: &OwnerRegistration) -> Result<(), StoreError> {
        self.into.store_owner(registration).await
    }
}
