//! Finding accounts: first in the configuration file, which is held in memory, then in whatever else keeps
//! accounts, such as the store.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use async_trait::async_trait;

use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::registration::register;
use crate::stores::{OwnerStore, StoreError};

/// Where owners have accounts.
#[async_trait]
pub trait OwnerRegistry: Send + Sync {
    /// The account of this name.
    async fn find_owner(&self, name: &str) -> Result<Option<Arc<ResourceOwner>>, StoreError>;
}

/// The accounts of the configuration file. It can be read again while the server runs.
#[derive(Debug, Default)]
pub struct ConfiguredOwners(ArcSwap<HashMap<String, Arc<ResourceOwner>>>);

impl ConfiguredOwners {
    /// These accounts.
    pub fn new(owners: Vec<ResourceOwner>) -> Self {
        let accounts = Self::default();
        accounts.replace(owners);
        accounts
    }

    /// From now on these accounts, and no others.
    pub fn replace(&self, owners: Vec<ResourceOwner>) {
        let named = owners
            .into_iter()
            .map(|owner| (owner.name.clone(), Arc::new(owner)));
        self.0.store(Arc::new(named.collect()));
    }

    fn find(&self, name: &str) -> Option<Arc<ResourceOwner>> {
        self.0.load().get(name).cloned()
    }
}

/// The accounts that are kept in the store.
pub struct StoredOwners(Arc<dyn OwnerStore>);

impl StoredOwners {
    /// The accounts of this store.
    pub const fn new(store: Arc<dyn OwnerStore>) -> Self {
        Self(store)
    }
}

#[async_trait]
impl OwnerRegistry for StoredOwners {
    async fn find_owner(&self, name: &str) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        let Some(registration) = self.0.find_owner(name).await? else {
            return Ok(None);
        };
        register(&registration)
            .map(|owner| Some(Arc::new(owner)))
            .map_err(|error| StoreError::Damaged(error.to_string()))
    }
}

/// All accounts, layer by layer.
#[derive(Clone)]
pub struct Owners {
    configured: Arc<ConfiguredOwners>,
    others: Arc<[Arc<dyn OwnerRegistry>]>,
}

impl std::fmt::Debug for Owners {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Owners({:?})", self.configured)
    }
}

impl Owners {
    /// The accounts of the configuration file, then those of `others`.
    pub fn new(
        configured: Arc<ConfiguredOwners>,
        others: impl IntoIterator<Item = Arc<dyn OwnerRegistry>>,
    ) -> Self {
        Self {
            configured,
            others: others.into_iter().collect(),
        }
    }

    /// The account of this name. One that is configured costs no read of a store.
    pub async fn find(&self, name: &str) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        match self.configured.find(name) {
            Some(owner) => Ok(Some(owner)),
            None => self.find_in_others(name).await,
        }
    }

    /// [`Owners::find`] that asks every layer, whether the account was found or not: the time it takes does
    /// not tell which accounts exist.
    pub async fn find_at_equal_cost(
        &self,
        name: &str,
    ) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        let elsewhere = self.find_in_others(name).await?;
        Ok(self.configured.find(name).or(elsewhere))
    }

    async fn find_in_others(&self, name: &str) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        let mut found = None;
        for registry in self.others.iter() {
            let owner = registry.find_owner(name).await?;
            found = found.or(owner);
        }
        Ok(found)
    }
}
