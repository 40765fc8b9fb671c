//! What an operator can change. `config/default.toml` documents each setting.

use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use symbolon::calls::{self, AddressError};
use symbolon::secret::Secret;
use symbolon_service::http::HttpSettings;
use symbolon_service::settings::{Findings, ServiceSettings, SharedSettings, empty_is_none};
use symbolon_service::telemetry::{LogSettings, TraceSettings};
use url::Url;

/// The settings of the demo client.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoClientSettings {
    /// This application as browsers see it; `None` means `http://localhost:PORT`.
    #[serde(deserialize_with = "empty_is_none")]
    pub public_url: Option<Address>,
    /// Whether tokens and secrets may go over plain http to other machines.
    pub allow_plain_http: bool,
    /// Where it listens.
    pub http: HttpSettings,
    /// How it logs.
    pub log: LogSettings,
    /// Where traces go.
    pub traces: TraceSettings,
    /// How long browsers are remembered.
    pub sessions: SessionsSettings,
    /// Who issues tokens.
    pub authorization_server: AuthorizationServerSettings,
    /// Who has the photos.
    pub resource_server: ResourceServerSettings,
    /// The clients, one per grant.
    pub clients: ClientsSettings,
    /// What the inspector shows.
    pub inspector: InspectorSettings,
}

/// What the inspector shows.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InspectorSettings {
    /// Whether visitors may look at their own codes and tokens.
    pub reveals_secrets: bool,
    /// Whether Photo Space is asked what it asked about a token.
    pub shows_questions: bool,
}

/// The address of a service, as it was written: issuers and redirect URIs are compared letter by letter, and a
/// [`Url`] would write them anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    text: String,
    url: Url,
}

impl Address {
    /// Without the slash at the end.
    pub fn as_str(&self) -> &str {
        self.text.trim_end_matches('/')
    }

    /// What it stands for.
    pub const fn url(&self) -> &Url {
        &self.url
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let url = calls::read_base_address(text, true)?;
        let text = text.trim().to_owned();
        Ok(Self { text, url })
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// How long browsers are remembered.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionsSettings {
    /// Seconds without use after which a session is forgotten.
    pub idle_secs: u64,
    /// How many sessions are kept.
    pub max_count: usize,
}

/// Who issues tokens.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorizationServerSettings {
    /// Its address as browsers see it, and its name in `iss`.
    pub url: Address,
    /// Its address as this service sees it; `None` means the same.
    #[serde(deserialize_with = "empty_is_none")]
    pub internal_url: Option<Address>,
    /// Whether an answer without `iss` is refused (RFC 9207).
    pub require_iss: bool,
}

/// Who has the photos.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceServerSettings {
    /// Its address as browsers see it.
    pub url: Address,
    /// Its address as this service sees it; `None` means the same.
    #[serde(deserialize_with = "empty_is_none")]
    pub internal_url: Option<Address>,
}

/// The clients, one per grant.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientsSettings {
    /// The web application.
    pub authorization_code: ConfidentialClientSettings,
    /// The same, with JWTs instead of handles.
    pub jwt: ConfidentialClientSettings,
    /// Photo Stats, the second application.
    pub stats: ConfidentialClientSettings,
    /// The page with the script.
    pub script: PublicClientSettings,
    /// The desktop program of the same house.
    pub password: ConfidentialClientSettings,
    /// The nightly backup.
    pub client_credentials: ConfidentialClientSettings,
    /// A client of another house, whose tokens are not for Photo Space.
    pub stranger: ConfidentialClientSettings,
}

/// A client that can keep a secret.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfidentialClientSettings {
    /// Its `client_id`.
    pub id: String,
    /// Its `client_secret`.
    pub secret: Secret,
}

/// A client that everybody can look into.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicClientSettings {
    /// Its `client_id`.
    pub id: String,
}

impl ServiceSettings for DemoClientSettings {
    const DEFAULTS: &'static str = include_str!("../config/default.toml");
    const ENVIRONMENT_PREFIX: &'static str = "DEMO_CLIENT";

    fn check(&self, findings: &mut Findings) {
        let SessionsSettings {
            idle_secs,
            max_count,
        } = self.sessions;
        findings.number("sessions.idle_secs", idle_secs, 1..=LONGEST_IDLE_SECS);
        findings.number("sessions.max_count", max_count, 1..=MOST_SESSIONS);
        let called = [
            ("authorization_server", self.authorization_server.called()),
            ("resource_server", self.resource_server.called()),
        ];
        for (place, (key, address)) in called {
            let setting = format!("{place}.{key}");
            findings.called_address(&setting, address.url(), self.allow_plain_http);
        }
    }

    fn shared(&self) -> SharedSettings<'_> {
        SharedSettings::new(&self.http, &self.log, &self.traces)
    }
}

/// A year.
const LONGEST_IDLE_SECS: u64 = 31_536_000;

/// Some gigabytes of memory.
const MOST_SESSIONS: u64 = 1_000_000;

impl AuthorizationServerSettings {
    /// Where this service finds it, and which setting says so.
    pub(super) fn called(&self) -> (&'static str, &Address) {
        called(self.internal_url.as_ref(), &self.url)
    }
}

impl ResourceServerSettings {
    /// Where this service finds it, and which setting says so.
    pub(super) fn called(&self) -> (&'static str, &Address) {
        called(self.internal_url.as_ref(), &self.url)
    }
}

fn called<'a>(internal_url: Option<&'a Address>, url: &'a Address) -> (&'static str, &'a Address) {
    internal_url.map_or(("url", url), |internal_url| ("internal_url", internal_url))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use symbolon_service::settings::SettingsSources;

    use super::DemoClientSettings;

    #[test]
    fn every_setting_is_shown_but_the_secrets() {
        let sources = SettingsSources {
            file: None,
            environment: HashMap::from([(
                "DEMO_CLIENT__PUBLIC_URL".to_owned(),
                "https://photos.example".to_owned(),
            )]),
        };
        let accepted = sources.examine::<DemoClientSettings>().accept().unwrap();
        for one in accepted.in_force().settings {
            let is_secret = one.name.ends_with(".secret");
            assert_eq!(one.value == "[redacted]", is_secret, "{one:?}");
        }
    }
}
