//! The settings of the demo. `config/default.toml` documents each.

mod verifier;

use serde::Deserialize;
use symbolon::jwk::SigningAlgorithm;
use symbolon_service::http::HttpSettings;
use symbolon_service::settings::{Findings, ServiceSettings, SharedSettings};
use symbolon_service::telemetry::{LogSettings, TraceSettings};

use symbolon_resource_server::Dialect;
use symbolon_resource_server::TokenParameters;

pub use verifier::{JwtSettings, VerificationMethod, VerifierSettings};

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

impl ServiceSettings for DemoSettings {
    const DEFAULTS: &'static str = include_str!("../config/default.toml");
    const ENVIRONMENT_PREFIX: &'static str = "RESOURCE_SERVER";

    fn check(&self, findings: &mut Findings) {
        if self.resource_id.is_empty() {
            findings.error("resource_id", "is empty", "a name");
        }
        let verifier = &self.verifier;
        let setting = "verifier.algorithms";
        if verifier.jwt.algorithms.is_empty() {
            findings.error(setting, "is empty", "one algorithm or more");
        }
        let shared_secret = verifier.jwt.algorithms.contains(&SigningAlgorithm::HS256);
        if shared_secret && verifier.method == VerificationMethod::Jwks {
            let found = "holds HS256, whose secret is in no key set";
            findings.error(setting, found, "HS256 with verifier.method = \"token_key\"");
        }
        findings.called_address("verifier", &verifier.endpoint, true);
    }

    fn shared(&self) -> SharedSettings<'_> {
        SharedSettings::new(&self.http, &self.log, &self.traces)
    }
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
        let endpoint = settings.verifier.endpoint;
        assert_eq!(endpoint.as_str(), "http://localhost:9000/oauth/check_token");
        assert_eq!(settings.verifier.jwt.issuer, None);
        assert_eq!(settings.verifier.cache, None);
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
        assert!(
            error
                .unwrap_err()
                .to_string()
                .contains("HS256 with verifier.method")
        );
    }

    #[test]
    fn an_endpoint_is_below_the_server_or_elsewhere() {
        for (token_key_url, expected) in [
            (
                "oauth/token_key",
                "https://id.example/tenant/oauth/token_key",
            ),
            ("https://keys.example/pem", "https://keys.example/pem"),
        ] {
            let settings = load(&[
                ("RESOURCE_SERVER__VERIFIER__METHOD", "token_key"),
                (
                    "RESOURCE_SERVER__VERIFIER__AUTHORIZATION_SERVER",
                    "https://id.example/tenant",
                ),
                ("RESOURCE_SERVER__VERIFIER__TOKEN_KEY_URL", token_key_url),
            ]);
            assert_eq!(settings.unwrap().verifier.endpoint.as_str(), expected);
        }
    }

    #[test]
    fn an_endpoint_that_is_no_address_is_refused_by_name() {
        let error = load(&[("RESOURCE_SERVER__VERIFIER__JWKS_URL", "https://")]).unwrap_err();
        assert!(error.to_string().contains("jwks_url: empty host"));
    }

    #[test]
    fn an_issuer_and_a_cache_are_there_when_they_are_set() {
        let settings = load(&[
            ("RESOURCE_SERVER__VERIFIER__ISSUER", "https://id.example"),
            ("RESOURCE_SERVER__VERIFIER__CACHE__ENABLED", "true"),
        ]);
        let verifier = settings.unwrap().verifier;
        assert_eq!(verifier.jwt.issuer.as_deref(), Some("https://id.example"));
        assert_eq!(verifier.cache.unwrap().max_age_secs, 30);
    }
}
