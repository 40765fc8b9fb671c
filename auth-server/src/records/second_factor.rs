//! What an owner shows besides the password, as it is kept.

use std::fmt;

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;

/// An owner's second factor: the secret that an authenticator app has too, and what is good in its place.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// The account's name, wherever the account is kept.
    pub owner: String,
    /// The secret, sealed.
    pub secret: String,
    /// Since when it is asked for.
    pub enrolled_at: Timestamp,
    /// The step of the last code that was taken. A code of this step or of one before it is good no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_step: Option<u64>,
    /// Digests of the recovery codes that are left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recovery_codes: Vec<String>,
}

/// Without what opens something.
impl fmt::Debug for SecondFactor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SecondFactor")
            .field("owner", &self.owner)
            .field("enrolled_at", &self.enrolled_at)
            .field("recovery_codes", &self.recovery_codes.len())
            .finish_non_exhaustive()
    }
}
