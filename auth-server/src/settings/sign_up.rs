//! `[sign_up]`: whether people make accounts for themselves.

use serde::Deserialize;
use symbolon_service::numbers::within;
use symbolon_service::settings::Findings;

use super::mail::{MailSettings, MailTransport};

/// `[sign_up]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignUpSettings {
    /// Whether they do.
    pub allowed: bool,
    /// What they may do then.
    pub authorities: Vec<String>,
    /// How long a link for an account is good, in seconds.
    #[serde(deserialize_with = "within::<60, 86_400, _, _>")]
    pub link_ttl_secs: u64,
}

impl SignUpSettings {
    /// What does not go together; `administrator` is what an administrator may do.
    pub(super) fn check(&self, mail: &MailSettings, administrator: &str, findings: &mut Findings) {
        if self.authorities.iter().any(|it| it.trim().is_empty()) {
            let found = "holds an empty authority";
            findings.error("sign_up.authorities", found, "names such as ROLE_USER");
        }
        if !self.allowed {
            return;
        }
        if mail.transport == MailTransport::Off {
            let found = "is true, and no mails are sent: nobody would get a link";
            findings.error("sign_up.allowed", found, "false, or [mail]");
        }
        if self.authorities.iter().any(|it| it == administrator) {
            let found = "holds `administration.authority`: everybody would administer this server";
            findings.error("sign_up.authorities", found, "what everybody may do");
        }
    }
}
