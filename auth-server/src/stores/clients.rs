//! The registrations of clients that are kept in the store
//! ([RFC 6749 §2](https://www.rfc-editor.org/rfc/rfc6749#section-2)).

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use crate::records::ClientRegistration;
use crate::stores::{Observed, StoreError};

/// Finds registrations of clients, whoever keeps them.
#[async_trait]
pub trait ClientStore: Send + Sync {
    /// The registration of a client. One read.
    async fn find_client(&self, id: &ClientId) -> Result<Option<ClientRegistration>, StoreError>;

    /// Registrations in the order of the bytes of their ids, or that of the database where they are somebody
    /// else's: at most `limit` of those that follow `after`, or the first ones. Fewer than `limit` means that these
    /// are the last.
    async fn list_clients(
        &self,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError>;
}

/// Some of the clients, which have an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientList {
    /// Those that somebody registered.
    RegisteredBy(String),
    /// Those that wait for an administrator to let them in.
    AwaitingApproval,
}

impl ClientList {
    /// The lists that a client is in.
    pub fn of(client: &ClientRegistration) -> Vec<Self> {
        let by = client.registered.as_ref().and_then(|it| it.by.clone());
        let awaiting = client.awaits_approval.then_some(Self::AwaitingApproval);
        by.map(Self::RegisteredBy)
            .into_iter()
            .chain(awaiting)
            .collect()
    }
}

/// Keeps registrations of clients. They have no end: each is kept until it is removed.
#[async_trait]
pub trait ClientRegistrar: ClientStore {
    /// Keeps a registration, in place of an earlier one under the same `client_id`.
    async fn store_client(&self, client: &ClientRegistration) -> Result<(), StoreError>;

    /// Keeps `replacement` in the place of exactly `known`, which is of the same client; answers whether that was there.
    async fn replace_client(
        &self,
        known: &ClientRegistration,
        replacement: &ClientRegistration,
    ) -> Result<bool, StoreError>;

    /// Removes a registration; answers whether there was one.
    async fn remove_client(&self, id: &ClientId) -> Result<bool, StoreError>;

    /// The registrations of a list, as [`ClientStore::list_clients`] lists all. Its cost is that of the page.
    async fn list_clients_in(
        &self,
        list: &ClientList,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError>;
}

#[async_trait]
impl<P: ClientStore + ?Sized> ClientStore for Observed<P> {
    async fn find_client(&self, id: &ClientId) -> Result<Option<ClientRegistration>, StoreError> {
        self.observe("find_client", self.port.find_client(id)).await
    }

    async fn list_clients(
        &self,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        self.observe("list_clients", self.port.list_clients(after, limit))
            .await
    }
}

#[async_trait]
impl ClientRegistrar for Observed<dyn ClientRegistrar> {
    async fn store_client(&self, client: &ClientRegistration) -> Result<(), StoreError> {
        self.observe("store_client", self.port.store_client(client))
            .await
    }

    async fn replace_client(
        &self,
        known: &ClientRegistration,
        replacement: &ClientRegistration,
    ) -> Result<bool, StoreError> {
        self.observe(
            "replace_client",
            self.port.replace_client(known, replacement),
        )
        .await
    }

    async fn remove_client(&self, id: &ClientId) -> Result<bool, StoreError> {
        self.observe("remove_client", self.port.remove_client(id))
            .await
    }

    async fn list_clients_in(
        &self,
        list: &ClientList,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        self.observe(
            "list_clients_in",
            self.port.list_clients_in(list, after, limit),
        )
        .await
    }
}
