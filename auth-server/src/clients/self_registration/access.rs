//! Who may register clients.

use std::num::NonZeroU32;
use std::sync::Arc;

use serde::Deserialize;
use symbolon::clock::Clock;
use symbolon::secret::Secret;

use crate::brakes::{Meter, network_of};
use crate::passwords::PasswordHash;

/// Who may register clients by RFC 7591.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationApi {
    /// Nobody.
    Off,
    /// Whoever shows an initial access token (RFC 7591 §3).
    InitialAccessToken,
    /// Anybody.
    Open,
}

/// Who may register clients, and how many in a minute. One for all workers.
#[derive(Debug)]
pub struct RegistrationAccess {
    /// Whether owners do it on pages.
    pub portal: bool,
    /// Who may do it by RFC 7591.
    pub api: RegistrationApi,
    initial_access_tokens: Vec<PasswordHash>,
    brake: Meter,
}

/// Whom the brake counts.
#[derive(Hash)]
enum Registrant<'a> {
    Owner(&'a str),
    Network(String),
}

impl RegistrationAccess {
    /// `per_minute` is for each address and for each owner.
    pub fn new(
        portal: bool,
        api: RegistrationApi,
        initial_access_tokens: Vec<PasswordHash>,
        per_minute: NonZeroU32,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            portal,
            api,
            initial_access_tokens,
            brake: Meter::new(per_minute, clock),
        }
    }

    /// Whether this is an initial access token. All are looked at, so the time it takes does not tell which.
    pub fn is_initial_access_token(&self, presented: &Secret) -> bool {
        let tokens = self.initial_access_tokens.iter();
        let right = tokens.filter(|hash| hash.matches(presented));
        right.count() > 0
    }

    /// Counts a registration from this address; when it is one too many, says for how many seconds to wait.
    pub fn count_address(&self, address: &str) -> Result<(), u64> {
        self.count(&Registrant::Network(network_of(address)))
    }

    /// The same for who is signed in, wherever that is.
    pub fn count_owner(&self, owner: &str) -> Result<(), u64> {
        self.count(&Registrant::Owner(owner))
    }

    fn count(&self, registrant: &Registrant<'_>) -> Result<(), u64> {
        let counted = self.brake.count(registrant);
        counted.map_err(|wait| wait.as_secs().max(1))
    }
}
