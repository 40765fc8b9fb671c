//! Clients: those of the store.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use symbolon::identifiers::ClientId;
use symbolon::secret::Secret;

use super::{ATTEMPTS, ApplicationAddition, Changed, NewApplication, NewApplications, PAGE, Page};
use crate::clients::registration::register;
use crate::clients::registry::Clients;
use crate::clients::self_registration::replace_secret;
use crate::passwords::PasswordHash;
use crate::records::ClientRegistration;
use crate::stores::{ClientList, ClientRegistrar, StoreError};

/// Which clients are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApplicationFilter {
    /// All that are kept in the store.
    All,
    /// Those that wait for an administrator.
    Awaiting,
    /// Those that an owner has registered.
    RegisteredBy(String),
}

/// Whether a client may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplicationState {
    /// It may.
    Active,
    /// An administrator has yet to let it in.
    Awaiting,
    /// It is locked.
    Suspended,
}

impl ApplicationState {
    /// That of this client.
    pub const fn of(client: &ClientRegistration) -> Self {
        // What is locked stays locked, whatever else it waits for.
        match (client.disabled, client.awaits_approval) {
            (true, _) => Self::Suspended,
            (false, true) => Self::Awaiting,
            (false, false) => Self::Active,
        }
    }

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Awaiting => "awaiting",
            Self::Suspended => "suspended",
        }
    }
}

/// What a registration says, as a text that no other has.
pub fn fingerprint(client: &ClientRegistration) -> String {
    let said = serde_json::to_vec(client).unwrap_or_default();
    hex::encode(Sha256::digest(said))
}

/// Lists and changes clients.
#[derive(Clone)]
pub struct Applications {
    /// Where they are kept.
    pub registrar: Arc<dyn ClientRegistrar>,
    /// All that are registered, wherever.
    pub clients: Clients,
    /// What new ones get.
    pub new: NewApplications,
}

impl Applications {
    /// A page of them, in the order of their ids.
    pub async fn list(
        &self,
        filter: &ApplicationFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<ClientRegistration>, StoreError> {
        let after = after.map(ClientId::new);
        let (after, one_more) = (after.as_ref(), limit.saturating_add(1));
        let list = match filter {
            ApplicationFilter::All => None,
            ApplicationFilter::Awaiting => Some(ClientList::AwaitingApproval),
            ApplicationFilter::RegisteredBy(owner) => Some(ClientList::RegisteredBy(owner.clone())),
        };
        let found = match &list {
            None => self.registrar.list_clients(after, one_more).await?,
            Some(list) => {
                self.registrar
                    .list_clients_in(list, after, one_more)
                    .await?
            }
        };
        Ok(Page::of(found, limit, |client| {
            client.client_id.to_string()
        }))
    }

    /// The one of this name, if it is kept in the store.
    pub async fn find(&self, id: &ClientId) -> Result<Option<ClientRegistration>, StoreError> {
        self.registrar.find_client(id).await
    }

    /// Adds one.
    pub async fn add(&self, new: &NewApplication) -> Result<ApplicationAddition, StoreError> {
        let faults = new.faults(&self.new);
        if !faults.is_empty() {
            return Ok(ApplicationAddition::Faults(faults.join("; ")));
        }
        let registration = new.registration(&self.new);
        let client = match register(&registration, &self.new.defaults) {
            Ok(client) => client,
            Err(error) => return Ok(ApplicationAddition::Faults(error.to_string())),
        };
        self.registrar.store_client(&registration).await?;
        self.clients.note(&client);
        Ok(ApplicationAddition::Added(registration.client_id))
    }

    /// Another secret, of this hash. The one before is good for a while longer.
    pub async fn rotate_secret(
        &self,
        id: &ClientId,
        hash: &PasswordHash,
    ) -> Result<Changed<ClientRegistration>, StoreError> {
        let known = self.registrar.find_client(id).await?;
        if known.is_some_and(|client| client.client_secret.is_none()) {
            return Ok(Changed::HasNone);
        }
        let (overlap_secs, now) = (self.new.secret_overlap_secs, self.new.clock.now());
        self.change(id, |client| {
            replace_secret(client, Secret::new(hash.expose()), overlap_secs, now);
        })
        .await
    }

    /// Lets a client in that waits for that. Where somebody has looked at it, it is let in only if it still says the same:
    /// its developer may change it at any time. Whoever asks again after it was let in has looked at the same.
    pub async fn approve(
        &self,
        id: &ClientId,
        seen: Option<&str>,
    ) -> Result<Changed<ClientRegistration>, StoreError> {
        for _ in 0..ATTEMPTS {
            let Some(known) = self.registrar.find_client(id).await? else {
                return self.not_here(id).await;
            };
            let waiting = ClientRegistration {
                awaits_approval: true,
                ..known.clone()
            };
            let is_seen = |seen: &str| {
                [&known, &waiting]
                    .map(fingerprint)
                    .iter()
                    .any(|one| one == seen)
            };
            if !seen.is_none_or(is_seen) {
                return Ok(Changed::SaysOther);
            }
            if !known.awaits_approval {
                return Ok(Changed::AlreadySo);
            }
            let new = ClientRegistration {
                awaits_approval: false,
                ..known.clone()
            };
            if self.registrar.replace_client(&known, &new).await? {
                return Ok(Changed::Done(new));
            }
        }
        Ok(Changed::Contended)
    }

    /// Locks a client or takes that back.
    pub async fn suspend(
        &self,
        id: &ClientId,
        suspended: bool,
    ) -> Result<Changed<ClientRegistration>, StoreError> {
        self.change(id, |client| client.disabled = suspended).await
    }

    /// What an account has registered is nobody's from now on: it stays, and administrators look after it.
    pub async fn forget_owner(&self, owner: &str) -> Result<(), StoreError> {
        let list = ClientList::RegisteredBy(owner.to_owned());
        loop {
            let some = self.registrar.list_clients_in(&list, None, PAGE).await?;
            if some.is_empty() {
                return Ok(());
            }
            let mut is_done = false;
            for client in some {
                let changed = self.change(&client.client_id, |client| {
                    if let Some(registered) = &mut client.registered {
                        registered.by = None;
                    }
                });
                is_done |= matches!(changed.await?, Changed::Done(_));
            }
            if !is_done {
                return Ok(());
            }
        }
    }

    /// Removes a client: its tokens are good for nothing from now on.
    pub async fn remove(&self, id: &ClientId) -> Result<Changed<()>, StoreError> {
        if self.registrar.remove_client(id).await? {
            return Ok(Changed::Done(()));
        }
        self.not_here(id).await
    }

    async fn change(
        &self,
        id: &ClientId,
        change: impl Fn(&mut ClientRegistration) + Send + Sync,
    ) -> Result<Changed<ClientRegistration>, StoreError> {
        for _ in 0..ATTEMPTS {
            let Some(known) = self.registrar.find_client(id).await? else {
                return self.not_here(id).await;
            };
            let mut new = known.clone();
            change(&mut new);
            if new == known {
                return Ok(Changed::AlreadySo);
            }
            if self.registrar.replace_client(&known, &new).await? {
                return Ok(Changed::Done(new));
            }
        }
        Ok(Changed::Contended)
    }

    async fn not_here<T>(&self, id: &ClientId) -> Result<Changed<T>, StoreError> {
        Ok(match self.clients.find_registered(id).await? {
            Some(_) => Changed::KeptElsewhere,
            None => Changed::Unknown,
        })
    }
}
