//! When keys change, why they did, and why they could not.

use std::fmt;

use symbolon::clock::Timestamp;
use symbolon::jwk::SigningAlgorithm;
use zeroize::Zeroizing;

use crate::keys::handles::NoHandleKey;
use crate::keys::sealing::SealingError;
use crate::keys::signing::{KeyError, SigningKey};
use crate::stores::StoreError;

/// When keys change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPolicy {
    /// What new keys sign with.
    pub algorithm: SigningAlgorithm,
    /// Seconds that a new key is published before it signs.
    pub publish_ahead_secs: u64,
    /// Seconds after which a key is replaced; `None` means only by command.
    pub rotate_every_secs: Option<u64>,
    /// Whether headers of JWTs name the key that signed.
    pub kid_in_header: bool,
}

/// A signing key that the operator gave.
#[derive(Clone)]
pub struct ConfiguredKey {
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
    /// PKCS #8, PKCS #1 or a shared secret.
    pub material: Zeroizing<Vec<u8>>,
    /// Whether a shared secret may have fewer bytes than its hash.
    pub may_be_short: bool,
}

impl ConfiguredKey {
    /// The key, which signs from then on.
    pub fn parse(&self, activates_at: Timestamp) -> Result<SigningKey, KeyError> {
        let least = self.algorithm.shared_secret_bytes();
        if !self.may_be_short && least.is_some_and(|bytes| self.material.len() < bytes) {
            return Err(KeyError::ShortSecret {
                algorithm: self.algorithm,
                least: least.unwrap_or_default(),
            });
        }
        SigningKey::parse(self.algorithm, &self.material, activates_at)
    }
}

impl fmt::Debug for ConfiguredKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ConfiguredKey({})", self.algorithm)
    }
}

/// Why there is a new signing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationCause {
    /// There was none.
    First,
    /// The last one was old enough.
    Schedule,
    /// The settings name another algorithm.
    Algorithm,
    /// The operator wanted it.
    Command,
}

impl RotationCause {
    /// The word in the audit stream.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Schedule => "schedule",
            Self::Algorithm => "algorithm",
            Self::Command => "command",
        }
    }
}

/// Something that happened to the ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyChange {
    /// This server added a signing key.
    Rotated {
        /// Its name.
        key_id: String,
        /// Why.
        cause: RotationCause,
    },
    /// This server works with other keys than before, whoever changed them.
    RingReplaced {
        /// How many sign or check signatures now.
        keys: usize,
    },
}

/// The ring cannot be loaded or changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A record cannot be opened.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// A key cannot be parsed or generated.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// There is no key for handles.
    #[error(transparent)]
    Handles(#[from] NoHandleKey),
    /// Others changed the ring again and again meanwhile.
    #[error("other instances keep changing the key ring; try again")]
    Contended,
    /// The operator's key cannot be replaced by command.
    #[error("the signing key is configured (keys.signing_key_file): replace the file and restart")]
    Configured,
}
