//! Owners of a directory, as accounts.

use std::sync::Arc;

use async_trait::async_trait;
use symbolon::secret::Secret;

use crate::passwords::{HashKinds, PasswordHash};
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::registry::OwnerRegistry;
use crate::stores::{DirectoryOwner, OwnerDirectory, StoreError};

/// The accounts in a directory, which checks their passwords itself.
pub struct DirectoryOwners(Arc<dyn OwnerDirectory>);

impl DirectoryOwners {
    /// The accounts of this directory.
    pub const fn new(directory: Arc<dyn OwnerDirectory>) -> Self {
        Self(directory)
    }
}

fn account(found: DirectoryOwner) -> Arc<ResourceOwner> {
    Arc::new(ResourceOwner {
        name: found.name,
        password: PasswordHash::elsewhere(&found.mark),
        authorities: found.authorities,
        disabled: false,
        password_mark: None,
    })
}

#[async_trait]
impl OwnerRegistry for DirectoryOwners {
    /// Only under the name as the directory writes it: tokens and sessions have that.
    async fn find_owner(&self, name: &str) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        let found = self.0.find_in_directory(name).await?;
        Ok(found.filter(|found| found.name == name).map(account))
    }

    async fn find_owner_now(&self, name: &str) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        Ok(self.0.find_in_directory(name).await?.map(account))
    }

    async fn prove_owner(
        &self,
        name: &str,
        password: &Secret,
    ) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        Ok(self
            .0
            .prove_to_directory(name, password)
            .await?
            .map(account))
    }

    /// Nobody sees their hashes.
    async fn survey(&self, _kinds: &mut HashKinds) -> Result<(), StoreError> {
        Ok(())
    }
}
