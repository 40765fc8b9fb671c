//! What is shown of the settings in force.

use std::collections::HashMap;

use symbolon_service::settings::{
    Accepted, AllInForce, ServiceSettings as _, SettingsError, SettingsSources,
};

use crate::settings::Settings;

const MARKER: &str = "the-marker-of-a-secret-0123456789";

fn accepted(
    file: &str,
    environment: &[(String, String)],
) -> Result<Accepted<Settings>, SettingsError> {
    let written = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
    std::fs::write(written.path(), file).unwrap();
    let sources = SettingsSources {
        file: (!file.is_empty()).then(|| written.path().to_owned()),
        environment: environment.iter().cloned().collect::<HashMap<_, _>>(),
    };
    sources.examine().accept()
}

fn text_of(all: &AllInForce) -> String {
    format!("{all:?}")
}

fn value_of<'a>(all: &'a AllInForce, name: &str) -> &'a str {
    let found = all.settings.iter().find(|one| one.name == name);
    &found.unwrap().value
}

/// The environment's variables of all settings that are texts or lists.
fn texts() -> Vec<String> {
    let all = accepted("", &[]).unwrap().in_force();
    let settings = all.settings.into_iter();
    let texts = settings.filter(|one| one.value.starts_with(['"', '[']));
    let variable = |name: String| name.to_uppercase().replace('.', "__");
    let prefix = Settings::ENVIRONMENT_PREFIX;
    texts
        .map(|one| format!("{prefix}__{}", variable(one.name)))
        .collect()
}

#[test]
fn of_the_defaults_every_setting_is_shown_with_its_value() {
    let all = accepted("", &[]).unwrap().in_force();
    for one in &all.settings {
        // The store's address is a secret, because it may hold a password.
        assert_eq!(
            one.value == "[redacted]",
            one.name == "store.url",
            "{one:?}"
        );
        assert_eq!(one.place, "defaults");
    }
    assert_eq!(value_of(&all, "tokens.access_token_ttl_secs"), "43200");
    assert_eq!(value_of(&all, "profile"), "\"standard\"");
}

#[test]
fn what_is_called_a_secret_is_shown_nowhere() {
    let is_secret = |name: &&String| {
        let last = name.rsplit("__").next().unwrap();
        ["SECRET", "PASSWORD", "INITIAL_ACCESS_TOKENS"]
            .iter()
            .any(|word| last.ends_with(word))
            || [
                "STORE__URL",
                "REDIS_URL",
                "SQL_URL",
                "CLIENTS__URL",
                "OWNERS__URL",
            ]
            .iter()
            .any(|end| name.ends_with(end) && !name.contains("LDAP"))
            // A query may hold what its rows are decrypted with.
            || last.ends_with("QUERY")
    };
    let names = texts();
    let secrets: Vec<_> = names.iter().filter(is_secret).collect();
    assert_eq!(secrets.len(), 16, "{secrets:?}");
    let mut shown = 0;
    for name in secrets {
        let set = [(name.clone(), format!("{{noop}}{MARKER}"))];
        // Not all of them can be set alone.
        if let Ok(accepted) = accepted("", &set) {
            let all = accepted.in_force();
            assert!(!text_of(&all).contains(MARKER), "{name}: {all:?}");
            shown += 1;
        }
    }
    assert!(shown > 5, "{shown}");
}

#[test]
fn no_address_is_shown_with_its_password_or_its_query() {
    for address in [
        format!("https://user:{MARKER}@host.example/"),
        format!("https://host.example/?key={MARKER}"),
    ] {
        let mut taken = 0;
        for name in texts() {
            let set = [(name.clone(), address.clone())];
            if let Ok(accepted) = accepted("", &set) {
                let all = accepted.in_force();
                assert!(!text_of(&all).contains(MARKER), "{name}: {all:?}");
                taken += 1;
            }
        }
        assert!(taken > 5, "{taken}");
    }
}

#[test]
fn registrations_are_counted_and_what_is_regretted_of_them_is_told() {
    let file = format!(
        "profile = \"spring\"\n\
         [[scopes]]\nname = \"a\"\ndescription = \"A\"\n\
         [[clients]]\nclient_id = \"c\"\nclient_name = \"C\"\nclient_secret = \"{{noop}}{MARKER}\"\n\
         grant_types = [\"password\"]\nscope = [\"a\"]\n\
         [[owners]]\nname = \"wang\"\npassword = \"{{noop}}{MARKER}\"\n"
    );
    let accepted = accepted(&file, &[]).unwrap();
    let all = accepted.in_force();
    assert!(!text_of(&all).contains(MARKER), "{all:?}");
    assert_eq!(value_of(&all, "clients"), "1 of them");
    for (name, regretted) in [
        ("profile", "is `spring`"),
        ("clients", "client `c`: `grant_types`"),
    ] {
        let one = all.settings.iter().find(|one| one.name == name).unwrap();
        let mut warnings = one.warnings.iter();
        assert!(warnings.any(|one| one.contains(regretted)), "{one:?}");
        assert_ne!(one.place, "defaults", "{one:?}");
    }
    let told: usize = all.settings.iter().map(|one| one.warnings.len()).sum();
    assert_eq!(told + all.others.len(), accepted.warnings.len());
}
