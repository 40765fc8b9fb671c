//! Registrations of clients.

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use super::RedisStore;
use super::client_lists::{beginning, member, members};
use super::records::{decode, encode};
use crate::records::ClientRegistration;
use crate::stores::{ClientList, ClientRegistrar, ClientStore, StoreError, or_if_damaged};

#[async_trait]
impl ClientStore for RedisStore {
    async fn find_client(&self, id: &ClientId) -> Result<Option<ClientRegistration>, StoreError> {
        self.find_registration(&self.keys.clients(), id.as_str())
            .await
    }

    async fn list_clients(
        &self,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        self.list_registrations(&self.keys.clients(), after.map(ClientId::as_str), limit)
            .await
    }
}

#[async_trait]
impl ClientRegistrar for RedisStore {
    async fn store_client(&self, client: &ClientRegistration) -> Result<(), StoreError> {
        let (keys, lists) = (self.keys.clients(), self.keys.client_lists());
        let (id, record) = (client.client_id.as_str(), encode(client)?);
        let (goes, comes) = (self.members_of(&client.client_id).await?, members(client));
        let mut commands = redis::pipe();
        commands.atomic();
        commands.hset(&keys.records, id, record).ignore();
        commands.zadd(&keys.names, id, 0).ignore();
        if !goes.is_empty() {
            commands.zrem(&lists, goes).ignore();
        }
        for member in comes {
            commands.zadd(&lists, member, 0).ignore();
        }
        self.connection.query_all(&commands).await
    }

    async fn replace_client(
        &self,
        known: &ClientRegistration,
        replacement: &ClientRegistration,
    ) -> Result<bool, StoreError> {
        let (keys, id) = (self.keys.clients(), known.client_id.as_str());
        // As it stands there: an older server may have written it in another order.
        let Some(record) = self.registration_record(&keys, id).await? else {
            return Ok(false);
        };
        if decode::<ClientRegistration>(&record)? != *known {
            return Ok(false);
        }
        let goes = members(known);
        let mut script = self.scripts.replace_client.key(&keys.records);
        script.key(self.keys.client_lists());
        script.arg(id).arg(record).arg(encode(replacement)?);
        script.arg(goes.len()).arg(goes).arg(members(replacement));
        self.connection.invoke(&script).await
    }

    async fn remove_client(&self, id: &ClientId) -> Result<bool, StoreError> {
        let keys = self.keys.clients();
        let goes = self.members_of(id).await?;
        let mut script = self.scripts.remove_client.key(&keys.records);
        script.key(&keys.names).key(self.keys.client_lists());
        script.arg(id.as_str()).arg(goes);
        self.connection.invoke(&script).await
    }

    async fn list_clients_in(
        &self,
        list: &ClientList,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        let mut after = after.map(|id| member(list, id));
        let mut found = Vec::new();
        while found.len() < limit {
            let missing = limit - found.len();
            let members = self.members_after(list, after.as_deref(), missing).await?;
            let beginning = beginning(list);
            let ids = members.iter().filter_map(|it| it.strip_prefix(&beginning));
            let ids: Vec<&str> = ids.collect();
            if ids.is_empty() {
                break;
            }
            let mut command = redis::cmd("HMGET");
            command.arg(self.keys.clients().records).arg(ids);
            let records: Vec<Option<String>> = self.connection.query(&command).await?;
            for record in records.iter().flatten() {
                let client: ClientRegistration = decode(record)?;
                found.extend(Some(client).filter(|client| ClientList::of(client).contains(list)));
            }
            after = members.last().cloned();
        }
        Ok(found)
    }
}

impl RedisStore {
    /// The lists that a client's record says it is in. One that is damaged says nothing.
    async fn members_of(&self, id: &ClientId) -> Result<Vec<String>, StoreError> {
        let known: Option<ClientRegistration> = or_if_damaged(self.find_client(id).await, || None)?;
        Ok(known.as_ref().map(members).unwrap_or_default())
    }

    async fn members_after(
        &self,
        list: &ClientList,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let beginning = beginning(list);
        let start = after.map_or_else(|| format!("[{beginning}"), |member| format!("({member}"));
        // The slash at the end of a beginning comes right before a zero.
        let end = format!("({}0", beginning.trim_end_matches('/'));
        let mut command = redis::cmd("ZRANGEBYLEX");
        command.arg(self.keys.client_lists()).arg(start).arg(end);
        command.arg("LIMIT").arg(0).arg(limit);
        self.connection.query(&command).await
    }
}
