//! A browser's session at the authorization server.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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

    /// The bytes as text, for pages that name it.
    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads what [`SessionId::to_text`] wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// The session whose bytes these are.
    pub(crate) const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
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
    /// Who has shown the password, where that is not enough: nobody is signed in yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_shown_by: Option<AuthenticatedOwner>,
    /// When the session ends.
    pub expires_at: Timestamp,
    /// In which browser somebody signed in.
    #[serde(default, skip_serializing_if = "Device::is_unknown")]
    pub device: Device,
    /// When whoever signed in was last seen, within some minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Timestamp>,
}

/// A browser, as far as its owner can tell it from others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What it called itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
}

impl Device {
    fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}
