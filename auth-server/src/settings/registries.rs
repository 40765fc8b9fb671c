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
    /// A query in its place. A literal in it may be a secret.
    #[serde(deserialize_with = "no_secret_if_empty")]
    pub query: Option<Secret>,
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
    /// A query in its place. A literal in it may be a secret.
    #[serde(deserialize_with = "no_secret_if_empty")]
    pub users_query: Option<Secret>,
    /// The table of what accounts may do.
    pub authorities_table: String,
    /// A query in its place. A literal in it may be a secret.
    #[serde(deserialize_with = "no_secret_if_empty")]
    pub authorities_query: Option<Secret>,
}

/// `[ldap_owners]`: the accounts of a directory.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LdapOwnerSettings {
    /// The directory; `None` means that there is none.
    #[serde(deserialize_with = "none_if_empty")]
    pub url: Option<String>,
    /// Whether a connection is encrypted before anything is said on it.
    pub starttls: bool,
    /// Who signed its certificate; `None` means an authority of this machine.
    #[serde(deserialize_with = "none_if_empty")]
    pub ca_file: Option<String>,
    /// How long an answer may take, in milliseconds.
    pub timeout_ms: u64,
    /// How long an answer counts, in seconds.
    pub cache_secs: u64,
    /// How much longer it counts while the directory is away, in seconds.
    pub away_secs: u64,
    /// How many answers are remembered.
    pub cached: usize,
    /// Who searches; `None` means nobody in particular.
    #[serde(deserialize_with = "none_if_empty")]
    pub bind_dn: Option<String>,
    /// The password of who searches.
    #[serde(deserialize_with = "no_secret_if_empty")]
    pub bind_password: Option<Secret>,
    /// What all other names are below.
    pub base_dn: String,
    /// The names of owners; `None` means that they are searched for.
    #[serde(deserialize_with = "none_if_empty")]
    pub user_dn_pattern: Option<String>,
    /// Where they are searched for.
    pub user_search_base: String,
    /// How.
    pub user_search_filter: String,
    /// What an owner is called.
    pub name_attribute: String,
    /// What is another when the password is another; `None`: nobody notices.
    #[serde(deserialize_with = "none_if_empty")]
    pub password_changed_attribute: Option<String>,
    /// Where groups are searched for.
    pub group_search_base: String,
    /// How; `None`: there are no groups.
    #[serde(deserialize_with = "none_if_empty")]
    pub group_search_filter: Option<String>,
    /// What an authority is called after.
    pub group_role_attribute: String,
    /// What stands before it.
    pub role_prefix: String,
    /// Whether it is written in upper case.
    pub role_upper_case: bool,
    /// What everybody may do.
    pub default_authorities: Vec<String>,
}

/// How a database is reached.
#[derive(Clone, Copy, Debug)]
pub struct SqlAccess<'a> {
    /// The table of the settings that it is written in.
    pub section: &'static str,
    /// What the setting with its address is called.
    pub url_setting: &'static str,
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
    /// Whether rows may be removed.
    pub may_remove: bool,
}

/// How long answers count, and how many.
#[derive(Clone, Copy, Debug)]
pub struct SqlMemory {
    /// Seconds.
    pub cache_secs: u64,
    /// Seconds.
    pub away_secs: u64,
    /// Answers.
    pub cached: usize,
}

impl SqlClientSettings {
    /// How the database is reached.
    pub fn access(&self) -> SqlAccess<'_> {
        SqlAccess {
            section: "sql_clients",
            url_setting: "sql_clients.url",
            url: self.url.as_ref(),
            password: self.password.as_ref(),
            ca_file: self.ca_file.as_deref(),
            timeout_ms: self.timeout_ms,
            connections: self.connections,
            may_remove: false,
        }
    }

    /// How long its answers count.
    pub const fn memory(&self) -> SqlMemory {
        SqlMemory {
            cache_secs: self.cache_secs,
            away_secs: self.away_secs,
            cached: self.cached,
        }
    }
}

impl SqlOwnerSettings {
    /// How the database is reached.
    pub fn access(&self) -> SqlAccess<'_> {
        SqlAccess {
            section: "sql_owners",
            url_setting: "sql_owners.url",
            url: self.url.as_ref(),
            password: self.password.as_ref(),
            ca_file: self.ca_file.as_deref(),
            timeout_ms: self.timeout_ms,
            connections: self.connections,
            may_remove: false,
        }
    }

    /// How long its answers count.
    pub const fn memory(&self) -> SqlMemory {
        SqlMemory {
            cache_secs: self.cache_secs,
            away_secs: self.away_secs,
            cached: self.cached,
        }
    }
}
