//! The server's own keys. What a store keeps of them is sealed when the operator gave a secret for it.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;
use symbolon::jwk::SigningAlgorithm;

use crate::stores::StoreError;

/// A key of the ring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRecord {
    /// Its name: `kid` in headers, for a signing key.
    pub key_id: String,
    /// What it is for.
    pub purpose: KeyPurpose,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it begins to sign. Until then it is only published.
    pub activates_at: Timestamp,
    /// The key itself, sealed, in base64.
    pub material: String,
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyPurpose {
    /// Signs JWTs.
    Signing(SigningAlgorithm),
    /// Makes the checks of handles.
    Handles {
        /// 0 to 3.
        generation: u8,
    },
}

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
pub trait KeyRecords: Send + Sync {
    /// All keys, in the order of `created_at`, then `key_id`.
    async fn list_keys(&self) -> Result<Vec<KeyRecord>, StoreError>;

    /// Adds a key to a ring that the caller saw as `seen` (its key ids, in any order): two servers that
    /// start or rotate at once add one key, not two. A key that is there is never replaced.
    async fn add_key(&self, key: &KeyRecord, seen: &[String]) -> Result<Addition, StoreError>;

    /// Removes a key that nothing needs any more.
    async fn remove_key(&self, key_id: &str) -> Result<(), StoreError>;
}
