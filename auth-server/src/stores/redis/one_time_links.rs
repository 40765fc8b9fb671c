//! Links that are good once: a key for each.

use async_trait::async_trait;

use super::RedisStore;
use super::records::{decode, encode};
use crate::records::{LinkId, OneTimeLink};
use crate::stores::{OneTimeLinkStore, StoreError, or_if_damaged};

#[async_trait]
impl OneTimeLinkStore for RedisStore {
    async fn store_link(&self, id: &LinkId, link: &OneTimeLink) -> Result<(), StoreError> {
        let mut command = redis::cmd("SET");
        command.arg(self.keys.link(id)).arg(encode(link)?);
        command.arg("EX").arg(self.ttl_secs(link.expires_at));
        self.connection.query(&command).await
    }

    async fn find_link(&self, id: &LinkId) -> Result<Option<OneTimeLink>, StoreError> {
        let mut command = redis::cmd("GET");
        command.arg(self.keys.link(id));
        let record: Option<String> = self.connection.query(&command).await?;
        self.good_link(record.as_deref())
    }

    async fn redeem_link(&self, id: &LinkId) -> Result<bool, StoreError> {
        let mut commands = redis::pipe();
        commands.atomic();
        let key = self.keys.link(id);
        commands.get(&key).del(&key).ignore();
        let (record,): (Option<String>,) = self.connection.query_all(&commands).await?;
        Ok(self.good_link(record.as_deref())?.is_some())
    }
}

impl RedisStore {
    /// One that is not over: a TTL follows the clock of Redis.
    fn good_link(&self, record: Option<&str>) -> Result<Option<OneTimeLink>, StoreError> {
        let link = record.map(decode::<OneTimeLink>).transpose();
        let link = or_if_damaged(link, || None)?;
        Ok(link.filter(|link| self.now() < link.expires_at))
    }
}
