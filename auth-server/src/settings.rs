//! Settings: what `config/default.toml` documents, and the registrations in it checked one by one.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use serde::Deserialize;
use symbolon::jwk::SigningAlgorithm;
use symbolon::secret::Secret;
use symbolon_service::http::HttpSettings;
use symbolon_service::settings::{ServiceSettings, SharedSettings};
use symbolon_service::telemetry::{LogSettings, TraceSettings};

use crate::dialects::Dialect;
use crate::records::TokenFormat;
use crate::server::ScopeDescription;

pub mod registrations;

use registrations::{ClientSettings, OwnerSettings};

/// RFC 6749 §4.1.2: "A maximum authorization code lifetime of 10 minutes is RECOMMENDED."
const LONGEST_CODE_TTL_SECS: u64 = 600;

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The server's name; empty means `http://localhost` with its port.
    pub issuer: String,
    /// Where it listens.
    pub http: HttpSettings,
    /// How it logs.
    pub log: LogSettings,
    /// Where traces go.
    pub traces: TraceSettings,
    /// What it keeps things in.
    pub store: StoreSettings,
    /// What clients get.
    pub tokens: TokenSettings,
    /// What JWTs are signed with.
    pub keys: KeySettings,
    /// How long decisions are remembered.
    pub approvals: ApprovalSettings,
    /// Signing in.
    pub login: LoginSettings,
    /// Scopes for people.
    pub scopes: Vec<ScopeDescription>,
    /// Registered clients.
    pub clients: Vec<ClientSettings>,
    /// Accounts.
    pub owners: Vec<OwnerSettings>,
}

/// `[store]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    /// Which store. It may hold a password.
    pub url: Secret,
    /// The password of Redis; empty: the one in the URL, or none.
    pub password: Secret,
    /// What every key in Redis begins with.
    pub key_prefix: String,
    /// How long Redis may take, in milliseconds.
    pub timeout_ms: u64,
    /// Who signed the certificate of a `rediss://` server; empty: a public authority.
    pub ca_file: String,
    /// Seals the server's own keys.
    pub sealing_secret: Secret,
}

/// `[tokens]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenSettings {
    /// Handles or JWTs.
    pub format: TokenFormat,
    /// How they are written.
    pub dialect: Dialect,
    /// Seconds.
    pub access_token_ttl_secs: u64,
    /// Seconds; 0: does not expire.
    pub refresh_token_ttl_secs: u64,
    /// Seconds.
    pub authorization_code_ttl_secs: u64,
    /// Seconds.
    pub refresh_grace_secs: u64,
}

/// `[keys]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySettings {
    /// What new keys sign with.
    pub algorithm: SigningAlgorithm,
    /// The operator's own key; empty: generated.
    pub signing_key_file: String,
    /// Seconds.
    pub publish_ahead_secs: u64,
    /// Seconds; 0: only by command.
    pub rotate_every_secs: u64,
    /// Seconds.
    pub reload_every_secs: u64,
}

/// `[approvals]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalSettings {
    /// Seconds; 0: owners are asked every time.
    pub ttl_secs: u64,
}

/// `[login]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginSettings {
    /// Seconds.
    pub ttl_secs: u64,
    /// Seconds.
    pub pending_ttl_secs: u64,
    /// Attempts.
    pub attempts_per_account_per_minute: NonZeroU32,
    /// Attempts.
    pub attempts_per_address_per_minute: NonZeroU32,
    /// Passwords.
    pub waiting: usize,
}

impl ServiceSettings for Settings {
    const DEFAULTS: &'static str = include_str!("../config/default.toml");
    const ENVIRONMENT_PREFIX: &'static str = "AUTH_SERVER";

    fn check(&self) -> Result<(), String> {
        self.check_issuer()?;
        let positive = [
            (
                "tokens.access_token_ttl_secs",
                self.tokens.access_token_ttl_secs,
            ),
            ("login.ttl_secs", self.login.ttl_secs),
            ("login.pending_ttl_secs", self.login.pending_ttl_secs),
            ("keys.reload_every_secs", self.keys.reload_every_secs),
            ("store.timeout_ms", self.store.timeout_ms),
        ];
        if let Some((key, _)) = positive.into_iter().find(|(_, value)| *value == 0) {
            return Err(format!("`{key}` is 0; accepted: 1 or more"));
        }
        let code_ttl = self.tokens.authorization_code_ttl_secs;
        if !(1..=LONGEST_CODE_TTL_SECS).contains(&code_ttl) {
            let key = "tokens.authorization_code_ttl_secs";
            return Err(format!(
                "`{key}` is {code_ttl}; accepted: 1 to {LONGEST_CODE_TTL_SECS}"
            ));
        }
        self.check_names()?;
        self.clients().map(drop)?;
        self.owners().map(drop)
    }

    fn shared(&self) -> SharedSettings<'_> {
        SharedSettings::new(&self.http, &self.log, &self.traces)
    }
}

impl Settings {
    fn check_issuer(&self) -> Result<(), String> {
        if self.issuer.is_empty() {
            return Ok(());
        }
        let accepted =
            "accepted: an http or https URL without query, fragment and slash at the end";
        let url = url::Url::parse(&self.issuer)
            .map_err(|error| format!("`issuer` is `{}`: {error}; {accepted}", self.issuer))?;
        let plain = url.query().is_none() && url.fragment().is_none() && url.has_host();
        if plain && ["http", "https"].contains(&url.scheme()) && !self.issuer.ends_with('/') {
            Ok(())
        } else {
            Err(format!("`issuer` is `{}`; {accepted}", self.issuer))
        }
    }

    fn check_names(&self) -> Result<(), String> {
        let lists: [(&str, Vec<&str>); 3] = [
            (
                "scopes",
                self.scopes
                    .iter()
                    .map(|scope| scope.name.as_str())
                    .collect(),
            ),
            (
                "clients",
                self.clients
                    .iter()
                    .map(|client| client.client_id.as_str())
                    .collect(),
            ),
            (
                "owners",
                self.owners
                    .iter()
                    .map(|owner| owner.name.as_str())
                    .collect(),
            ),
        ];
        for (list, names) in lists {
            let mut seen = BTreeSet::new();
            for name in names {
                if name.is_empty() {
                    return Err(format!("`{list}` holds an entry without a name"));
                }
                if !seen.insert(name) {
                    return Err(format!("`{list}` holds `{name}` twice"));
                }
            }
        }
        Ok(())
    }
}
