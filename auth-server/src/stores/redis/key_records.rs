//! The server's own keys: one hash, a field for each. Every addition keeps the whole ring for the
//! longest time.

use async_trait::async_trait;

use super::RedisStore;
use super::records::{damaged, decode, encode, split_time, with_time};
use crate::records::KeyRecord;
use crate::stores::{Addition, KeyStore, LONGEST_LIFE_SECS, StoreError};

#[async_trait]
impl KeyStore for RedisStore {
    async fn list_keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        let mut command = redis::cmd("HVALS");
        command.arg(self.keys.key_ring());
        let values: Vec<String> = self.connection.query(&command).await?;
        let mut keys: Vec<KeyRecord> = Vec::with_capacity(values.len());
        for value in &values {
            let (expires_at, json) = split_time(value)?;
            if self.now() < expires_at {
                keys.push(decode(json)?);
            }
        }
        keys.sort_by(|one, other| {
            (one.created_at, &one.key_id).cmp(&(other.created_at, &other.key_id))
        });
        Ok(keys)
    }

    async fn add_key(&self, key: &KeyRecord, seen: &[String]) -> Result<Addition, StoreError> {
        let expires_at = self.now().plus_secs(LONGEST_LIFE_SECS);
        let mut script = self.scripts.add_key.key(self.keys.key_ring());
        script
            .arg(self.now().as_secs())
            .arg(&key.key_id)
            .arg(with_time(expires_at, &encode(key)?))
            .arg(LONGEST_LIFE_SECS);
        for key_id in seen {
            script.arg(key_id);
        }
        let answer: String = self.connection.invoke(&script).await?;
        match answer.as_str() {
            "added" => Ok(Addition::Added),
            "raced" => Ok(Addition::Raced),
            _ => Err(damaged("an answer about a key")),
        }
    }

    async fn remove_key(&self, key_id: &str) -> Result<(), StoreError> {
        let mut command = redis::cmd("HDEL");
        command.arg(self.keys.key_ring()).arg(key_id);
        self.connection.query(&command).await
    }
}
