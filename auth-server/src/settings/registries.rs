//! Registries of somebody else: `[sql_clients]` and `[sql_owners]`.

use serde::Deserialize;
use symbolon::secret::Secret;

use super::empty::{no_secret_if_empty, none_if_empty};

/// `[sql_clients]`: the clients of a Spring server in its database.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqlClientSettings {
    /// The database; `None` means that there is none. It may hold a password.
    #[serde(deserialize_with = "no_secret_if_empty")]
    pub url: Option<Secret>,
    /// Its password, unless the address holds it.
    #[serde(deserialize_with = "no_secret_if_empty")]
    pub password: Option<Secret>,
    /// Who signed its certificate; `None` means a public authority.
    #[serde(deserialize_with = "none_if_empty")]
    pub ca_file: Option<String>,
    /// How long an answer may take, in milliseconds.
    pub timeout_ms: u64,
    /// Connections at most.
    pub connections: u32,
    /// How long an answer counts, in seconds.
    pub cache_secs: u64,
    /// How much longer it counts while the database is away, in seconds.
    pub away_secs: u64,
    /// How many answers are remembered.
    pub cached: usize,
    /// The table of clients.
    pub table: String,
    /// A query in its place.
    #[serde(deserialize_with = "none_if_empty")]
    pub query: Option<String>,
}

/// `[sql_owners]`: the accounts of a Spring server in its database.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqlOwnerSettings {
    /// The database; `None` means that there is none. It may hold a password.
    #[serde(deserialize_with = "no_secret_if_empty")]
    pub url: Option<Secret>,
    /// Its password, unless the address holds it.
    #[serde(deserialize_with = "no_secret_if_empty")]
    pub password: Option<Secret>,
    /// Who signed its certificate; `None` means a public authority.
    #[serde(deserialize_with = "none_if_empty")]
    pub ca_file: Option<String>,
    /// How long an answer may take, in milliseconds.
    pub timeout_ms: u64,
    /// Connections at most.
    pub connections: u32,
    /// How long an answer counts, in seconds.
    pub cache_secs: u64,
    /// How much longer it counts while the database is away, in seconds.
    pub away_secs: u64,
    /// How many answers are remembered.
    pub cached: usize,
    /// The table of accounts.
    pub users_table: String,
    /// A query in its place.
    #[serde(deserialize_with = "none_if_empty")]
    pub users_query: Option<String>,
    /// The table of what accounts may do.
    pub authorities_table: String,
    /// A query in its place.
    #[serde(deserialize_with = "none_if_empty")]
    pub authorities_query: Option<String>,
}

/// What both have.
#[derive(Clone, Copy, Debug)]
pub struct SqlAccess<'a> {
    /// The table of the settings that it is written in.
    pub section: &'static str,
    /// The database.
    pub url: Option<&'a Secret>,
    /// Its password.
    pub password: Option<&'a Secret>,
    /// Who signed its certificate.
    pub ca_file: Option<&'a str>,
    /// Milliseconds.
    pub timeout_ms: u64,
    /// Connections.
    pub connections: u32,
    /// Seconds.
    pub cache_secs: u64,
    /// Seconds.
    pub away_secs: u64,
    /// Answers.
    pub cached: usize,
}

impl SqlClientSettings {
    /// How the database is reached, and how long its answers count.
    pub fn access(&self) -> SqlAccess<'_> {
        SqlAccess {
            section: "sql_clients",
            url: self.url.as_ref(),
            password: self.password.as_ref(),
            ca_file: self.ca_file.as_deref(),
            timeout_ms: self.timeout_ms,
            connections: self.connections,
            cache_secs: self.cache_secs,
            away_secs: self.away_secs,
            cached: self.cached,
        }
    }
}

impl SqlOwnerSettings {
    /// How the database is reached, and how long its answers count.
    pub fn access(&self) -> SqlAccess<'_> {
        SqlAccess {
            section: "sql_owners",
            url: self.url.as_ref(),
            password: self.password.as_ref(),
            ca_file: self.ca_file.as_deref(),
            timeout_ms: self.timeout_ms,
            connections: self.connections,
            cache_secs: self.cache_secs,
            away_secs: self.away_secs,
            cached: self.cached,
        }
    }
}
