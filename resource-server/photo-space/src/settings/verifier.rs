//! How tokens are checked: from the words in a file to addresses, limits and algorithms.

use std::time::Duration;

use std::ops::RangeInclusive;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use symbolon::calls;
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
}

impl VerificationMethod {
    /// Its name in settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CheckToken => "check_token",
            Self::Introspection => "introspection",
            Self::TokenKey => "token_key",
            Self::Jwks => "jwks",
        }
    }
}

/// How tokens are checked, in detail.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "WrittenVerifier")]
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
    /// What counts where JWTs are checked here.
    pub jwt: JwtSettings,
    /// Whether tokens that were good are remembered.
    pub cache: Option<CacheLimits>,
}

impl VerifierSettings {
    /// Every number has both limits.
    pub(super) fn check_limits(&self, findings: &mut Findings) {
        let Timeouts { connect, total } = self.timeouts;
        let connect_secs = connect.as_secs();
        findings.number("verifier.connect_timeout_secs", connect_secs, TIMEOUT_SECS);
        findings.number("verifier.timeout_secs", total.as_secs(), TIMEOUT_SECS);
        let jwt = &self.jwt;
        findings.number(
            "verifier.leeway_secs",
            jwt.leeway_secs,
            0..=LONGEST_LEEWAY_SECS,
        );
        let interval = jwt.key_fetch_interval_secs;
        findings.number("verifier.key_fetch_interval_secs", interval, 1..=DAY_SECS);
        findings.number(
            "verifier.key_max_age_secs",
            jwt.key_max_age_secs,
            1..=DAY_SECS,
        );
        if let Some(limits) = self.cache {
            let capacity = limits.capacity;
            findings.number("verifier.cache.capacity", capacity, 1..=MOST_REMEMBERED);
            findings.number(
                "verifier.cache.max_age_secs",
                limits.max_age_secs,
                1..=DAY_SECS,
            );
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
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenVerifier {
    method: VerificationMethod,
    authorization_server: String,
    allow_plain_http: bool,
    check_token_url: String,
    introspection_url: String,
    token_key_url: String,
    jwks_url: String,
    client_id: String,
    client_secret: Secret,
    connect_timeout_secs: u64,
    timeout_secs: u64,
    require_token_type: bool,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCache {
    enabled: bool,
    capacity: usize,
    max_age_secs: u64,
}

impl TryFrom<WrittenVerifier> for VerifierSettings {
    type Error = String;

    fn try_from(written: WrittenVerifier) -> Result<Self, String> {
        Ok(Self {
            method: written.method,
            endpoint: written.endpoint()?,
            allow_plain_http: written.allow_plain_http,
            client_id: written.client_id,
            client_secret: written.client_secret,
            timeouts: Timeouts {
                connect: Duration::from_secs(written.connect_timeout_secs),
                total: Duration::from_secs(written.timeout_secs),
            },
            require_token_type: written.require_token_type,
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
        })
    }
}

impl WrittenVerifier {
    /// The endpoint that the method needs. The others have to be addresses too: a mistake must not wait
    /// for the day on which the method changes.
    fn endpoint(&self) -> Result<Url, String> {
        let check_token = self.below_server("check_token_url", &self.check_token_url)?;
        let introspection = self.below_server("introspection_url", &self.introspection_url)?;
        let token_key = self.below_server("token_key_url", &self.token_key_url)?;
        let jwks = self.below_server("jwks_url", &self.jwks_url)?;
        Ok(match self.method {
            VerificationMethod::CheckToken => check_token,
            VerificationMethod::Introspection => introspection,
            VerificationMethod::TokenKey => token_key,
            VerificationMethod::Jwks => jwks,
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
