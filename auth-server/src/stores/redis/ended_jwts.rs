//! JWTs of another server that have ended here: a key for each, with the time until when.

use async_trait::async_trait;
use symbolon::clock::Timestamp;

use super::RedisStore;
use crate::stores::{EndedJwtId, EndedJwtStore, LONGEST_LIFE_SECS, StoreError};

#[async_trait]
impl EndedJwtStore for RedisStore {
    async fn end_jwt(&self, id: &EndedJwtId, until: Option<Timestamp>) -> Result<bool, StoreError> {
        let longest = self.now().plus_secs(LONGEST_LIFE_SECS);
        let until = until.unwrap_or(longest).min(longest);
        let mut command = redis::cmd("SET");
        command.arg(self.keys.ended_jwt(id)).arg(until.as_secs());
        command.arg("NX").arg("EX").arg(self.ttl_secs(until));
        let set: Option<String> = self.connection.query(&command).await?;
        Ok(set.is_some())
    }

    async fn is_jwt_ended(&self, id: &EndedJwtId) -> Result<bool, StoreError> {
        let mut command = redis::cmd("GET");
        command.arg(self.keys.ended_jwt(id));
        let until: Option<Vec<u8>> = self.connection.query(&command).await?;
        let is_over = |until: Vec<u8>| {
            let secs = String::from_utf8(until).ok()?.parse().ok()?;
            Some(Timestamp::from_secs(secs) <= self.now())
        };
        Ok(until.is_some_and(|until| !is_over(until).unwrap_or(false)))
    }
}
