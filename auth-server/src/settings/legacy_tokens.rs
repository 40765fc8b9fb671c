//! `[legacy_tokens]`: where a Spring server keeps the tokens that it has given out.

use serde::Deserialize;
use symbolon::secret::Secret;

use super::empty::{no_secret_if_empty, none_if_empty};
use super::registries::SqlAccess;

/// `[legacy_tokens]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegacyTokenSettings {
    /// Its Redis; `None` means that it has none. It may hold a password.
    #[serde(deserialize_with = "no_secret_if_empty")]
    pub redis_url: Option<Secret>,
    /// What every key of the Spring server begins with.
    pub key_prefix: String,
    /// Its database; `None` means that it has none. It may hold a password.
    #[serde(deserialize_with = "no_secret_if_empty")]
    pub sql_url: Option<Secret>,
    /// The password of its database, unless the address holds it.
    #[serde(deserialize_with = "no_secret_if_empty")]
    pub sql_password: Option<Secret>,
    /// Connections to its database at most.
    pub connections: u32,
    /// The table of access tokens.
    pub access_tokens_table: String,
    /// The table of refresh tokens.
    pub refresh_tokens_table: String,
    /// The release of Spring Security that it runs on, as `4.2`: opaque tokens of this server are written into its Redis
    /// too. `None` means that they are not.
    #[serde(deserialize_with = "none_if_empty")]
    pub write_back: Option<String>,
    /// The keys that check its JWTs: `ALGORITHM:FILE` each.
    pub jwt_keys: Vec<String>,
    /// How long an answer may take, in milliseconds.
    pub timeout_ms: u64,
    /// Who signed the certificate; `None` means a public authority.
    #[serde(deserialize_with = "none_if_empty")]
    pub ca_file: Option<String>,
}

impl LegacyTokenSettings {
    /// How the database is reached.
    pub fn sql_access(&self) -> SqlAccess<'_> {
        SqlAccess {
            section: "legacy_tokens",
            url_setting: "legacy_tokens.sql_url",
            url: self.sql_url.as_ref(),
            password: self.sql_password.as_ref(),
            ca_file: self.ca_file.as_deref(),
            timeout_ms: self.timeout_ms,
            connections: self.connections,
            may_remove: true,
        }
    }
}
