//! What `config/default.toml` documents, as values.

use std::num::NonZeroU32;
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use symbolon::access_expression::AccessExpression;
use symbolon::jwk::SigningAlgorithm;
use symbolon::secret::Secret;
use symbolon_service::http::HttpSettings;
use symbolon_service::numbers::within;
use symbolon_service::settings::shown;
use symbolon_service::telemetry::{LogSettings, TraceSettings};

use super::administration::AdministrationSettings;
use super::brand::BrandSettings;
use super::empty::{no_secret_if_empty, none_if_empty};
use super::journal::JournalSettings;
use super::legacy_tokens::LegacyTokenSettings;
use super::mail::MailSettings;
use super::registration::RegistrationSettings;
use super::registries::{LdapOwnerSettings, SqlClientSettings, SqlOwnerSettings};
use super::sign_up::SignUpSettings;
use super::sunset::SunsetSettings;
use crate::addresses::Paths;
use crate::clients::access_rules::AccessRules;
use crate::clients::brake::ClientLimits;
use crate::clients::client::Client;
use crate::clients::registration::{self, ClientDefaults};
use crate::clients::spring_habits::SpringChoice;
use crate::passwords::HashId;
use crate::records::{
    ClientRegistration, Dialect, OwnerRegistration, Profile, SpringPieces, TokenFormat,
};
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::registration as owner_registration;
use crate::resource_owners::throttle::SignInLimits;
use crate::scopes::ScopeDescription;

/// The lists of registrations, by their keys.
pub(super) const SCOPES: &str = "scopes";
pub(super) const CLIENTS: &str = "clients";
pub(super) const OWNERS: &str = "owners";

/// Who may call `/oauth/check_token` by the profile, unless a rule is written. Spring's own default shuts it, and nobody
/// who has resource servers has left it so.
const SPRING_CHECK_TOKEN: &str = "isAuthenticated()";

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The server's name; `None` means `http://localhost` with its port.
    #[serde(deserialize_with = "none_if_empty")]
    pub issuer: Option<String>,
    /// Whose habits count where nothing else is said.
    pub profile: Profile,
    /// Where its endpoints are.
    pub paths: Paths,
    /// Where it listens.
    pub http: HttpSettings,
    /// How it logs.
    pub log: LogSettings,
    /// Where traces go.
    pub traces: TraceSettings,
    /// What it keeps things in.
    pub store: StoreSettings,
    /// Where the Spring server before this one keeps its tokens.
    pub legacy_tokens: LegacyTokenSettings,
    /// Clients in the database of a Spring server.
    pub sql_clients: SqlClientSettings,
    /// Accounts in the database of a Spring server.
    pub sql_owners: SqlOwnerSettings,
    /// Accounts in a directory.
    pub ldap_owners: LdapOwnerSettings,
    /// What clients get.
    pub tokens: TokenSettings,
    /// What JWTs are signed with.
    pub keys: KeySettings,
    /// How long decisions are remembered.
    pub approvals: ApprovalSettings,
    /// Signing in.
    pub login: LoginSettings,
    /// How owners are sent links.
    pub mail: MailSettings,
    /// Whether people make accounts for themselves.
    pub sign_up: SignUpSettings,
    /// How clients prove who they are.
    pub client_authentication: ClientAuthenticationSettings,
    /// Who may ask.
    pub access: AccessSettings,
    /// How developers register clients.
    pub registration: RegistrationSettings,
    /// Who administers this server over HTTP.
    pub administration: AdministrationSettings,
    /// What is kept of what happened lately.
    pub journal: JournalSettings,
    /// What is announced to those who use what ought to end.
    pub sunset: SunsetSettings,
    /// Habits of a Spring server, one by one.
    pub spring: SpringPieces,
    /// Whose pages they are.
    pub brand: BrandSettings,
    /// Scopes for people.
    pub scopes: Vec<ScopeDescription>,
    /// Registered clients.
    pub clients: Vec<ClientRegistration>,
    /// Accounts.
    pub owners: Vec<OwnerRegistration>,
}

/// `[store]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    /// Which store. It may hold a password.
    pub url: Secret,
    /// The password of Redis; `None` means the one in the URL, or none.
    #[serde(deserialize_with = "no_secret_if_empty")]
    pub password: Option<Secret>,
    /// What every key in Redis begins with.
    pub key_prefix: String,
    /// How long Redis may take, in milliseconds.
    pub timeout_ms: u64,
    /// Who signed the certificate of a `rediss://` server; `None` means a public authority.
    #[serde(deserialize_with = "none_if_empty")]
    pub ca_file: Option<String>,
    /// Seals the server's own keys.
    #[serde(deserialize_with = "no_secret_if_empty")]
    pub sealing_secret: Option<Secret>,
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
    /// Bytes.
    pub longest_token_bytes: usize,
}

/// `[keys]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySettings {
    /// What new keys sign with.
    pub algorithm: SigningAlgorithm,
    /// The operator's own key; `None` means that keys are generated.
    #[serde(deserialize_with = "none_if_empty")]
    pub signing_key_file: Option<String>,
    /// Whether a shared secret of the operator may have fewer bytes than its hash.
    pub short_secret: bool,
    /// Whether headers of JWTs name the key that signed.
    pub kid_in_header: bool,
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
    /// Sessions and authorization requests.
    #[serde(deserialize_with = "per_minute")]
    pub begun_per_address_per_minute: NonZeroU32,
    /// Bytes.
    pub longest_state_bytes: usize,
    /// Bytes.
    pub longest_request_bytes: usize,
    /// Attempts.
    #[serde(deserialize_with = "per_minute")]
    pub attempts_per_account_and_address_per_minute: NonZeroU32,
    /// Attempts.
    #[serde(deserialize_with = "per_minute")]
    pub attempts_per_address_per_minute: NonZeroU32,
    /// Attempts.
    #[serde(deserialize_with = "per_minute")]
    pub attempts_per_account_per_minute: NonZeroU32,
    /// Milliseconds.
    pub wait_beyond_ms: u64,
    /// Seconds; 0: refusals do not grow.
    pub longest_refusal_secs: u64,
    /// Passwords.
    pub waiting: usize,
    /// Whether what an owner granted ends when the password is changed.
    pub password_change_ends_access: bool,
    /// Whether weak hashes of owners in the store are replaced.
    pub rehash: bool,
    /// How passwords' hashes are read that have no id.
    #[serde(deserialize_with = "hash_id_if_any")]
    pub hash_without_id: Option<HashId>,
}

/// `[client_authentication]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientAuthenticationSettings {
    /// Secrets.
    #[serde(deserialize_with = "per_minute")]
    pub attempts_per_client_and_address_per_minute: NonZeroU32,
    /// Secrets.
    #[serde(deserialize_with = "per_minute")]
    pub attempts_per_address_per_minute: NonZeroU32,
    /// Secrets.
    pub waiting: usize,
    /// Whether weak hashes of clients in the store are replaced.
    pub rehash: bool,
    /// How secrets' hashes are read that have no id.
    #[serde(deserialize_with = "hash_id_if_any")]
    pub hash_without_id: Option<HashId>,
}

/// `[access]`: rules of Spring Security for the endpoints that had some; `None` means this server's own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessSettings {
    /// Who may call `/oauth/check_token`.
    #[serde(deserialize_with = "none_if_empty")]
    pub check_token: Option<String>,
    /// Who may call `/oauth/token_key`.
    #[serde(deserialize_with = "none_if_empty")]
    pub token_key: Option<String>,
}

impl AccessSettings {
    fn rules(&self, profile: Profile) -> Result<AccessRules, String> {
        let read = |name: &str, rule: Option<&str>| {
            let read = rule.map(AccessExpression::parse).transpose();
            read.map_err(|error| format!("`access.{name}`: {error}"))
        };
        let check_token = self.check_token.as_deref();
        let check_token = check_token.or(match profile {
            Profile::Spring => Some(SPRING_CHECK_TOKEN),
            Profile::Standard => None,
        });
        Ok(AccessRules {
            check_token: read("check_token", check_token)?,
            token_key: read("token_key", self.token_key.as_deref())?,
        })
    }
}

impl Settings {
    /// The registered clients; the error names the client, what is wrong and what is accepted.
    pub fn registered_clients(&self) -> Result<Vec<Client>, String> {
        let defaults = self.client_defaults();
        let registered = self.clients.iter();
        let registered = registered.map(|client| registration::register(client, &defaults));
        let registered: Result<_, _> = registered.collect();
        registered.map_err(|error| error.to_string())
    }

    /// Who may call what; the error names the setting, and what is wrong where.
    pub fn access_rules(&self) -> Result<AccessRules, String> {
        self.access.rules(self.profile)
    }

    /// The accounts; the error names the account.
    pub fn registered_owners(&self) -> Result<Vec<ResourceOwner>, String> {
        let without_id = self.login.hash_without_id;
        let registered = self.owners.iter();
        let registered = registered.map(|owner| owner_registration::register(owner, without_id));
        let registered: Result<_, _> = registered.collect();
        registered.map_err(|error| error.to_string())
    }

    /// The brakes against guessing passwords.
    pub const fn sign_in_limits(&self) -> SignInLimits {
        let login = &self.login;
        SignInLimits {
            per_account_and_address_per_minute: login.attempts_per_account_and_address_per_minute,
            per_address_per_minute: login.attempts_per_address_per_minute,
            per_account_per_minute: login.attempts_per_account_per_minute,
            wait: Duration::from_millis(login.wait_beyond_ms),
            longest_refusal: Duration::from_secs(login.longest_refusal_secs),
        }
    }

    /// The brake against guessing the secrets of clients.
    pub const fn client_limits(&self) -> ClientLimits {
        let clients = &self.client_authentication;
        ClientLimits {
            per_client_and_address_per_minute: clients.attempts_per_client_and_address_per_minute,
            per_address_per_minute: clients.attempts_per_address_per_minute,
        }
    }

    /// What clients get where their registration says nothing.
    pub fn client_defaults(&self) -> ClientDefaults {
        ClientDefaults {
            token_format: self.tokens.format,
            dialect: self.tokens.dialect,
            access_token_ttl_secs: self.tokens.access_token_ttl_secs,
            refresh_token_ttl_secs: self.tokens.refresh_token_ttl_secs,
            hash_without_id: self.client_authentication.hash_without_id,
            spring: self.spring_choice(),
        }
    }

    /// What is said about the habits of a Spring server for all clients.
    pub fn spring_choice(&self) -> SpringChoice {
        SpringChoice {
            profile: Some(self.profile),
            pieces: self.spring.clone(),
        }
    }
}

/// An id as it stands between braces, or an empty text.
fn hash_id_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<HashId>, D::Error> {
    let written = none_if_empty(from)?;
    let read = written.map(|name| HashId::named(&name).ok_or(name));
    read.transpose().map_err(|name| {
        let ids = HashId::ALL.map(HashId::name).join(", ");
        let name = shown(&name);
        D::Error::custom(format!("`{name}` is no id of a hash; accepted: {ids}"))
    })
}

/// So many a minute: none at all would end the service, and a million is no limit.
fn per_minute<'de, D: Deserializer<'de>>(from: D) -> Result<NonZeroU32, D::Error> {
    let number: u32 = within::<1, 1_000_000, _, _>(from)?;
    NonZeroU32::try_from(number).map_err(D::Error::custom)
}
