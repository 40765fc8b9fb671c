//! What an operator can change. `config/default.toml` documents each setting.

use serde::Deserialize;
use symbolon::secret::Secret;
use symbolon_service::http::HttpSettings;
use symbolon_service::settings::{ServiceSettings, SharedSettings};
use symbolon_service::telemetry::{LogSettings, TraceSettings};
use url::Url;

/// The settings of the demo client.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoClientSettings {
    /// This application as browsers see it; empty means `http://localhost:PORT`.
    pub public_url: String,
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
    /// Its address as this service sees it; empty means the same.
    pub internal_url: String,
    /// Whether an answer without `iss` is refused (RFC 9207).
    pub require_iss: bool,
}

/// Who has the photos.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceServerSettings {
    /// Its address as browsers see it.
    pub url: Url,
    /// Its address as this service sees it; empty means the same.
    pub internal_url: String,
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
        let Self {
            authorization_server,
            resource_server,
            ..
        } = self;
        for (key, address) in [
            ("public_url", &self.public_url),
            (
                "authorization_server.internal_url",
                &authorization_server.internal_url,
            ),
            (
                "resource_server.internal_url",
                &resource_server.internal_url,
            ),
        ] {
            if let Err(error) = Url::parse(address)
                && !address.is_empty()
            {
                return Err(format!("`{key}` is `{address}`: {error}"));
            }
        }
        Ok(())
    }

    fn shared(&self) -> SharedSettings<'_> {
        SharedSettings::new(&self.http, &self.log, &self.traces)
    }
}

/// `base`, or `url` when it is empty, without the slash at the end.
pub(super) fn internal<'a>(base: &'a str, url: &'a Url) -> &'a str {
    let address = if base.is_empty() { url.as_str() } else { base };
    address.trim_end_matches('/')
}
