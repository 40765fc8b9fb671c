//! What registrations of clients and of owners have in common: a hash of the records and a sorted set of
//! their names, without a TTL, because a registration is kept until it is removed.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::RedisStore;
use super::keys::RegistrationKeys;
use super::records::{decode, encode};
use crate::stores::StoreError;

impl RedisStore {
    /// Keeps a registration, in place of an earlier one under the same name.
    pub(super) async fn store_registration(
        &self,
        keys: &RegistrationKeys,
        name: &str,
        registration: &impl Serialize,
    ) -> Result<(), StoreError> {
        let mut commands = redis::pipe();
        commands.atomic();
        let record = encode(registration)?;
        commands.hset(&keys.records, name, record).ignore();
        commands.zadd(&keys.names, name, 0).ignore();
        self.connection.query_all(&commands).await
    }

    /// Keeps the second of these in the place of the first; answers whether that was there.
    pub(super) async fn replace_registration<R: Serialize + DeserializeOwned + PartialEq + Sync>(
        &self,
        keys: &RegistrationKeys,
        name: &str,
        known: &R,
        replacement: &R,
    ) -> Result<bool, StoreError> {
        let record = self.registration_record(keys, name).await?;
        // As it stands there: an older server may have written it in another order.
        let Some(record) = record else {
            return Ok(false);
        };
        if decode::<R>(&record)? != *known {
            return Ok(false);
        }
        let mut script = self.scripts.replace_registration.key(&keys.records);
        script.arg(name).arg(record).arg(encode(replacement)?);
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

    /// Removes the registration under a name; answers whether there was one.
    pub(super) async fn remove_registration(
        &self,
        keys: &RegistrationKeys,
        name: &str,
    ) -> Result<bool, StoreError> {
        let mut script = self.scripts.remove_registration.key(&keys.records);
        script.key(&keys.names).arg(name);
        self.connection.invoke(&script).await
    }
}
