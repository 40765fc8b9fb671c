//! How tokens are checked: from the words in a file to addresses, limits and algorithms.

use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use symbolon::jwk::SigningAlgorithm;
use symbolon::secret::Secret;
use symbolon_resource_server::verifier::{CacheLimits, Timeouts};
use url::Url;

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
    /// How long the authorization server may take.
    pub timeouts: Timeouts,
    /// See [`RemoteVerifier::accept_missing_token_type`](symbolon_resource_server::verifier::RemoteVerifier::accept_missing_token_type).
    pub accept_missing_token_type: bool,
    /// What counts where JWTs are checked here.
    pub jwt: JwtSettings,
    /// Whether tokens that were good are remembered.
    pub cache: Option<CacheLimits>,
}

/// What counts for JWTs; see [`JwtVerifier`](symbolon_resource_server::verifier::JwtVerifier).
#[derive(Clone, Debug)]
pub struct JwtSettings {
    /// The only algorithms that may sign.
    pub algorithms: Vec<SigningAlgorithm>,
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
    authorization_server: Url,
    check_token_url: String,
    introspection_url: String,
    token_key_url: String,
    jwks_url: String,
    client_id: String,
    client_secret: Secret,
    connect_timeout_secs: u64,
    timeout_secs: u64,
    accept_missing_token_type: bool,
    #[serde(deserialize_with = "algorithms")]
    algorithms: Vec<SigningAlgorithm>,
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
            client_id: written.client_id,
            client_secret: written.client_secret,
            timeouts: Timeouts {
                connect: Duration::from_secs(written.connect_timeout_secs),
                total: Duration::from_secs(written.timeout_secs),
            },
            accept_missing_token_type: written.accept_missing_token_type,
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

    /// The address below that of the authorization server, unless `written` is a whole one.
    fn below_server(&self, key: &str, written: &str) -> Result<Url, String> {
        // Joining replaces what follows the last slash, so there must be one.
        let mut base = self.authorization_server.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        base.join(written)
            .map_err(|error| format!("{key}: {error}"))
    }
}

fn algorithms<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<SigningAlgorithm>, D::Error> {
    let known = |name: &String| {
        SigningAlgorithm::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str() == name)
            .ok_or_else(|| {
                D::Error::custom(format!("`{name}` is none of ES256, RS256, EdDSA, HS256"))
            })
    };
    Vec::<String>::deserialize(from)?
        .iter()
        .map(known)
        .collect()
}
