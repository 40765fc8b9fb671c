//! The server's own keys. What a store keeps of them is sealed when the operator gave a secret for it.

use async_trait::async_trait;

use crate::records::KeyRecord;
use crate::stores::{Observed, StoreError};

/// Whether a key could be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addition {
    /// It was.
    Added,
    /// The ring has changed since the caller read it; nothing was written.
    Raced,
}

/// Keeps keys.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// All keys, in the order of `created_at`, then `key_id`.
    async fn list_keys(&self) -> Result<Vec<KeyRecord>, StoreError>;

    /// Adds a key to a ring that the caller saw as `seen` (its key ids, in any order): two servers that
    /// start or rotate at once add one key, not two. A key that is there is never replaced.
    async fn add_key(&self, key: &KeyRecord, seen: &[String]) -> Result<Addition, StoreError>;

    /// Removes a key that nothing needs any more.
    async fn remove_key(&self, key_id: &str) -> Result<(), StoreError>;
}

#[async_trait]
impl KeyStore for Observed<dyn KeyStore> {
    async fn list_keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        self.observe("list_keys", self.port.list_keys()).await
    }

    async fn add_key(&self, key: &KeyRecord, seen: &[String]) -> Result<Addition, StoreError> {
        self.observe("add_key", self.port.add_key(key, seen)).await
    }

    async fn remove_key(&self, key_id: &str) -> Result<(), StoreError> {
        self.observe("remove_key", self.port.remove_key(key_id))
            .await
    }
}
