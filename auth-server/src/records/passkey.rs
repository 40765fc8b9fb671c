//! Passkeys of owners, as they are kept.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use symbolon::clock::Timestamp;
use symbolon::random::Random;

/// What an authenticator knows an owner by
/// ([WebAuthn §4](https://www.w3.org/TR/webauthn-3/#user-handle)): random, so it says nothing about anybody.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct UserHandle([u8; 16]);

impl UserHandle {
    /// A new one.
    pub fn mint(random: &dyn Random) -> Self {
        Self(random.bytes())
    }

    /// The one of these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for UserHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for UserHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Serialize for UserHandle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UserHandle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("not a user handle"))
    }
}

/// All passkeys of one owner: one record, so that no two of them are changed past each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerPasskeys {
    /// The account's name, wherever the account is kept.
    pub owner: String,
    /// What authenticators know the owner by. It stays the same for all of them.
    pub user_handle: UserHandle,
    /// In the order in which they were added.
    pub passkeys: Vec<Passkey>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// What its authenticator calls it, in base64url.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Since when there is one.
    pub added_at: Timestamp,
    /// When somebody last signed in with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
    /// Its public key: a `COSE_Key` ([RFC 9052 §7](https://www.rfc-editor.org/rfc/rfc9052#section-7)) in base64url.
    pub public_key: String,
    /// How often its authenticator says that it was used; 0 where that does not count.
    pub sign_count: u32,
}
