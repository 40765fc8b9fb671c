//! `[administration]`: who administers this server over HTTP.

use serde::Deserialize;
use symbolon_service::settings::Findings;

/// `[administration]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdministrationSettings {
    /// Whether there are pages for it.
    pub pages: bool,
    /// Whether there is an API for it.
    pub api: bool,
    /// What an owner, or a client that acts for itself, needs for it.
    pub authority: String,
}

impl AdministrationSettings {
    pub(super) fn check(&self, findings: &mut Findings) {
        if (self.pages || self.api) && self.authority.trim().is_empty() {
            let found = "is empty: nobody could be told from an administrator";
            findings.error("administration.authority", found, "ROLE_ADMIN");
        }
    }
}
