//! The settings of the demo. `config/default.toml` documents each.

mod verifier;

use std::ops::RangeInclusive;

use serde::Deserialize;
use symbolon_service::http::HttpSettings;
use symbolon_service::settings::{Findings, ServiceSettings, SharedSettings};
use symbolon_service::telemetry::{LogSettings, TraceSettings};

use symbolon_resource_server::{Dialect, TokenParameters};

pub use verifier::{JwtSettings, OldVerifierSettings, VerificationMethod, VerifierSettings};

/// Shorter than any token is, and longer than any header may be.
const LONGEST_TOKEN_BYTES: RangeInclusive<u64> = 64..=1024 * 1024;
/// Pictures are kept in memory.
const LARGEST_PICTURE: u64 = 64 * 1024 * 1024;
const MOST_PICTURES: u64 = 10_000;

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoSettings {
    /// The id of this resource server, and the realm of its challenges.
    pub resource_id: String,
    /// Refuse tokens that name no resource.
    pub require_audience: bool,
    /// The longest token that is looked at, in bytes.
    pub longest_token_bytes: usize,
    /// How refusals look.
    pub dialect: Dialect,
    /// Whether whoever brings a token may see what was asked about it.
    pub show_questions: bool,
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
    /// How those of an authorization server are checked that is being left.
    pub old_verifier: OldVerifierSettings,
    /// Which habits of a Spring resource server callers may count on.
    pub spring: SpringSettings,
}

/// Habits of Spring's resource servers that are weaker than ours.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpringSettings {
    /// Find tokens as Spring does.
    pub token_extraction: bool,
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
        findings.number(
            "longest_token_bytes",
            self.longest_token_bytes,
            LONGEST_TOKEN_BYTES,
        );
        findings.number(
            "photos.max_bytes",
            self.photos.max_bytes,
            1..=LARGEST_PICTURE,
        );
        findings.number(
            "photos.max_per_owner",
            self.photos.max_per_owner,
            1..=MOST_PICTURES,
        );
        self.verifier.check("verifier", findings);
        self.old_verifier.verifier.check("old_verifier", findings);
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
    fn an_address_that_is_none_is_refused_by_name_and_never_repeated() {
        for (key, value, reason) in [
            ("JWKS_URL", "https://", "jwks_url: empty host"),
            (
                "JWKS_URL",
                "file:///hunter2",
                "jwks_url: `file:` cannot be called",
            ),
            (
                "JWKS_URL",
                "javascript:hunter2",
                "jwks_url: `javascript:` cannot",
            ),
            (
                "AUTHORIZATION_SERVER",
                "mailto:hunter2@a.example",
                "`mailto:` cannot be called",
            ),
            (
                "AUTHORIZATION_SERVER",
                "https//a:hunter2@b",
                "authorization_server: it is no address",
            ),
            (
                "AUTHORIZATION_SERVER",
                "https://a:hunter2@b",
                "a user name or a password",
            ),
            (
                "AUTHORIZATION_SERVER",
                "https://a:hunter2@[",
                "authorization_server: it is no address",
            ),
        ] {
            let key = format!("RESOURCE_SERVER__VERIFIER__{key}");
            let error = load(&[(&key, value)]).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn plain_http_to_another_machine_is_allowed_by_name_only() {
        let server = (
            "RESOURCE_SERVER__VERIFIER__AUTHORIZATION_SERVER",
            "http://auth-server:9000",
        );
        let error = load(&[server]).unwrap_err().to_string();
        assert!(
            error.contains("plain http") && error.contains("allow_plain_http"),
            "{error}"
        );
        let allowed = ("RESOURCE_SERVER__VERIFIER__ALLOW_PLAIN_HTTP", "true");
        assert!(load(&[server, allowed]).is_ok());
        let endpoint = (
            "RESOURCE_SERVER__VERIFIER__JWKS_URL",
            "http://keys.example/",
        );
        assert!(load(&[endpoint]).is_err());
    }

    #[test]
    fn every_number_has_both_limits() {
        for key in [
            "HTTP__WORKERS",
            "LONGEST_TOKEN_BYTES",
            "PHOTOS__MAX_BYTES",
            "PHOTOS__MAX_PER_OWNER",
            "VERIFIER__CONNECT_TIMEOUT_SECS",
            "VERIFIER__TIMEOUT_SECS",
            "VERIFIER__LEEWAY_SECS",
            "VERIFIER__KEY_FETCH_INTERVAL_SECS",
            "VERIFIER__KEY_MAX_AGE_SECS",
            "VERIFIER__CACHE__CAPACITY",
            "VERIFIER__CACHE__MAX_AGE_SECS",
            "OLD_VERIFIER__TIMEOUT_SECS",
            "OLD_VERIFIER__LEEWAY_SECS",
            "OLD_VERIFIER__CACHE__CAPACITY",
        ] {
            let name = format!("RESOURCE_SERVER__{key}");
            let lowest = if key.ends_with("VERIFIER__LEEWAY_SECS") {
                "-1"
            } else {
                "0"
            };
            let mut wrong = vec![lowest];
            // The shared settings have limits of their own.
            wrong.extend((key != "HTTP__WORKERS").then_some("9223372036854775807"));
            for value in wrong {
                let on = [("RESOURCE_SERVER__VERIFIER__CACHE__ENABLED", "true")];
                let written = [&[(name.as_str(), value)][..], &on].concat();
                let error = load(&written).map(|_| name.clone());
                let text = error.unwrap_err().to_string();
                assert!(value == "-1" || text.contains("accepted: "), "{text}");
            }
        }
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

    #[test]
    fn there_is_an_old_server_when_it_is_told_how_it_is_asked() {
        assert!(load(&[]).unwrap().old_verifier.verifier().is_none());
        let old = "RESOURCE_SERVER__OLD_VERIFIER__METHOD";
        let settings = load(&[
            (old, "token_key"),
            (
                "RESOURCE_SERVER__OLD_VERIFIER__AUTHORIZATION_SERVER",
                "https://old.example/uaa",
            ),
        ]);
        let settings = settings.unwrap();
        let verifier = settings.old_verifier.verifier().unwrap();
        assert_eq!(
            verifier.endpoint.as_str(),
            "https://old.example/uaa/oauth/token_key"
        );
        let error = load(&[(old, "never")]).unwrap_err().to_string();
        assert!(error.contains("old_verifier.method"), "{error}");
        // The server in use cannot be off.
        assert!(load(&[("RESOURCE_SERVER__VERIFIER__METHOD", "off")]).is_err());
    }
}
