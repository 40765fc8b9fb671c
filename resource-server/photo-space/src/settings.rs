//! The settings of the demo. `config/default.toml` documents each.

use std::sync::Arc;
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use symbolon::clock::Clock;
use symbolon::jwk::SigningAlgorithm;
use symbolon::secret::Secret;
use symbolon_service::http::HttpSettings;
use symbolon_service::settings::{ServiceSettings, SharedSettings};
use symbolon_service::telemetry::{LogSettings, TraceSettings};
use url::Url;

use symbolon_resource_server::Dialect;
use symbolon_resource_server::TokenParameters;
use symbolon_resource_server::verifier::{
    CacheLimits, CachedVerifier, JwtVerifier, KeySource, RemoteVerifier, Timeouts, TokenVerifier,
    Transport, TransportError,
};

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoSettings {
    /// The id of this resource server, and the realm of its challenges.
    pub resource_id: String,
    /// Refuse tokens that name no resource.
    pub require_audience: bool,
    /// How refusals look.
    pub dialect: Dialect,
    /// Where to listen.
    pub http: HttpSettings,
    /// How to log.
    pub log: LogSettings,
    /// Where traces go.
    pub traces: TraceSettings,
    /// Which pages may call.
    pub cors: CorsSettings,
    /// Where a token may be besides the header.
    pub token_parameters: TokenParameters,
    /// Limits for pictures.
    pub photos: PhotoSettings,
    /// How tokens are checked.
    pub verifier: VerifierSettings,
}

/// Cross-origin requests.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorsSettings {
    /// Pages of these origins may call the API from a script.
    pub allowed_origins: Vec<String>,
}

/// Limits for pictures.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotoSettings {
    /// The largest picture, in bytes.
    pub max_bytes: usize,
    /// How many pictures one owner may keep.
    pub max_per_owner: usize,
}

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
#[serde(deny_unknown_fields)]
pub struct VerifierSettings {
    /// The way.
    pub method: VerificationMethod,
    /// The address of the authorization server.
    pub authorization_server: Url,
    /// Below that address, or a whole address.
    pub check_token_url: String,
    /// Below that address, or a whole address.
    pub introspection_url: String,
    /// Below that address, or a whole address.
    pub token_key_url: String,
    /// Below that address, or a whole address.
    pub jwks_url: String,
    /// This server's own id at the authorization server.
    pub client_id: String,
    /// This server's own secret.
    pub client_secret: Secret,
    /// Time for a connection, in seconds.
    pub connect_timeout_secs: u64,
    /// Time for an answer, in seconds.
    pub timeout_secs: u64,
    /// See [`RemoteVerifier::accept_missing_token_type`].
    pub accept_missing_token_type: bool,
    /// The only algorithms that may sign JWTs.
    #[serde(deserialize_with = "algorithms")]
    pub algorithms: Vec<SigningAlgorithm>,
    /// The `iss` of JWTs; empty: not checked.
    pub issuer: String,
    /// See [`JwtVerifier::only_standard_type`].
    pub only_standard_type: bool,
    /// See [`JwtVerifier::leeway_secs`].
    pub leeway_secs: u64,
    /// See [`JwtVerifier::key_fetch_interval_secs`].
    pub key_fetch_interval_secs: u64,
    /// See [`JwtVerifier::key_max_age_secs`].
    pub key_max_age_secs: u64,
    /// Whether tokens are remembered.
    pub cache: CacheSettings,
}

/// Whether tokens that were good are remembered.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CacheSettings {
    /// Off by default, because it delays revocation.
    pub enabled: bool,
    /// How many tokens.
    pub capacity: usize,
    /// For how long, in seconds.
    pub max_age_secs: u64,
}

impl ServiceSettings for DemoSettings {
    const DEFAULTS: &'static str = include_str!("../config/default.toml");
    const ENVIRONMENT_PREFIX: &'static str = "RESOURCE_SERVER";

    fn check(&self) -> Result<(), String> {
        let verifier = &self.verifier;
        for (key, endpoint) in [
            ("check_token_url", &verifier.check_token_url),
            ("introspection_url", &verifier.introspection_url),
            ("token_key_url", &verifier.token_key_url),
            ("jwks_url", &verifier.jwks_url),
        ] {
            verifier
                .endpoint(endpoint)
                .map_err(|error| format!("verifier.{key}: {error}"))?;
        }
        if self.resource_id.is_empty() {
            return Err("resource_id: a name is needed".to_owned());
        }
        if verifier.algorithms.is_empty() {
            return Err("verifier.algorithms: at least one is needed".to_owned());
        }
        let shared_secret = verifier.algorithms.contains(&SigningAlgorithm::HS256);
        if shared_secret && verifier.method == VerificationMethod::Jwks {
            return Err(
                "verifier.algorithms: HS256 needs verifier.method = \"token_key\"".to_owned(),
            );
        }
        Ok(())
    }

    fn shared(&self) -> SharedSettings<'_> {
        SharedSettings::new(&self.http, &self.log, &self.traces)
    }
}

/// The verifier cannot be built from these settings.
#[derive(Debug, thiserror::Error)]
pub enum VerifierSettingsError {
    /// An address that is none.
    #[error("verifier: {0}")]
    Url(#[from] url::ParseError),
    /// No HTTP client.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

impl VerifierSettings {
    /// The memory around a verifier that these settings ask for, if they do.
    pub(super) fn cached(
        &self,
        verifier: &Arc<dyn TokenVerifier>,
        clock: Arc<dyn Clock>,
    ) -> Option<Arc<CachedVerifier>> {
        let limits = CacheLimits {
            capacity: self.cache.capacity,
            max_age_secs: self.cache.max_age_secs,
        };
        let cached = || CachedVerifier::new(Arc::clone(verifier), limits, clock);
        self.cache.enabled.then(|| Arc::new(cached()))
    }

    /// The verifier that these settings describe, which remembers nothing.
    pub(super) fn uncached(
        &self,
        clock: &Arc<dyn Clock>,
    ) -> Result<Arc<dyn TokenVerifier>, VerifierSettingsError> {
        let anonymous = Transport::new(Timeouts {
            connect: Duration::from_secs(self.connect_timeout_secs),
            total: Duration::from_secs(self.timeout_secs),
        })?;
        let transport = anonymous
            .clone()
            .with_credentials(self.client_id.clone(), self.client_secret.expose());
        let clock = Arc::clone(clock);
        Ok(match self.method {
            VerificationMethod::CheckToken => {
                let url = self.endpoint(&self.check_token_url)?;
                Arc::new(RemoteVerifier::check_token(transport, url, clock))
            }
            VerificationMethod::Introspection => {
                let url = self.endpoint(&self.introspection_url)?;
                let verifier = RemoteVerifier::introspection(transport, url, clock);
                Arc::new(verifier.accept_missing_token_type(self.accept_missing_token_type))
            }
            VerificationMethod::TokenKey => {
                let url = self.endpoint(&self.token_key_url)?;
                self.jwt(KeySource::token_key(transport, url), clock)
            }
            // A set that anybody may read needs no credentials, so none are sent.
            VerificationMethod::Jwks => {
                let url = self.endpoint(&self.jwks_url)?;
                self.jwt(KeySource::jwks(anonymous, url), clock)
            }
        })
    }

    fn jwt(&self, source: KeySource, clock: Arc<dyn Clock>) -> Arc<dyn TokenVerifier> {
        let verifier = JwtVerifier::new(source, self.algorithms.clone(), clock)
            .only_standard_type(self.only_standard_type)
            .leeway_secs(self.leeway_secs)
            .key_fetch_interval_secs(self.key_fetch_interval_secs)
            .key_max_age_secs(self.key_max_age_secs);
        Arc::new(if self.issuer.is_empty() {
            verifier
        } else {
            verifier.issuer(self.issuer.clone())
        })
    }

    fn endpoint(&self, url: &str) -> Result<Url, url::ParseError> {
        // Joining replaces what follows the last slash, so there must be one.
        let mut base = self.authorization_server.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        base.join(url)
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

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use symbolon_service::settings::{SettingsError, SettingsSources};

    use super::*;

    fn load(environment: &[(&str, &str)]) -> Result<DemoSettings, SettingsError> {
        let environment: HashMap<String, String> = environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let file = None;
        SettingsSources { file, environment }.load()
    }

    #[test]
    fn the_defaults_are_those_that_the_file_documents() {
        let settings = load(&[]).unwrap();
        assert_eq!(settings.http.port, 9001);
        assert_eq!(settings.verifier.method, VerificationMethod::CheckToken);
        let url = settings.verifier.endpoint("oauth/check_token").unwrap();
        assert_eq!(url.as_str(), "http://localhost:9000/oauth/check_token");
    }

    #[test]
    fn lists_in_the_environment_are_separated_by_commas() {
        let settings = load(&[(
            "RESOURCE_SERVER__CORS__ALLOWED_ORIGINS",
            "http://a, http://b",
        )]);
        assert_eq!(
            settings.unwrap().cors.allowed_origins,
            ["http://a", "http://b"]
        );
    }

    #[test]
    fn an_unknown_algorithm_is_refused_with_those_that_are_known() {
        let error = load(&[("RESOURCE_SERVER__VERIFIER__ALGORITHMS", "none")]).unwrap_err();
        assert!(error.to_string().contains("`none` is none of ES256"));
    }

    #[test]
    fn a_shared_secret_cannot_come_from_a_key_set() {
        let error = load(&[
            ("RESOURCE_SERVER__VERIFIER__ALGORITHMS", "HS256"),
            ("RESOURCE_SERVER__VERIFIER__METHOD", "jwks"),
        ]);
        assert!(error.unwrap_err().to_string().contains("HS256 needs"));
    }

    #[test]
    fn an_endpoint_is_below_the_server_or_elsewhere() {
        let mut settings = load(&[]).unwrap().verifier;
        settings.authorization_server = Url::parse("https://id.example/tenant").unwrap();
        let below = settings.endpoint("oauth/token_key").unwrap();
        assert_eq!(below.as_str(), "https://id.example/tenant/oauth/token_key");
        let elsewhere = settings.endpoint("https://keys.example/jwks").unwrap();
        assert_eq!(elsewhere.as_str(), "https://keys.example/jwks");
    }
}
