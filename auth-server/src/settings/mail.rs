//! `[mail]`: how owners are sent links.

use std::net::IpAddr;

use serde::Deserialize;
use symbolon::secret::Secret;
use symbolon_service::numbers::within;
use symbolon_service::settings::{Findings, shown};

use super::empty::{no_secret_if_empty, none_if_empty};
use crate::records::EmailAddress;

/// `[mail]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// How mails leave.
    pub transport: MailTransport,
    /// Who sends them; `None` where nobody does.
    #[serde(deserialize_with = "none_if_empty")]
    pub from: Option<String>,
    /// Where files are put.
    #[serde(deserialize_with = "none_if_empty")]
    pub folder: Option<String>,
    /// The mail server.
    #[serde(deserialize_with = "none_if_empty")]
    pub host: Option<String>,
    /// Its port.
    #[serde(deserialize_with = "within::<1, 65_535, _, _>")]
    pub port: u16,
    /// How nobody on the way reads along.
    pub tls: MailTls,
    /// Who signed its certificate; `None` means a public authority.
    #[serde(deserialize_with = "none_if_empty")]
    pub ca_file: Option<String>,
    /// A name that it wants.
    #[serde(deserialize_with = "none_if_empty")]
    pub username: Option<String>,
    /// And a password.
    #[serde(deserialize_with = "no_secret_if_empty")]
    pub password: Option<Secret>,
    /// How long a mail may take, in milliseconds.
    #[serde(deserialize_with = "within::<1, 60_000, _, _>")]
    pub timeout_ms: u64,
    /// How long a link for a new password is good, in seconds.
    #[serde(deserialize_with = "within::<60, 86_400, _, _>")]
    pub reset_ttl_secs: u64,
    /// How long an invitation is good, in seconds.
    #[serde(deserialize_with = "within::<60, 2_592_000, _, _>")]
    pub invitation_ttl_secs: u64,
}

/// How mails leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTransport {
    /// There are none.
    #[serde(rename = "")]
    Off,
    /// To a mail server.
    Smtp,
    /// Into a folder.
    File,
}

/// How nobody on the way to the mail server reads along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// After a greeting.
    StartTls,
    /// From the first byte on.
    Tls,
    /// Not at all.
    None,
}

impl MailSettings {
    /// Who sends mails, if that is an address.
    pub fn sender(&self) -> Option<EmailAddress> {
        EmailAddress::parse(self.from.as_deref()?)
    }

    /// What does not go together.
    pub(super) fn check(&self, findings: &mut Findings) {
        if self.transport == MailTransport::Off {
            return;
        }
        if self.sender().is_none() {
            let from = self.from.as_deref().unwrap_or_default();
            let found = format!("is `{}`", shown(from));
            findings.error("mail.from", found, "an address as no-reply@example.org");
        }
        let (file, smtp) = (MailTransport::File, MailTransport::Smtp);
        if self.transport == file && self.folder.is_none() {
            findings.error("mail.folder", "is empty", "a folder for the files");
        }
        if self.transport == smtp && self.host.is_none() {
            findings.error("mail.host", "is empty", "the name of the mail server");
        }
        if let Some(host) = self.host.as_deref().filter(|_| self.transport == smtp)
            && !is_host(host)
        {
            let found = format!("is `{}`", shown(host));
            let accepted = "the name of the mail server alone, without a scheme, a port or blanks";
            findings.error("mail.host", found, accepted);
        }
        if self.username.is_some() != self.password.is_some() {
            let found = "is set without `mail.password`, or the other way round";
            findings.error("mail.username", found, "both, or neither");
        }
        let host = self.host.as_deref().unwrap_or_default();
        let is_here = ["localhost", "127.0.0.1", "::1"].contains(&host);
        if self.transport == smtp && self.tls == MailTls::None && !is_here {
            let found =
                "is `none`: links that give accounts away travel where others can read them";
            findings.warning("mail.tls", found, "starttls or tls");
        }
    }
}

/// A name or an address, and nothing around it.
fn is_host(text: &str) -> bool {
    let is_of_a_name = |sign: char| sign.is_ascii_alphanumeric() || ['.', '-', '_'].contains(&sign);
    text.chars().all(is_of_a_name) || text.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_named_without_anything_around_its_name() {
        for host in ["localhost", "mail.bank.example", "127.0.0.1", "::1"] {
            assert!(is_host(host), "{host}");
        }
        for host in [
            "smtp://mail.bank.example",
            "mail.bank.example:587",
            "mail bank",
            "mail.bank.example ",
            "mail.bank.example/",
        ] {
            assert!(!is_host(host), "{host}");
        }
    }
}
