//! Browser sessions at the authorization server and the authorization requests that wait in them.

use std::fmt;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use symbolon::authorization::AuthorizationRequest;
use symbolon::clock::Timestamp;
use symbolon::random::Random;
use symbolon::secret::Secret;

use crate::stores::StoreError;

/// A session as the store knows it: SHA-256 of the cookie, which cannot be presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId([u8; 32]);

impl SessionId {
    /// The session of a cookie.
    pub fn of_cookie(cookie: &Secret) -> Self {
        Self(Sha256::digest(cookie.expose()).into())
    }

    /// The bytes, for keys of a store.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// An owner who signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthenticatedOwner {
    /// The owner's name.
    pub name: String,
    /// When the password was checked.
    pub authenticated_at: Timestamp,
}

/// A browser session. Before somebody signs in it only holds authorization requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// Who signed in.
    pub owner: Option<AuthenticatedOwner>,
    /// When the session ends.
    pub expires_at: Timestamp,
}

/// Names one waiting authorization request of a session.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PendingId(String);

impl PendingId {
    /// A new name: 128 random bits in base64url.
    pub fn mint(random: &dyn Random) -> Self {
        Self(random.text::<16>())
    }

    /// A name as a form or address presents it.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == 16).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PendingId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// An authorization request that waits for its owner to sign in or decide. It was checked when it
/// came; whatever form is posted later, this is what is approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingAuthorization {
    /// The request as the client sent it.
    pub request: AuthorizationRequest,
    /// When it came; the oldest give way when there are too many.
    pub requested_at: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

/// How many requests may wait in one session.
pub const PENDING_AUTHORIZATIONS_PER_LOGIN: usize = 20;

/// Keeps sessions and what waits in them.
#[async_trait]
pub trait Logins: Send + Sync {
    /// Begins a session.
    async fn store_login(&self, id: &SessionId, login: &Login) -> Result<(), StoreError>;

    /// The session, unless it ended.
    async fn find_login(&self, id: &SessionId) -> Result<Option<Login>, StoreError>;

    /// Ends the session `old` and begins `new`, which takes over what waits in it. What a stranger may
    /// have known of `old` is worth nothing afterwards (session fixation).
    async fn renew_login(
        &self,
        old: &SessionId,
        new: &SessionId,
        login: &Login,
    ) -> Result<(), StoreError>;

    /// Ends a session and forgets what waits in it.
    async fn delete_login(&self, id: &SessionId) -> Result<(), StoreError>;

    /// Lets a request wait in a session. Beyond [`PENDING_AUTHORIZATIONS_PER_LOGIN`] the oldest goes.
    async fn store_pending(
        &self,
        session: &SessionId,
        id: &PendingId,
        pending: &PendingAuthorization,
    ) -> Result<(), StoreError>;

    /// What waits in a session, the oldest first.
    async fn list_pending(
        &self,
        session: &SessionId,
    ) -> Result<Vec<(PendingId, PendingAuthorization)>, StoreError>;

    /// Takes a waiting request out. Of many callers at once exactly one gets it.
    async fn take_pending(
        &self,
        session: &SessionId,
        id: &PendingId,
    ) -> Result<Option<PendingAuthorization>, StoreError>;
}
