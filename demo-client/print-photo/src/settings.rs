//! What an operator can change. `config/default.toml` documents each setting.

use serde::Deserialize;
use symbolon::secret::Secret;
use symbolon_service::http::HttpSettings;
use symbolon_service::settings::{ServiceSettings, SharedSettings, empty_is_none};
use symbolon_service::telemetry::{LogSettings, TraceSettings};
use url::Url;

/// The settings of the demo client.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoClientSettings {
    /// This application as browsers see it; `None` means `http://localhost:PORT`.
    #[serde(deserialize_with = "empty_is_none")]
    pub public_url: Option<Url>,
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
    pub url: Url,
    /// Its address as this service sees it; `None` means the same.
    #[serde(deserialize_with = "empty_is_none")]
    pub internal_url: Option<Url>,
    /// Whether an answer without `iss` is refused (RFC 9207).
    pub require_iss: bool,
}

/// Who has the photos.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceServerSettings {
    /// Its address as browsers see it.
    pub url: Url,
    /// Its address as this service sees it; `None` means the same.
    #[serde(deserialize_with = "empty_is_none")]
    pub internal_url: Option<Url>,
}

/// The clients, one per grant.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientsSettings {
    /// The web application.
    pub authorization_code: ConfidentialClientSettings,
    /// The page with the script.
    pub script: PublicClientSettings,
    /// The desktop program of the same house.
    pub password: ConfidentialClientSettings,
    /// The nightly backup.
    pub client_credentials: ConfidentialClientSettings,
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

    fn check(&self) -> Result<(), String> {
        Ok(())
    }

    fn shared(&self) -> SharedSettings<'_> {
        SharedSettings::new(&self.http, &self.log, &self.traces)
    }
}

/// Where this service finds what browsers find at `url`, without the slash at the end.
pub(super) fn internal<'a>(internal_url: Option<&'a Url>, url: &'a Url) -> &'a str {
    public(internal_url.unwrap_or(url))
}

/// An address as browsers see it, without the slash at the end.
pub(super) fn public(url: &Url) -> &str {
    url.as_str().trim_end_matches('/')
}
