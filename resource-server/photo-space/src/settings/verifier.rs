//! How tokens are checked: from the words in a file to addresses, limits and algorithms.

use std::fmt::{self, Debug};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use symbolon::calls;
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon_resource_server::verifier::{
    CacheLimits, LONGEST_LEEWAY_SECS, Timeouts, VerificationAlgorithm,
};
use symbolon_service::settings::Findings;
use url::Url;

/// A caller waits meanwhile.
const TIMEOUT_SECS: RangeInclusive<u64> = 1..=60;
/// A key that was withdrawn stays good that long at most.
const DAY_SECS: u64 = 86_400;
/// Each takes about two kilobytes.
const MOST_REMEMBERED: u64 = 1_000_000;

/// How tokens are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerificationMethod {
    /// Ask `/oauth/check_token`.
    CheckToken,
    /// Ask an introspection endpoint (RFC 7662).
    Introspection,
    /// Check JWTs with the key of `/oauth/token_key`.
    TokenKey,
    /// Check JWTs with a JWK set.
    Jwks,
    /// Ask a user-info endpoint who the owner is.
    UserInfo,
}

impl VerificationMethod {
    /// Its name in settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CheckToken => "check_token",
            Self::Introspection => "introspection",
            Self::TokenKey => "token_key",
            Self::Jwks => "jwks",
            Self::UserInfo => "user_info",
        }
    }
}

/// The same for the old authorization server, which there may be none of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OldVerificationMethod {
    Off,
    CheckToken,
    Introspection,
    TokenKey,
    Jwks,
    UserInfo,
}

impl OldVerificationMethod {
    const fn method(self) -> Option<VerificationMethod> {
        match self {
            Self::Off => None,
            Self::CheckToken => Some(VerificationMethod::CheckToken),
            Self::Introspection => Some(VerificationMethod::Introspection),
            Self::TokenKey => Some(VerificationMethod::TokenKey),
            Self::Jwks => Some(VerificationMethod::Jwks),
            Self::UserInfo => Some(VerificationMethod::UserInfo),
        }
    }
}

/// How tokens are checked, in detail. `Debug` writes it as the settings do, so that it is seen which of them are secrets.
#[derive(Clone, Deserialize)]
#[serde(try_from = "WrittenVerifier<VerificationMethod>")]
pub struct VerifierSettings {
    /// The way.
    pub method: VerificationMethod,
    /// The endpoint of the authorization server that this way needs.
    pub endpoint: Url,
    /// This server's own id at the authorization server.
    pub client_id: String,
    /// This server's own secret.
    pub client_secret: Secret,
    /// Whether the endpoint may be called by plain http on another machine.
    pub allow_plain_http: bool,
    /// How long the authorization server may take.
    pub timeouts: Timeouts,
    /// See [`RemoteVerifier::require_token_type`](symbolon_resource_server::verifier::RemoteVerifier::require_token_type).
    pub require_token_type: bool,
    /// What a token opens of which a user-info endpoint says no more than whose it is.
    pub user_info_scope: Scope,
    /// What counts where JWTs are checked here.
    pub jwt: JwtSettings,
    /// Whether tokens that were good are remembered.
    pub cache: Option<CacheLimits>,
    /// What all of it was read from.
    written: Arc<dyn Debug + Send + Sync>,
}

impl Debug for VerifierSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written.fmt(formatter)
    }
}

/// How tokens are checked that the verifier in use does not take for good.
#[derive(Clone, Deserialize)]
#[serde(try_from = "WrittenVerifier<OldVerificationMethod>")]
pub struct OldVerifierSettings {
    is_on: bool,
    pub(super) verifier: VerifierSettings,
}

impl Debug for OldVerifierSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.verifier.fmt(formatter)
    }
}

impl OldVerifierSettings {
    /// `None`: there is no old authorization server.
    pub fn verifier(&self) -> Option<&VerifierSettings> {
        self.is_on.then_some(&self.verifier)
    }
}

impl VerifierSettings {
    /// Every number has both limits, and algorithms fit the method. `table` is where all of it is written.
    pub(super) fn check(&self, table: &str, findings: &mut Findings) {
        let setting = |name: &str| format!("{table}.{name}");
        self.check_algorithms(&setting("algorithms"), table, findings);
        let Timeouts { connect, total } = self.timeouts;
        let jwt = &self.jwt;
        for (name, secs, limits) in [
            ("connect_timeout_secs", connect.as_secs(), TIMEOUT_SECS),
            ("timeout_secs", total.as_secs(), TIMEOUT_SECS),
            ("leeway_secs", jwt.leeway_secs, 0..=LONGEST_LEEWAY_SECS),
            (
                "key_fetch_interval_secs",
                jwt.key_fetch_interval_secs,
                1..=DAY_SECS,
            ),
            ("key_max_age_secs", jwt.key_max_age_secs, 1..=DAY_SECS),
        ] {
            findings.number(&setting(name), secs, limits);
        }
        if let Some(limits) = self.cache {
            let (capacity, age) = (setting("cache.capacity"), setting("cache.max_age_secs"));
            findings.number(&capacity, limits.capacity, 1..=MOST_REMEMBERED);
            findings.number(&age, limits.max_age_secs, 1..=DAY_SECS);
        }
        findings.called_address(
            &setting("authorization_server"),
            &self.endpoint,
            self.allow_plain_http,
        );
    }

    fn check_algorithms(&self, setting: &str, table: &str, findings: &mut Findings) {
        let algorithms = &self.jwt.algorithms;
        if algorithms.is_empty() {
            findings.error(setting, "is empty", "one algorithm or more");
        }
        let shared = algorithms.iter().find(|algorithm| algorithm.is_shared());
        if let (Some(shared), VerificationMethod::Jwks) = (shared, self.method) {
            let found = format!("holds {shared}, whose secret is in no key set");
            let accepted = format!("{shared} with {table}.method = \"token_key\"");
            findings.error(setting, found, accepted);
        }
    }
}

/// What counts for JWTs; see [`JwtVerifier`](symbolon_resource_server::verifier::JwtVerifier).
#[derive(Clone, Debug)]
pub struct JwtSettings {
    /// The only algorithms that may sign.
    pub algorithms: Vec<VerificationAlgorithm>,
    /// The `iss` that tokens must carry; `None`: not checked.
    pub issuer: Option<String>,
    /// Accept only `typ` `at+jwt`.
    pub only_standard_type: bool,
    /// How far the clocks of the two servers may be apart, in seconds.
    pub leeway_secs: u64,
    /// Keys are fetched at most once in this many seconds.
    pub key_fetch_interval_secs: u64,
    /// Keys are fetched again after this many seconds.
    pub key_max_age_secs: u64,
}

/// The settings as `config/default.toml` documents them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenVerifier<M> {
    method: M,
    authorization_server: String,
    allow_plain_http: bool,
    check_token_url: String,
    introspection_url: String,
    token_key_url: String,
    jwks_url: String,
    user_info_url: String,
    client_id: String,
    client_secret: Secret,
    connect_timeout_secs: u64,
    timeout_secs: u64,
    require_token_type: bool,
    user_info_scope: Scope,
    #[serde(deserialize_with = "algorithms")]
    algorithms: Vec<VerificationAlgorithm>,
    /// Empty: not checked.
    issuer: String,
    only_standard_type: bool,
    leeway_secs: u64,
    key_fetch_interval_secs: u64,
    key_max_age_secs: u64,
    cache: WrittenCache,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCache {
    enabled: bool,
    capacity: usize,
    max_age_secs: u64,
}

impl TryFrom<WrittenVerifier<VerificationMethod>> for VerifierSettings {
    type Error = String;

    fn try_from(written: WrittenVerifier<VerificationMethod>) -> Result<Self, String> {
        let method = written.method;
        written.settings(method)
    }
}

impl TryFrom<WrittenVerifier<OldVerificationMethod>> for OldVerifierSettings {
    type Error = String;

    /// What is written has to make sense also while it is off.
    fn try_from(written: WrittenVerifier<OldVerificationMethod>) -> Result<Self, String> {
        let method = written.method.method();
        Ok(Self {
            is_on: method.is_some(),
            verifier: written.settings(method.unwrap_or(VerificationMethod::CheckToken))?,
        })
    }
}

impl<M: Clone + Debug + Send + Sync + 'static> WrittenVerifier<M> {
    fn settings(self, method: VerificationMethod) -> Result<VerifierSettings, String> {
        let as_written = Arc::new(self.clone());
        let written = self;
        Ok(VerifierSettings {
            method,
            endpoint: written.endpoint(method)?,
            allow_plain_http: written.allow_plain_http,
            client_id: written.client_id,
            client_secret: written.client_secret,
            timeouts: Timeouts {
                connect: Duration::from_secs(written.connect_timeout_secs),
                total: Duration::from_secs(written.timeout_secs),
            },
            require_token_type: written.require_token_type,
            user_info_scope: written.user_info_scope,
            jwt: JwtSettings {
                algorithms: written.algorithms,
                issuer: Some(written.issuer).filter(|issuer| !issuer.is_empty()),
                only_standard_type: written.only_standard_type,
                leeway_secs: written.leeway_secs,
                key_fetch_interval_secs: written.key_fetch_interval_secs,
                key_max_age_secs: written.key_max_age_secs,
            },
            cache: written.cache.enabled.then_some(CacheLimits {
                capacity: written.cache.capacity,
                max_age_secs: written.cache.max_age_secs,
            }),
            written: as_written,
        })
    }

    /// The endpoint that the method needs. The others have to be addresses too: a mistake must not wait
    /// for the day on which the method changes.
    fn endpoint(&self, method: VerificationMethod) -> Result<Url, String> {
        let check_token = self.below_server("check_token_url", &self.check_token_url)?;
        let introspection = self.below_server("introspection_url", &self.introspection_url)?;
        let token_key = self.below_server("token_key_url", &self.token_key_url)?;
        let jwks = self.below_server("jwks_url", &self.jwks_url)?;
        let user_info = self.below_server("user_info_url", &self.user_info_url)?;
        Ok(match method {
            VerificationMethod::CheckToken => check_token,
            VerificationMethod::Introspection => introspection,
            VerificationMethod::TokenKey => token_key,
            VerificationMethod::Jwks => jwks,
            VerificationMethod::UserInfo => user_info,
        })
    }

    /// The address below that of the authorization server, unless `written` is a whole one. The words about one
    /// that is wrong do not repeat it: a password may be part of it.
    fn below_server(&self, key: &str, written: &str) -> Result<Url, String> {
        let name = "authorization_server";
        let server = calls::read_base_address(&self.authorization_server, self.allow_plain_http);
        let mut base = server.map_err(|error| format!("{name}: {error}"))?;
        // Joining replaces what follows the last slash, so there must be one.
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let url = base
            .join(written)
            .map_err(|error| format!("{key}: {error}"))?;
        calls::check_address(&url, self.allow_plain_http)
            .map_err(|error| format!("{key}: {error}"))?;
        Ok(url)
    }
}

fn algorithms<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<VerificationAlgorithm>, D::Error> {
    let known = |name: &String| {
        VerificationAlgorithm::named(name).ok_or_else(|| {
            let all = VerificationAlgorithm::ALL.map(VerificationAlgorithm::as_str);
            D::Error::custom(format!("`{name}` is none of {}", all.join(", ")))
        })
    };
    Vec::<String>::deserialize(from)?
        .iter()
        .map(known)
        .collect()
}
