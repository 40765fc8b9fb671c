//! One of the server's own keys.

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;
use symbolon::jwk::SigningAlgorithm;

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
