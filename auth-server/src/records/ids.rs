//! What a store knows of a code or a token: its id, which cannot be presented.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use symbolon::random::Random;

/// Bytes of a grant id, and of a token's own half of its id.
pub(crate) const ID_BYTES: usize = 16;

/// One approval and all that was issued from it: minted when the owner (or the client for itself) got
/// something, carried by everything that follows, so that one `revoke_grant` ends it all.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GrantId([u8; ID_BYTES]);

impl GrantId {
    /// The grant of these bytes.
    pub(crate) const fn from_bytes(bytes: [u8; ID_BYTES]) -> Self {
        Self(bytes)
    }

    /// A new grant.
    pub fn mint(random: &dyn Random) -> Self {
        Self(random.bytes())
    }

    /// The bytes, for keys of a store.
    pub const fn as_bytes(&self) -> &[u8; ID_BYTES] {
        &self.0
    }
}

impl GrantId {
    /// Reads what its `Display` wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        Some(Self(bytes))
    }
}

impl Serialize for GrantId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for GrantId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_text(&text).ok_or_else(|| serde::de::Error::custom("not the id of a grant"))
    }
}

impl fmt::Display for GrantId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for GrantId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Authorization codes.
#[derive(Debug)]
pub enum Code {}
/// Access tokens.
#[derive(Debug)]
pub enum Access {}
/// Refresh tokens.
#[derive(Debug)]
pub enum Refresh {}
/// Links that are good once.
#[derive(Debug)]
pub enum Link {}

/// What a store knows of a handle: never enough to present it.
pub struct HandleId<K> {
    grant_id: GrantId,
    token_id: [u8; ID_BYTES],
    kind: PhantomData<fn() -> K>,
}

/// The id of an authorization code.
pub type CodeId = HandleId<Code>;
/// The id of an access token.
pub type AccessTokenId = HandleId<Access>;
/// The id of a refresh token.
pub type RefreshTokenId = HandleId<Refresh>;
/// The id of a link that is good once. It is its own grant.
pub type LinkId = HandleId<Link>;

impl<K> HandleId<K> {
    /// The grant it belongs to.
    pub const fn grant_id(&self) -> GrantId {
        self.grant_id
    }

    /// Its own half of the id, for keys of a store.
    pub const fn token_id(&self) -> &[u8; ID_BYTES] {
        &self.token_id
    }

    /// `jti` of a token: both halves in base64url, 43 characters.
    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode([self.grant_id.0, self.token_id].concat())
    }

    /// Reads what [`HandleId::to_text`] wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes: [u8; 2 * ID_BYTES] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (grant_id, rest) = bytes.split_first_chunk::<ID_BYTES>()?;
        let (token_id, _) = rest.split_first_chunk::<ID_BYTES>()?;
        Some(Self::from_parts(GrantId(*grant_id), *token_id))
    }

    /// The id of these two halves.
    pub(crate) const fn from_parts(grant_id: GrantId, token_id: [u8; ID_BYTES]) -> Self {
        Self {
            grant_id,
            token_id,
            kind: PhantomData,
        }
    }
}

impl<K> Clone for HandleId<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for HandleId<K> {}
impl<K> PartialEq for HandleId<K> {
    fn eq(&self, other: &Self) -> bool {
        (self.grant_id, self.token_id) == (other.grant_id, other.token_id)
    }
}
impl<K> Eq for HandleId<K> {}
impl<K> Hash for HandleId<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.grant_id, self.token_id).hash(state);
    }
}
impl<K> fmt::Debug for HandleId<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_text())
    }
}
impl<K> Serialize for HandleId<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}
impl<'de, K> Deserialize<'de> for HandleId<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_text(&text).ok_or_else(|| serde::de::Error::custom("not the id of a handle"))
    }
}
