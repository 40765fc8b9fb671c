//! `[registration]`: how developers register clients by themselves.

use std::num::NonZeroU32;
use std::sync::Arc;

use serde::Deserialize;
use symbolon::clock::Clock;
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::GrantType;
use symbolon_service::numbers::within;

use crate::clients::self_registration::{RegistrationAccess, RegistrationApi, RegistrationPolicy};
use crate::passwords::PasswordHash;

/// `[registration]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrationSettings {
    /// Whether owners register clients on pages.
    pub portal: bool,
    /// Who may register by RFC 7591.
    pub api: RegistrationApi,
    /// Hashes of initial access tokens.
    pub initial_access_tokens: Vec<Secret>,
    /// Whether an administrator has to let a new client in.
    pub approval_required: bool,
    /// What clients may have.
    pub grant_types: Vec<GrantType>,
    /// What clients may ask for.
    pub scope: Scope,
    /// Where their tokens are good.
    pub resource_ids: Vec<String>,
    /// Clients.
    pub most_per_owner: usize,
    /// Registrations.
    #[serde(deserialize_with = "per_minute")]
    pub per_address_per_minute: NonZeroU32,
    /// Seconds.
    pub secret_overlap_secs: u64,
}

impl RegistrationSettings {
    /// Who may register, and how often.
    pub fn access(&self, clock: Arc<dyn Clock>) -> RegistrationAccess {
        let per_minute = self.per_address_per_minute;
        RegistrationAccess::new(self.portal, self.api, self.tokens(), per_minute, clock)
    }

    /// What whoever registers may have.
    pub fn policy(&self) -> RegistrationPolicy {
        RegistrationPolicy {
            grant_types: self.grant_types.iter().copied().collect(),
            scope: self.scope.clone(),
            resource_ids: self.resource_ids.clone(),
            approval_required: self.approval_required,
            most_per_owner: self.most_per_owner,
            secret_overlap_secs: self.secret_overlap_secs,
        }
    }

    /// The initial access tokens that are good. Those that cannot be read were told of when the settings were checked.
    fn tokens(&self) -> Vec<PasswordHash> {
        let read = |hash: &Secret| hash.expose().parse().ok();
        self.initial_access_tokens.iter().filter_map(read).collect()
    }

    /// Whether anybody can register.
    pub(super) const fn is_on(&self) -> bool {
        self.portal || !matches!(self.api, RegistrationApi::Off)
    }
}

fn per_minute<'de, D: serde::Deserializer<'de>>(from: D) -> Result<NonZeroU32, D::Error> {
    let number: u32 = within::<1, 1_000_000, _, _>(from)?;
    NonZeroU32::try_from(number).map_err(serde::de::Error::custom)
}
