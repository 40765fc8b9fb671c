//! What the settings take, and what is shown of them.

use std::collections::HashMap;

use symbolon_service::settings::{Accepted, SettingsError, SettingsSources};

use super::*;

fn load(environment: &[(&str, &str)]) -> Result<DemoSettings, SettingsError> {
    Ok(accepted(environment)?.settings)
}

fn accepted(environment: &[(&str, &str)]) -> Result<Accepted<DemoSettings>, SettingsError> {
    let environment: HashMap<String, String> = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let file = None;
    SettingsSources { file, environment }.examine().accept()
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

/// Also where the settings are kept otherwise than they are written.
#[test]
fn every_setting_is_shown_but_the_secrets() {
    const MARKER: &str = "the-marker-of-a-secret";
    for environment in [
        [].as_slice(),
        &[
            ("RESOURCE_SERVER__VERIFIER__CLIENT_SECRET", MARKER),
            ("RESOURCE_SERVER__OLD_VERIFIER__CLIENT_SECRET", MARKER),
            ("RESOURCE_SERVER__OLD_VERIFIER__METHOD", "jwks"),
            ("RESOURCE_SERVER__VERIFIER__CACHE__ENABLED", "true"),
            (
                "RESOURCE_SERVER__VERIFIER__JWKS_URL",
                "https://keys.example/?key=the-marker-of-a-secret",
            ),
        ],
    ] {
        let all = accepted(environment).unwrap().in_force();
        for one in &all.settings {
            let is_secret = one.name.ends_with("client_secret") && one.value != "\"\"";
            assert_eq!(one.value == "[redacted]", is_secret, "{one:?}");
            assert!(!one.value.contains(MARKER), "{one:?}");
        }
    }
}
