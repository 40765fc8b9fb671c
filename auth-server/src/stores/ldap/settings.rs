//! How a directory is reached, and how it is built.

use std::fmt;

use symbolon::secret::Secret;
use url::Url;

/// How to reach a directory, and where owners are in it.
#[derive(Clone)]
pub struct LdapSettings {
    /// `ldap://HOST[:PORT]` or `ldaps://HOST[:PORT]`.
    pub url: String,
    /// Whether a connection of `ldap://` is encrypted before anything is said on it.
    pub starttls: bool,
    /// Who signed the certificate of the directory, as PEM; `None` means the authorities of this machine.
    pub authority: Option<Vec<u8>>,
    /// How long an answer may take, in milliseconds, with connecting.
    pub timeout_ms: u64,
    /// Who searches: name and password; `None` means nobody in particular.
    pub service_account: Option<(String, Secret)>,
    /// What all other names are below.
    pub base_dn: String,
    /// Where owners are.
    pub users: UserSettings,
    /// Where groups are.
    pub groups: GroupSettings,
}

/// Where owners are.
#[derive(Clone, Debug)]
pub struct UserSettings {
    /// Their names below the base, with `{0}` for what somebody typed; `None`: they are searched for.
    pub dn_pattern: Option<String>,
    /// Where they are searched for, below the base.
    pub search_base: String,
    /// How they are searched for, with `{0}` for what somebody typed; with a pattern what an entry must be.
    pub filter: String,
    /// What an owner is called.
    pub name_attribute: String,
    /// What is another when the password is another.
    pub changed_attribute: Option<String>,
}

/// Where groups are, and what they let their members do.
#[derive(Clone, Debug)]
pub struct GroupSettings {
    /// Where they are searched for, below the base.
    pub search_base: String,
    /// How: `{0}` is the name of the owner's entry, `{1}` the owner's name. `None`: there are no groups.
    pub filter: Option<String>,
    /// What an authority is called after.
    pub attribute: String,
    /// What stands before it.
    pub prefix: String,
    /// Whether it is written in upper case.
    pub upper_case: bool,
    /// What everybody may do.
    pub everybody: Vec<String>,
}

impl fmt::Debug for LdapSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LdapSettings")
            .field("base_dn", &self.base_dn)
            .field("users", &self.users)
            .field("groups", &self.groups)
            .finish_non_exhaustive()
    }
}

/// Why a directory cannot be asked with these settings: which one, and what is wrong with it. It shows no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{setting}` {found}; accepted: {accepted}")]
pub struct LdapSettingsError {
    /// The setting, without its section.
    pub setting: &'static str,
    /// What was found.
    pub found: String,
    /// What is accepted.
    pub accepted: &'static str,
}

impl LdapSettings {
    /// All that is wrong with them.
    pub fn faults(&self) -> Vec<LdapSettingsError> {
        const URL: &str = "ldap://HOST[:PORT] or ldaps://HOST[:PORT]";
        let url = self.check_url().err();
        let url = url.map(|found| fault("url", found, URL));
        let users = self.user_faults().into_iter();
        url.into_iter()
            .chain(users)
            .chain(self.group_faults())
            .collect()
    }

    fn user_faults(&self) -> Vec<LdapSettingsError> {
        let UserSettings {
            dn_pattern, filter, ..
        } = &self.users;
        let is_open = |text: &str| !text.contains("{0}");
        let mut faults = Vec::new();
        match dn_pattern {
            Some(pattern) if is_open(pattern) => {
                faults.push(fault(
                    "user_dn_pattern",
                    EVERYBODY,
                    "uid={0},ou=people, or nothing",
                ));
            }
            None if is_open(filter) => {
                faults.push(fault("user_search_filter", EVERYBODY, "(uid={0})"));
            }
            Some(_) | None => {}
        }
        if !is_filter(filter) {
            faults.push(fault("user_search_filter", NO_FILTER, "(uid={0})"));
        }
        faults
    }

    fn group_faults(&self) -> Vec<LdapSettingsError> {
        const SETTING: &str = "group_search_filter";
        const ACCEPTED: &str = "(uniqueMember={0}), or nothing";
        let Some(filter) = &self.groups.filter else {
            return Vec::new();
        };
        let mut faults = Vec::new();
        if !filter.contains("{0}") && !filter.contains("{1}") {
            faults.push(fault(SETTING, EVERYBODY, ACCEPTED));
        }
        if !is_filter(filter) {
            faults.push(fault(SETTING, NO_FILTER, ACCEPTED));
        }
        faults
    }

    fn check_url(&self) -> Result<(), String> {
        let url = Url::parse(&self.url).map_err(|error| format!("cannot be read: {error}"))?;
        if !["ldap", "ldaps"].contains(&url.scheme()) {
            return Err("begins with neither ldap:// nor ldaps://".to_owned());
        }
        if url.host_str().unwrap_or_default().is_empty() {
            return Err("names no host".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("holds a user, who belongs into `bind_dn`".to_owned());
        }
        if url.scheme() == "ldaps" && self.starttls {
            return Err("is encrypted from the beginning, and `starttls` is true".to_owned());
        }
        if !["", "/"].contains(&url.path()) || url.query().is_some() {
            return Err("has something after the host; what is below what is `base_dn`".to_owned());
        }
        Ok(())
    }

    /// Whether passwords travel where others can read them.
    pub fn is_open_to_others(&self) -> bool {
        let Ok(url) = Url::parse(&self.url) else {
            return false;
        };
        let host = url.host_str().unwrap_or_default();
        let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        url.scheme() == "ldap" && !self.starttls && !is_here
    }
}

const EVERYBODY: &str = "does not hold who is meant: everybody would be one";
const NO_FILTER: &str = "is no filter (RFC 4515)";

fn fault(
    setting: &'static str,
    found: impl Into<String>,
    accepted: &'static str,
) -> LdapSettingsError {
    LdapSettingsError {
        setting,
        found: found.into(),
        accepted,
    }
}

fn is_filter(pattern: &str) -> bool {
    let filled = pattern.replace("{0}", "a").replace("{1}", "a");
    ldap3::parse_filter(&filled).is_ok()
}
