//! Finding registered clients. There are layers: first the configuration file, which is held in memory,
//! then whatever else keeps registrations, such as the store.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use crate::clients::client::Client;
use crate::clients::facts::ClientFacts;
use crate::clients::registration::{ClientDefaults, register};
use crate::stores::{ClientStore, StoreError};

/// How many clients are read at a time where all of them are.
const PAGE: usize = 500;

/// Where clients are registered.
#[async_trait]
pub trait ClientRegistry: Send + Sync {
    /// The client of this name.
    async fn find_client(&self, id: &ClientId) -> Result<Option<Arc<Client>>, StoreError>;

    /// The client of this name as it is now, where [`ClientRegistry::find_client`] may have answered what was so a while
    /// ago; `None` where it never does, or where nobody knows.
    async fn find_client_anew(&self, _id: &ClientId) -> Result<Option<Arc<Client>>, StoreError> {
        Ok(None)
    }

    /// Includes every client in `facts`.
    async fn survey(&self, facts: &mut ClientFacts) -> Result<(), StoreError>;
}

/// The clients of the configuration file. It can be read again while the server runs.
#[derive(Debug, Default)]
pub struct ConfiguredClients(ArcSwap<HashMap<ClientId, Arc<Client>>>);

impl ConfiguredClients {
    /// These clients.
    pub fn new(clients: Vec<Client>) -> Self {
        let registered = Self::default();
        registered.replace(clients);
        registered
    }

    /// From now on these clients, and no others.
    pub fn replace(&self, clients: Vec<Client>) {
        let named = clients
            .into_iter()
            .map(|client| (client.id.clone(), Arc::new(client)));
        self.0.store(Arc::new(named.collect()));
    }

    /// The client of this name.
    pub fn find(&self, id: &ClientId) -> Option<Arc<Client>> {
        self.0.load().get(id).cloned()
    }

    /// All of them, in no order.
    pub fn list(&self) -> Vec<Arc<Client>> {
        self.0.load().values().cloned().collect()
    }
}

/// The clients that are registered in the store.
pub struct StoredClients {
    store: Arc<dyn ClientStore>,
    defaults: Arc<ClientDefaults>,
}

impl StoredClients {
    /// The clients of this store; `defaults` are for what a registration leaves open.
    pub const fn new(store: Arc<dyn ClientStore>, defaults: Arc<ClientDefaults>) -> Self {
        Self { store, defaults }
    }

    /// Those of a part that are registered rightly, in the order of their ids, and behind whom the next part is.
    pub async fn list(
        &self,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<(Vec<Client>, Option<ClientId>), StoreError> {
        let part = self.store.list_clients(after, limit).await?;
        let last = part.last().filter(|_| part.len() == limit);
        let next = last.map(|last| last.client_id.clone());
        let registered = part.iter().map(|one| register(one, &self.defaults));
        Ok((registered.filter_map(Result::ok).collect(), next))
    }

    /// Goes through all that are registered rightly; the log tells of the others.
    pub(super) async fn for_each(
        &self,
        act: &mut (dyn FnMut(Client) + Send),
    ) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let page = self.store.list_clients(after.as_ref(), PAGE).await?;
            for registration in &page {
                match register(registration, &self.defaults) {
                    Ok(client) => act(client),
                    Err(error) => tracing::error!(event = "registration_damaged", %error),
                }
            }
            match page.last() {
                Some(last) if page.len() == PAGE => {
                    after = Some(last.client_id.clone());
                }
                Some(_) | None => return Ok(()),
            }
        }
    }
}

#[async_trait]
impl ClientRegistry for StoredClients {
    async fn find_client(&self, id: &ClientId) -> Result<Option<Arc<Client>>, StoreError> {
        let Some(registration) = self.store.find_client(id).await? else {
            return Ok(None);
        };
        register(&registration, &self.defaults)
            .map(|client| Some(Arc::new(client)))
            .map_err(|error| StoreError::Damaged(error.to_string()))
    }

    async fn survey(&self, facts: &mut ClientFacts) -> Result<(), StoreError> {
        self.for_each(&mut |client| facts.include(&client)).await
    }
}

/// All registered clients, layer by layer.
#[derive(Clone)]
pub struct Clients {
    configured: Arc<ConfiguredClients>,
    others: Arc<[Arc<dyn ClientRegistry>]>,
    facts: Arc<ArcSwap<ClientFacts>>,
}

impl std::fmt::Debug for Clients {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Clients({:?})", self.configured)
    }
}

impl Clients {
    /// The clients of the configuration file, then those of `others`.
    pub fn new(
        configured: Arc<ConfiguredClients>,
        others: impl IntoIterator<Item = Arc<dyn ClientRegistry>>,
    ) -> Self {
        Self {
            configured,
            others: others.into_iter().collect(),
            facts: Arc::default(),
        }
    }

    /// The same clients, with the other layers read through another connection.
    #[must_use]
    pub fn with_others(&self, others: impl IntoIterator<Item = Arc<dyn ClientRegistry>>) -> Self {
        Self {
            others: others.into_iter().collect(),
            ..self.clone()
        }
    }

    /// The client of this name, unless it is locked: whoever acts for a client asks here. One that is
    /// configured costs no read of a store.
    pub async fn find(&self, id: &ClientId) -> Result<Option<Arc<Client>>, StoreError> {
        let registered = self.find_registered(id).await?;
        Ok(registered.filter(|client| !client.disabled))
    }

    /// The client of this name, locked or not.
    pub async fn find_registered(&self, id: &ClientId) -> Result<Option<Arc<Client>>, StoreError> {
        if let Some(client) = self.configured.find(id) {
            return Ok(Some(client));
        }
        for registry in self.others.iter() {
            if let Some(client) = registry.find_client(id).await? {
                return Ok(Some(client));
            }
        }
        Ok(None)
    }

    /// The client of this name as it is now, where that may differ from `known`, which [`Clients::find`] has answered.
    pub async fn find_anew(&self, known: &Client) -> Result<Option<Arc<Client>>, StoreError> {
        if self.configured.find(&known.id).is_some() {
            return Ok(None);
        }
        for registry in self.others.iter() {
            if let Some(client) = registry.find_client_anew(&known.id).await? {
                return Ok(Some(client).filter(|client| !client.disabled));
            }
        }
        Ok(None)
    }

    /// Those of the configuration file, in no order.
    pub fn configured(&self) -> Vec<Arc<Client>> {
        self.configured.list()
    }

    /// Whether the configuration file has a client of this name.
    pub fn is_configured(&self, id: &ClientId) -> bool {
        self.configured.find(id).is_some()
    }

    /// How many are in the configuration file.
    pub fn configured_count(&self) -> usize {
        self.configured.0.load().len()
    }

    /// What all clients together need, as of the last survey.
    pub fn facts(&self) -> Arc<ClientFacts> {
        self.facts.load_full()
    }

    /// Takes a client into account for [`Clients::facts`] that was registered a moment ago, before the next survey.
    pub fn note(&self, client: &Client) {
        self.facts.rcu(|known| {
            let mut facts = ClientFacts::clone(known);
            facts.include(client);
            facts
        });
    }

    /// Goes through all clients for [`Clients::facts`].
    pub async fn survey(&self) -> Result<(), StoreError> {
        let configured = self.configured.list();
        let facts = self.facts_beside(configured.iter().map(Arc::as_ref));
        self.facts.store(Arc::new(facts.await?));
        Ok(())
    }

    /// From now on these are the clients of the configuration file. When the other layers cannot be
    /// surveyed, all stays as it was.
    pub async fn replace_configured(&self, clients: Vec<Client>) -> Result<(), StoreError> {
        let facts = self.facts_beside(clients.iter()).await?;
        self.configured.replace(clients);
        self.facts.store(Arc::new(facts));
        Ok(())
    }

    /// What these clients need together with those of the other layers.
    async fn facts_beside(
        &self,
        configured: impl Iterator<Item = &Client>,
    ) -> Result<ClientFacts, StoreError> {
        let mut facts = ClientFacts::default();
        for client in configured {
            facts.include(client);
        }
        for registry in self.others.iter() {
            registry.survey(&mut facts).await?;
        }
        Ok(facts)
    }
}

#[cfg(test)]
mod tests {
    use symbolon::scope::Scope;
    use symbolon::token::GrantType;

    use super::*;
    use crate::clients::spring_habits::SpringChoice;
    use crate::records::{ClientRegistration, Dialect, TokenFormat};

    /// A layer that cannot be reached.
    struct Away;

    #[async_trait]
    impl ClientRegistry for Away {
        async fn find_client(&self, _: &ClientId) -> Result<Option<Arc<Client>>, StoreError> {
            Err(StoreError::Unavailable("away".to_owned()))
        }

        async fn survey(&self, _: &mut ClientFacts) -> Result<(), StoreError> {
            Err(StoreError::Unavailable("away".to_owned()))
        }
    }

    fn client(id: &str) -> Client {
        let registration = ClientRegistration {
            grant_types: vec![GrantType::AuthorizationCode],
            redirect_uris: vec!["https://app.example/callback".to_owned()],
            scope: Scope::parse("photo.read").unwrap(),
            ..ClientRegistration::new(ClientId::new(id), id)
        };
        let defaults = ClientDefaults {
            token_format: TokenFormat::Opaque,
            dialect: Dialect::Spring,
            access_token_ttl_secs: 60,
            refresh_token_ttl_secs: 60,
            hash_without_id: None,
            spring: SpringChoice::default(),
        };
        register(&registration, &defaults).unwrap()
    }

    #[tokio::test]
    async fn configured_clients_are_replaced_only_when_every_layer_was_surveyed() {
        let configured = Arc::new(ConfiguredClients::new(vec![client("old")]));
        let away: Arc<dyn ClientRegistry> = Arc::new(Away);
        let clients = Clients::new(Arc::clone(&configured), [away]);
        assert!(
            clients
                .replace_configured(vec![client("new")])
                .await
                .is_err()
        );
        assert!(configured.find(&ClientId::new("old")).is_some());
        assert!(clients.facts().grant_types.is_empty());

        let clients = Clients::new(Arc::clone(&configured), []);
        clients
            .replace_configured(vec![client("new")])
            .await
            .unwrap();
        assert!(configured.find(&ClientId::new("old")).is_none());
        assert!(clients.find(&ClientId::new("new")).await.unwrap().is_some());
        assert!(
            clients
                .facts()
                .grant_types
                .contains(&GrantType::AuthorizationCode)
        );
    }
}
