//! Accounts of a registry elsewhere, remembered for a while.

use std::sync::Arc;

use async_trait::async_trait;
use symbolon::secret::Secret;

use crate::passwords::HashKinds;
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::registry::OwnerRegistry;
use crate::stores::{Remembered, StoreError};

/// The accounts of a registry that somebody else keeps. Whether an owner still has one costs nothing for as long as its
/// answer counts; who signs in is always looked up.
pub struct RememberedOwners {
    registered: Arc<dyn OwnerRegistry>,
    memory: Remembered<ResourceOwner>,
}

impl RememberedOwners {
    /// These accounts, as long as `memory` says.
    pub const fn new(
        registered: Arc<dyn OwnerRegistry>,
        memory: Remembered<ResourceOwner>,
    ) -> Self {
        Self { registered, memory }
    }
}

#[async_trait]
impl OwnerRegistry for RememberedOwners {
    async fn find_owner(&self, name: &str) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        let ask = self.registered.find_owner(name);
        self.memory.find(name, ask).await
    }

    async fn find_owner_now(&self, name: &str) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        let found = self.registered.find_owner_now(name).await;
        match found {
            // Found under a name that is written otherwise: it is no account of this one.
            Ok(Some(owner)) if owner.name != name => Ok(Some(owner)),
            found => self.memory.note(name, found),
        }
    }

    async fn prove_owner(
        &self,
        name: &str,
        password: &Secret,
    ) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        let proven = self.registered.prove_owner(name, password).await?;
        if let Some(owner) = &proven {
            self.memory.remember(&owner.name, owner);
        }
        Ok(proven)
    }

    fn may_be_outdated(&self, name: &str) -> bool {
        !self.memory.is_new(name)
    }

    async fn survey(&self, kinds: &mut HashKinds) -> Result<(), StoreError> {
        self.registered.survey(kinds).await
    }
}
