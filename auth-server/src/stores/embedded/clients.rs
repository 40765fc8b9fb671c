//! Registrations of clients, in the order of their ids.

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use super::EmbeddedStore;
use super::keys::Key;
use super::lists::listed;
use super::records::{Changes, KeyRange, View, encode};
use crate::records::ClientRegistration;
use crate::stores::{ClientList, ClientRegistrar, ClientStore, StoreError, or_if_damaged};

#[async_trait]
impl ClientStore for EmbeddedStore {
    async fn find_client(&self, id: &ClientId) -> Result<Option<ClientRegistration>, StoreError> {
        self.read(|view| view.find(&Key::client(id)))
    }

    async fn list_clients(
        &self,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        let (prefix, after) = (Key::clients(), after.map(Key::client));
        let range = KeyRange {
            prefix: &prefix,
            after: after.as_ref(),
            limit,
        };
        let found = self.read(|view| view.list_range(&range))?;
        Ok(found.into_iter().map(|(_, client)| client).collect())
    }
}

#[async_trait]
impl ClientRegistrar for EmbeddedStore {
    async fn store_client(&self, client: &ClientRegistration) -> Result<(), StoreError> {
        let (client, record) = (client.clone(), encode(client)?);
        self.write(move |view| {
            let mut changes = view.changes();
            leave_lists(view, &mut changes, &client.client_id)?;
            enter_lists(&mut changes, &client)?;
            changes.put_for_ever(Key::client(&client.client_id), record);
            Ok(((), changes))
        })
        .await
    }

    async fn replace_client(
        &self,
        known: &ClientRegistration,
        replacement: &ClientRegistration,
    ) -> Result<bool, StoreError> {
        let (known, replacement) = (known.clone(), replacement.clone());
        let record = encode(&replacement)?;
        self.write(move |view| {
            let (mut changes, key) = (view.changes(), Key::client(&known.client_id));
            let is_there = view.find(&key)?.as_ref() == Some(&known);
            if is_there {
                leave_lists(view, &mut changes, &known.client_id)?;
                enter_lists(&mut changes, &replacement)?;
                changes.put_for_ever(key, record);
            }
            Ok((is_there, changes))
        })
        .await
    }

    async fn remove_client(&self, id: &ClientId) -> Result<bool, StoreError> {
        let id = id.clone();
        self.write(move |view| {
            let (mut changes, key) = (view.changes(), Key::client(&id));
            let is_there = view.holds(&key)?;
            leave_lists(view, &mut changes, &id)?;
            changes.remove(key);
            Ok((is_there, changes))
        })
        .await
    }

    async fn list_clients_in(
        &self,
        list: &ClientList,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        let prefix = Key::clients_in(list);
        let after = after.map(|id| Key::client_in(list, id));
        let range = KeyRange {
            prefix: &prefix,
            after: after.as_ref(),
            limit,
        };
        let record_of = |key: &Key| Some(Key::client(&key.client_of(list)?));
        let is_in = |client: &ClientRegistration| ClientList::of(client).contains(list);
        self.read(|view| listed(view, &range, record_of, is_in))
    }
}

/// Takes a client out of the lists that its record says it is in. A record that is damaged says nothing, and what
/// it leaves behind leads to no client.
fn leave_lists(view: &View<'_>, changes: &mut Changes, id: &ClientId) -> Result<(), StoreError> {
    let known: Option<ClientRegistration> = or_if_damaged(view.find(&Key::client(id)), || None)?;
    for list in known.iter().flat_map(ClientList::of) {
        changes.remove(Key::client_in(&list, id));
    }
    Ok(())
}

fn enter_lists(changes: &mut Changes, client: &ClientRegistration) -> Result<(), StoreError> {
    for list in ClientList::of(client) {
        let key = Key::client_in(&list, &client.client_id);
        changes.put_for_ever(key, encode(&())?);
    }
    Ok(())
}
