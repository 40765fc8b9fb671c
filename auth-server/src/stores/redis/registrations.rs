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

    /// The registration under a name.
    pub(super) async fn find_registration<R: DeserializeOwned>(
        &self,
        keys: &RegistrationKeys,
        name: &str,
    ) -> Result<Option<R>, StoreError> {
        let mut command = redis::cmd("HGET");
        command.arg(&keys.records).arg(name);
        let record: Option<String> = self.connection.query(&command).await?;
        record.as_deref().map(decode).transpose()
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
