//! Finding accounts: first in the configuration file, which is held in memory, then in whatever else keeps
//! accounts, such as the store.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use async_trait::async_trait;
use symbolon::secret::Secret;

use crate::passwords::{HashId, HashKinds};
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::registration::register;
use crate::stores::{OwnerStore, StoreError};

/// How many accounts are read at a time where all of them are.
const PAGE: usize = 500;

/// Where owners have accounts: a table, a directory, or what whoever embeds the server has. There are two kinds:
///
/// - One that knows hashes: [`find_owner`](Self::find_owner) answers an account with its hash, and the server checks
///   passwords, within its brakes and its queue.
/// - One that checks passwords itself: its accounts have a
///   [`PasswordHash::elsewhere`](crate::passwords::PasswordHash::elsewhere), and [`prove_owner`](Self::prove_owner)
///   checks. The server's brakes come before it.
///
/// It is asked at every check of a token whose owner is not in the settings, so it should answer from memory or from
/// near by. What it cannot answer now is [`StoreError::Unavailable`], never `None`: that would end what the owner granted.
#[async_trait]
pub trait OwnerRegistry: Send + Sync {
    /// The account of this name.
    async fn find_owner(&self, name: &str) -> Result<Option<Arc<ResourceOwner>>, StoreError>;

    /// The account of this name as it is now, also where [`OwnerRegistry::find_owner`] may answer what was so a while
    /// ago.
    async fn find_owner_now(&self, name: &str) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        self.find_owner(name).await
    }

    /// The account of this name, if that is its password: for registries that check passwords themselves, and whose
    /// accounts have [`PasswordHash::elsewhere`](crate::passwords::PasswordHash::elsewhere). The name may be one that
    /// nobody has: then it takes as long.
    async fn prove_owner(
        &self,
        _name: &str,
        _password: &Secret,
    ) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        Ok(None)
    }

    /// Whether [`OwnerRegistry::find_owner`] may have answered about this name what was so a while ago.
    fn may_be_outdated(&self, _name: &str) -> bool {
        false
    }

    /// Includes the password of every account in `kinds`.
    async fn survey(&self, kinds: &mut HashKinds) -> Result<(), StoreError>;
}

/// The accounts of the configuration file. It can be read again while the server runs.
#[derive(Debug, Default)]
pub struct ConfiguredOwners(ArcSwap<Accounts>);

#[derive(Debug, Default)]
struct Accounts {
    by_name: HashMap<String, Arc<ResourceOwner>>,
    passwords: HashKinds,
}

impl ConfiguredOwners {
    /// These accounts.
    pub fn new(owners: Vec<ResourceOwner>) -> Self {
        let accounts = Self::default();
        accounts.replace(owners);
        accounts
    }

    /// From now on these accounts, and no others.
    pub fn replace(&self, owners: Vec<ResourceOwner>) {
        let mut accounts = Accounts::default();
        for owner in owners {
            accounts.passwords.include(&owner.password);
            accounts.by_name.insert(owner.name.clone(), Arc::new(owner));
        }
        self.0.store(Arc::new(accounts));
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.load().by_name.len()
    }

    fn find(&self, name: &str) -> Option<Arc<ResourceOwner>> {
        self.0.load().by_name.get(name).cloned()
    }
}

/// The accounts that are kept in the store.
pub struct StoredOwners {
    store: Arc<dyn OwnerStore>,
    hash_without_id: Option<HashId>,
}

impl StoredOwners {
    /// The accounts of this store; hashes without an id are read as `hash_without_id` says.
    pub const fn new(store: Arc<dyn OwnerStore>, hash_without_id: Option<HashId>) -> Self {
        Self {
            store,
            hash_without_id,
        }
    }
}

#[async_trait]
impl OwnerRegistry for StoredOwners {
    async fn find_owner(&self, name: &str) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        let Some(registration) = self.store.find_owner(name).await? else {
            return Ok(None);
        };
        register(&registration, self.hash_without_id)
            .map(|owner| Some(Arc::new(owner)))
            .map_err(|error| StoreError::Damaged(error.to_string()))
    }

    async fn survey(&self, kinds: &mut HashKinds) -> Result<(), StoreError> {
        let mut after: Option<String> = None;
        loop {
            let page = self.store.list_owners(after.as_deref(), PAGE).await?;
            for registration in &page {
                match register(registration, self.hash_without_id) {
                    Ok(owner) => kinds.include(&owner.password),
                    Err(error) => tracing::error!(event = "registration_damaged", %error),
                }
            }
            match page.last() {
                Some(last) if page.len() == PAGE => after = Some(last.name.clone()),
                Some(_) | None => return Ok(()),
            }
        }
    }
}

/// All accounts, layer by layer.
#[derive(Clone)]
pub struct Owners {
    configured: Arc<ConfiguredOwners>,
    others: Arc<[Arc<dyn OwnerRegistry>]>,
    /// What passwords the other layers have, as of the last survey.
    surveyed: Arc<ArcSwap<HashKinds>>,
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
            surveyed: Arc::default(),
        }
    }

    /// The same accounts, with the other layers read through another connection.
    #[must_use]
    pub fn with_others(&self, others: impl IntoIterator<Item = Arc<dyn OwnerRegistry>>) -> Self {
        Self {
            others: others.into_iter().collect(),
            ..self.clone()
        }
    }

    /// What hashes the passwords of all accounts have, those of the other layers as of the last survey.
    pub fn passwords(&self) -> HashKinds {
        let configured = self.configured.0.load().passwords.clone();
        configured.and(&self.surveyed.load())
    }

    /// Goes through the other layers for [`Owners::passwords`].
    pub async fn survey(&self) -> Result<(), StoreError> {
        let mut kinds = HashKinds::default();
        for registry in self.others.iter() {
            registry.survey(&mut kinds).await?;
        }
        self.surveyed.store(Arc::new(kinds));
        Ok(())
    }

    /// The account of this name, unless it is locked: whoever acts for an owner asks here. One that is
    /// configured costs no read of a store.
    pub async fn find(&self, name: &str) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        if let Some(owner) = self.configured.find(name) {
            return Ok(Some(owner).filter(|owner| !owner.disabled));
        }
        for registry in self.others.iter() {
            if let Some(owner) = registry.find_owner(name).await? {
                return Ok(Some(owner).filter(|owner| !owner.disabled));
            }
        }
        Ok(None)
    }

    /// The account of this name, if it is not locked and `suits`. One that does not is looked at as it is now before
    /// the answer is no: it may have been changed since it was read.
    pub async fn find_suiting(
        &self,
        name: &str,
        suits: impl Fn(&ResourceOwner) -> bool + Send,
    ) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        let Some(owner) = self.find(name).await? else {
            return Ok(None);
        };
        if suits(&owner) {
            return Ok(Some(owner));
        }
        if self.configured.find(name).is_some() {
            return Ok(None);
        }
        for registry in self.others.iter() {
            if registry.may_be_outdated(name)
                && let Some(owner) = registry.find_owner_now(name).await?
            {
                return Ok(Some(owner).filter(|owner| !owner.disabled && suits(owner)));
            }
        }
        Ok(None)
    }

    /// The account of this name, if a registry that checks passwords itself says that this is its password.
    pub async fn prove(
        &self,
        name: &str,
        password: &Secret,
    ) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        for registry in self.others.iter() {
            if let Some(owner) = registry.prove_owner(name, password).await? {
                return Ok(Some(owner));
            }
        }
        Ok(None)
    }

    /// The account of this name as it is now, locked or not, looked for in every layer: the time it takes does not
    /// tell which accounts exist.
    pub async fn find_at_equal_cost(
        &self,
        name: &str,
    ) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        let mut found = self.configured.find(name);
        for registry in self.others.iter() {
            let owner = match registry.find_owner_now(name).await {
                // Whoever is known already does not wait for a registry that is away.
                Err(StoreError::Unavailable(_)) if found.is_some() => None,
                answered => answered?,
            };
            found = found.or(owner);
        }
        Ok(found)
    }
}
