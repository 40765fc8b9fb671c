//! What is accepted as settings, and what is refused.

use std::collections::HashMap;

use symbolon_service::settings::SettingsSources;

use crate::settings::Settings;

fn load(registration: &str) -> Result<Settings, String> {
    let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
    std::fs::write(file.path(), registration).unwrap();
    let sources = SettingsSources {
        file: Some(file.path().to_owned()),
        environment: HashMap::new(),
    };
    sources.load().map_err(|error| error.to_string())
}

fn refusal(client: &str) -> String {
    load(&format!(
        "[[clients]]\nclient_id = \"c\"\nclient_name = \"C\"\n{client}"
    ))
    .unwrap_err()
}

#[test]
fn the_defaults_are_complete_and_sound() {
    load("").unwrap();
}

#[test]
fn a_registration_that_cannot_work_is_refused_by_name() {
    let cases = [
        (
            "grant_types = [\"authorization_code\"]\nscope = [\"a\"]",
            "redirect_uris",
        ),
        (
            "grant_types = [\"client_credentials\"]\nscope = [\"a\"]",
            "client_secret",
        ),
        ("may_introspect = true", "may_introspect"),
        (
            "redirect_uris = [\"https://a.example/#f\"]",
            "without a fragment",
        ),
        ("redirect_uris = [\"javascript:alert(1)\"]", "javascript"),
        ("redirect_uris = [\"/cb\"]", "absolute"),
        ("client_secret = \"plain\"", "{bcrypt}"),
        ("auto_approve = [\"a\"]", "auto_approve"),
        ("access_token_ttl_secs = 0", "access_token_ttl_secs"),
        ("grant_types = [\"magic\"]", "magic"),
        ("secert = \"x\"", "secert"),
    ];
    for (registration, named) in cases {
        let text = refusal(registration);
        assert!(text.contains(named), "{registration}: {text}");
    }
}

#[test]
fn a_wrong_secret_is_refused_without_being_shown() {
    assert!(!refusal("client_secret = \"hunter2\"").contains("hunter2"));
}

#[test]
fn a_name_that_is_registered_twice_is_refused() {
    let twice = "[[owners]]\nname = \"a\"\npassword = \"{noop}x\"\n".repeat(2);
    assert!(
        load(&twice)
            .unwrap_err()
            .contains("`owners` holds `a` twice")
    );
}

#[test]
fn an_issuer_with_a_slash_at_the_end_is_refused() {
    assert!(
        load("issuer = \"https://as.example/\"")
            .unwrap_err()
            .contains("issuer")
    );
    load("issuer = \"https://as.example/tenant\"").unwrap();
}

#[test]
fn the_demo_data_is_sound() {
    load(include_str!("../../config/demo.toml")).unwrap();
}
