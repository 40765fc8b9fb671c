//! Settings: what `config/default.toml` documents, and the registrations in it checked one by one.

use symbolon_service::settings::{Findings, Registrations, ServiceSettings, SharedSettings};

mod administration;
mod brand;
mod empty;
mod findings;
mod journal;
mod legacy_tokens;
mod mail;
mod registration;
mod registries;
mod sections;
mod sign_up;
mod spring_names;
mod sunset;

pub use administration::AdministrationSettings;
pub use brand::{BrandLink, BrandSettings};
pub use journal::JournalSettings;
pub use legacy_tokens::LegacyTokenSettings;
pub use mail::{MailSettings, MailTls, MailTransport};
pub use registration::RegistrationSettings;
pub use registries::{
    LdapOwnerSettings, SqlAccess, SqlClientSettings, SqlMemory, SqlOwnerSettings,
};
pub use sections::{
    AccessSettings, ApprovalSettings, ClientAuthenticationSettings, KeySettings, LoginSettings,
    Settings, StoreSettings, TokenSettings,
};
pub use sign_up::SignUpSettings;
pub use sunset::{HabitEndSettings, SunsetSettings};

impl ServiceSettings for Settings {
    const DEFAULTS: &'static str = include_str!("../config/default.toml");
    const ENVIRONMENT_PREFIX: &'static str = "AUTH_SERVER";

    fn check(&self, findings: &mut Findings) {
        findings::find(self, findings);
    }

    fn shared(&self) -> SharedSettings<'_> {
        SharedSettings::new(&self.http, &self.log, &self.traces)
    }

    fn registrations() -> Vec<Registrations> {
        spring_names::registrations()
    }
}

#[cfg(test)]
mod tests;
