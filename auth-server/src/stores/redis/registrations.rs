//! What registrations of clients and of owners have in common: a hash of the records, a sorted set of
//! their names and one of the members of their lists, without a TTL, because a registration is kept until it is removed.
//!
//! Members that go are read before they are taken out: whoever writes in between can leave one behind, never leave one
//! out, because members that come are written together with the record.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::RedisStore;
use super::keys::RegistrationKeys;
use super::lists::Listed;
use super::records::{decode, encode};
use crate::stores::{StoreError, or_if_damaged};

impl RedisStore {
    /// Keeps a registration, in place of an earlier one under the same name.
    pub(super) async fn store_registration<R: Serialize + DeserializeOwned + Listed + Sync>(
        &self,
        keys: &RegistrationKeys,
        registration: &R,
    ) -> Result<(), StoreError> {
        let (name, record) = (registration.name(), encode(registration)?);
        let goes = self.members_of::<R>(keys, name).await?;
        let mut commands = redis::pipe();
        commands.atomic();
        commands.hset(&keys.records, name, record).ignore();
        commands.zadd(&keys.names, name, 0).ignore();
        if !goes.is_empty() {
            commands.zrem(&keys.lists, goes).ignore();
        }
        for member in registration.members() {
            commands.zadd(&keys.lists, member, 0).ignore();
        }
        self.connection.query_all(&commands).await
    }

    /// Keeps a registration where there is none under that name; answers whether it did.
    pub(super) async fn add_registration<R: Serialize + Listed + Sync>(
        &self,
        keys: &RegistrationKeys,
        registration: &R,
    ) -> Result<bool, StoreError> {
        let mut script = self.scripts.add_listed.key(&keys.records);
        script.key(&keys.names).key(&keys.lists);
        script.arg(registration.name()).arg(encode(registration)?);
        script.arg(registration.members());
        self.connection.invoke(&script).await
    }

    /// Keeps the second of these in the place of the first, which has the same name; answers whether that was there.
    pub(super) async fn replace_registration<R>(
        &self,
        keys: &RegistrationKeys,
        known: &R,
        replacement: &R,
    ) -> Result<bool, StoreError>
    where
        R: Serialize + DeserializeOwned + PartialEq + Listed + Sync,
    {
        let record = self.registration_record(keys, known.name()).await?;
        // As it stands there: an older server may have written it in another order.
        let Some(record) = record else {
            return Ok(false);
        };
        if decode::<R>(&record)? != *known {
            return Ok(false);
        }
        let goes = known.members();
        let mut script = self.scripts.replace_listed.key(&keys.records);
        script.key(&keys.lists);
        script.arg(known.name()).arg(record);
        script.arg(encode(replacement)?);
        script.arg(goes.len()).arg(goes).arg(replacement.members());
        self.connection.invoke(&script).await
    }

    /// The registration under a name.
    pub(super) async fn find_registration<R: DeserializeOwned>(
        &self,
        keys: &RegistrationKeys,
        name: &str,
    ) -> Result<Option<R>, StoreError> {
        let record = self.registration_record(keys, name).await?;
        record.as_deref().map(decode).transpose()
    }

    /// It as it is written there.
    pub(super) async fn registration_record(
        &self,
        keys: &RegistrationKeys,
        name: &str,
    ) -> Result<Option<String>, StoreError> {
        let mut command = redis::cmd("HGET");
        command.arg(&keys.records).arg(name);
        self.connection.query(&command).await
    }

    /// At most `limit` registrations whose names follow `after`, in order. One that is removed between
    /// the two reads is made up for by the next, so that a short answer is the end.
    pub(super) async fn list_registrations<R: DeserializeOwned>(
        &self,
        keys: &RegistrationKeys,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<R>, StoreError> {
        let mut after = after.map(str::to_owned);
        let mut found = Vec::new();
        while found.len() < limit {
            let missing = limit - found.len();
            let names = self.names_after(keys, after.as_deref(), missing).await?;
            let Some(last) = names.last() else {
                break;
            };
            let mut command = redis::cmd("HMGET");
            command.arg(&keys.records).arg(&names);
            let records: Vec<Option<String>> = self.connection.query(&command).await?;
            for record in records.iter().flatten() {
                found.push(decode(record)?);
            }
            after = Some(last.clone());
        }
        Ok(found)
    }

    async fn names_after(
        &self,
        keys: &RegistrationKeys,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let start = after.map_or_else(|| "-".to_owned(), |name| format!("({name}"));
        let mut command = redis::cmd("ZRANGEBYLEX");
        command
            .arg(&keys.names)
            .arg(start)
            .arg("+")
            .arg("LIMIT")
            .arg(0)
            .arg(limit);
        self.connection.query(&command).await
    }

    /// The same of a list, which has its cost.
    pub(super) async fn list_registrations_in<R: DeserializeOwned + Listed>(
        &self,
        keys: &RegistrationKeys,
        list: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<R>, StoreError> {
        let mut after = after.map(|name| format!("{list}{name}"));
        let mut found = Vec::new();
        while found.len() < limit {
            let missing = limit - found.len();
            let members = self.members_after(keys, list, after.as_deref(), missing);
            let members = members.await?;
            let names: Vec<&str> = members
                .iter()
                .filter_map(|it| it.strip_prefix(list))
                .collect();
            if names.is_empty() {
                break;
            }
            let mut command = redis::cmd("HMGET");
            command.arg(&keys.records).arg(names);
            let records: Vec<Option<String>> = self.connection.query(&command).await?;
            for record in records.iter().flatten() {
                let registration: Option<R> = or_if_damaged(decode(record).map(Some), || None)?;
                let is_in = |it: &R| it.lists().iter().any(|one| one == list);
                found.extend(registration.filter(is_in));
            }
            after = members.last().cloned();
        }
        Ok(found)
    }

    async fn members_after(
        &self,
        keys: &RegistrationKeys,
        list: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let start = after.map_or_else(|| format!("[{list}"), |member| format!("({member}"));
        // The slash at the end of a list's name comes right before a zero.
        let end = format!("({}0", list.trim_end_matches('/'));
        let mut command = redis::cmd("ZRANGEBYLEX");
        command.arg(&keys.lists).arg(start).arg(end);
        command.arg("LIMIT").arg(0).arg(limit);
        self.connection.query(&command).await
    }

    /// Puts registrations into their lists that an older server has written, at most `limit` of those whose names follow
    /// `after`; answers where to go on.
    pub(super) async fn index_registrations<R: DeserializeOwned + Listed>(
        &self,
        keys: &RegistrationKeys,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Option<String>, StoreError> {
        let mut names = self.names_after(keys, after, limit).await?;
        if names.is_empty() {
            return Ok(None);
        }
        let mut command = redis::cmd("HMGET");
        command.arg(&keys.records).arg(&names);
        let records: Vec<Option<String>> = self.connection.query(&command).await?;
        let readable = records
            .iter()
            .flatten()
            .filter_map(|it| decode::<R>(it).ok());
        let members: Vec<String> = readable.flat_map(|it| it.members()).collect();
        if !members.is_empty() {
            let mut command = redis::cmd("ZADD");
            command.arg(&keys.lists).arg("NX");
            for member in &members {
                command.arg(0).arg(member);
            }
            let _added: i64 = self.connection.query(&command).await?;
        }
        Ok(names.pop().filter(|_| names.len() + 1 == limit))
    }

    /// Removes the registration under a name; answers whether there was one.
    pub(super) async fn remove_registration<R: DeserializeOwned + Listed>(
        &self,
        keys: &RegistrationKeys,
        name: &str,
    ) -> Result<bool, StoreError> {
        let goes = self.members_of::<R>(keys, name).await?;
        let mut script = self.scripts.remove_listed.key(&keys.records);
        script.key(&keys.names).key(&keys.lists);
        script.arg(name).arg(goes);
        self.connection.invoke(&script).await
    }

    /// The members that a record says it has. One that is damaged says nothing.
    async fn members_of<R: DeserializeOwned + Listed>(
        &self,
        keys: &RegistrationKeys,
        name: &str,
    ) -> Result<Vec<String>, StoreError> {
        let known: Option<R> = or_if_damaged(self.find_registration(keys, name).await, || None)?;
        Ok(known.map(|it| it.members()).unwrap_or_default())
    }
}
