//! The keys that sign tokens.

use std::sync::Arc;

use symbolon::clock::{Clock, Timestamp};
use symbolon::jwk::SigningAlgorithm;

use super::Administrator;
use crate::audit::Audit;
use crate::clients::registry::Clients;
use crate::keys::signing::SigningKey;
use crate::keys::{KeyRing, KeyRingError};

/// What a key does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It is published, and signs later.
    Published,
    /// It signs.
    Signs,
    /// Another signs; what it has signed is still checked.
    Replaced,
}

impl KeyState {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Signs => "signs",
            Self::Replaced => "replaced",
        }
    }
}

/// A key, without what it signs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedKey {
    /// Its name.
    pub kid: String,
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
    /// What it does now.
    pub state: KeyState,
    /// When it begins to sign, or began; unknown of a key of the settings.
    pub signs_from: Option<Timestamp>,
    /// When everything that it signs is over and it is removed; unknown while it has no successor.
    pub published_until: Option<Timestamp>,
}

/// Lists keys, and adds one.
#[derive(Clone)]
pub struct PublishedKeys {
    /// The keys.
    pub ring: Arc<KeyRing>,
    /// How long keys are needed depends on them.
    pub clients: Clients,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Takes audit events.
    pub audit: Arc<Audit>,
}

impl PublishedKeys {
    /// All of them, the youngest first.
    pub fn list(&self) -> Vec<PublishedKey> {
        let now = self.now();
        let ring = self.ring.current();
        let active = ring.active_key(now).map(SigningKey::kid);
        let life_secs = self.longest_token_life_secs();
        let mut successor_signs_from = None;
        let mut keys = Vec::new();
        for key in ring.published_keys() {
            let state = if Some(key.kid()) == active {
                KeyState::Signs
            } else if key.activates_at() > now {
                KeyState::Published
            } else {
                KeyState::Replaced
            };
            let ends = |from: Timestamp| from.plus_secs(life_secs);
            keys.push(PublishedKey {
                kid: key.kid().to_owned(),
                algorithm: key.algorithm(),
                state,
                signs_from: Some(key.activates_at()).filter(|at| at.as_secs() > 0),
                published_until: successor_signs_from.map(ends),
            });
            successor_signs_from = Some(key.activates_at());
        }
        keys
    }

    /// Adds a key, which signs as soon as everybody can know it; returns its name.
    pub async fn rotate(&self, who: Administrator<'_>) -> Result<String, KeyRingError> {
        let rotated = self.ring.rotate(self.longest_token_life_secs()).await;
        self.audit
            .record_key_changes_by(&rotated.changes, who.by, who.address);
        rotated.outcome
    }

    /// The time by which a key's state was told.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn longest_token_life_secs(&self) -> u64 {
        self.clients.facts().longest_token_life_secs
    }
}
