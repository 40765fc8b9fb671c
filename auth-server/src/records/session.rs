//! A browser's session at the authorization server.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use symbolon::clock::Timestamp;
use symbolon::secret::Secret;

use crate::records::PasswordMark;

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
    /// Which password that was.
    #[serde(default)]
    pub password_mark: Option<PasswordMark>,
}

impl Session {
    /// Whether it is over because all sessions of its owner were ended at this time. A sign-in of the same
    /// second is over too: nobody knows which came first.
    pub(crate) fn is_ended_by(&self, ended_at: Option<Timestamp>) -> bool {
        let signed_in = self.owner.as_ref().map(|owner| owner.authenticated_at);
        signed_in.is_some_and(|at| ended_at.is_some_and(|end| at <= end))
    }
}

/// A browser session. Before somebody signs in it only holds authorization requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Who signed in.
    pub owner: Option<AuthenticatedOwner>,
    /// When the session ends.
    pub expires_at: Timestamp,
}
