//! What is accepted as settings, and what is refused.

use std::collections::HashMap;

use symbolon_service::settings::{Findings, SettingsSources};

use crate::app::Extensions;
use crate::settings::Settings;

mod in_force;
mod limits;
mod old_shop;
mod sunset;

fn load(registration: &str) -> Result<Settings, String> {
    let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
    std::fs::write(file.path(), registration).unwrap();
    let sources = SettingsSources {
        file: Some(file.path().to_owned()),
        environment: HashMap::new(),
    };
    let examined = sources.examine().also(check_of_the_program);
    let accepted = examined.accept().map_err(|error| error.to_string())?;
    Ok(accepted.settings)
}

/// As the program does that nobody has extended.
fn check_of_the_program(settings: &Settings, findings: &mut Findings) {
    crate::app::check(settings, &Extensions::default(), findings);
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
fn a_piece_that_there_is_not_is_refused_for_the_server_and_for_a_client() {
    for (settings, named) in [
        ("profile = \"sprng\"", "`standard` or `spring`"),
        (
            "[spring]\ncodes_without_pkc = true",
            "did you mean `spring.codes_without_pkce`?",
        ),
        (
            "[spring]\ncodes_without_pkce = \"no idea\"",
            "true or false",
        ),
    ] {
        let text = load(settings).unwrap_err();
        assert!(text.contains(named), "{settings}: {text}");
    }
    let text = refusal("spring = { codes_without_pkc = true }");
    assert!(text.contains("codes_without_pkce"), "{text}");
    assert!(refusal("profile = \"sprng\"").contains("sprng"));
}

#[test]
fn what_counts_before_a_client_is_known_is_said_for_the_server() {
    for piece in [
        "servlet_parameters = true",
        "secret_beside_basic = true",
        "token_by_get = true",
        "check_token_errors = true",
        "check_token_without_active = true",
        "basic_sign_in = true",
        "approvals_without_csrf = true",
        "redirect_status = \"found\"",
    ] {
        load(&format!("[spring]\n{piece}")).unwrap();
        let text = refusal(&format!("spring = {{ {piece} }}"));
        assert!(text.contains("in the server's table [spring]"), "{text}");
    }
}

#[test]
fn a_path_that_is_taken_is_told_with_what_is_there() {
    for (path, named) in [
        ("/login", "`/login` is where `/login` is heard"),
        ("token", "begins with a slash"),
    ] {
        let text = load(&format!("[paths]\ntoken = \"{path}\"\n")).unwrap_err();
        assert!(text.contains("`paths.token` cannot be used"), "{text}");
        assert!(text.contains(named), "{path}: {text}");
    }
    load("[paths]\ntoken = \"/api/token\"\n").unwrap();
}

#[test]
fn tokens_that_never_expire_are_a_habit() {
    let endless = "[tokens]\naccess_token_ttl_secs = 0\n";
    assert!(load(endless).is_err());
    let endless = format!("profile = \"spring\"\n{endless}");
    load(&endless).unwrap();
    let client = "[[clients]]\nclient_id = \"c\"\nclient_name = \"C\"\nprofile = \"standard\"\n";
    let text = load(&format!("{endless}{client}")).unwrap_err();
    assert!(text.contains("`access_token_ttl_secs` is 0"), "{text}");
}

#[test]
fn a_piece_is_said_by_a_value_of_its_own_by_an_environment_or_not_at_all() {
    let settings = load("[spring]\ncodes_without_pkce = false").unwrap();
    assert_eq!(settings.spring.codes_without_pkce, Some(false));
    assert_eq!(load("").unwrap().spring.codes_without_pkce, None);
    let sources = SettingsSources {
        file: None,
        environment: HashMap::from([(
            "AUTH_SERVER__SPRING__CODES_WITHOUT_PKCE".to_owned(),
            "true".to_owned(),
        )]),
    };
    let settings: Settings = sources.load().unwrap();
    assert_eq!(settings.spring.codes_without_pkce, Some(true));
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
        ("grant_types = [\"no grant\"]", "no grant"),
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
fn what_only_a_store_keeps_of_an_owner_is_refused() {
    for (member, value) in [("password_mark", "x"), ("email", "a@example.org")] {
        let owner = "[[owners]]\nname = \"a\"\npassword = \"{noop}secret\"";
        let refused = load(&format!("{owner}\n{member} = \"{value}\"\n")).unwrap_err();
        let told = format!("`{member}` is what a store keeps");
        assert!(refused.contains(&told), "{refused}");
    }
}

#[test]
fn what_a_mail_cannot_be_sent_without_is_asked_for_all_at_once() {
    let refused = load("[mail]\ntransport = \"smtp\"\nusername = \"a\"\n").unwrap_err();
    for setting in ["mail.from", "mail.host", "mail.username"] {
        assert!(refused.contains(&format!("`{setting}`")), "{refused}");
    }
    let refused = load("[mail]\ntransport = \"file\"\nfrom = \"Bank <a@bank.example>\"\n");
    let refused = refused.unwrap_err();
    for setting in ["mail.from", "mail.folder"] {
        assert!(refused.contains(&format!("`{setting}`")), "{refused}");
    }
    load("[mail]\ntransport = \"file\"\nfrom = \"a@bank.example\"\nfolder = \"mails\"\n").unwrap();
}

#[test]
fn people_make_accounts_where_mails_are_sent_and_never_those_of_administrators() {
    let refused = load("[sign_up]\nallowed = true\n").unwrap_err();
    assert!(refused.contains("`sign_up.allowed`"), "{refused}");
    let mail = "[mail]\ntransport = \"file\"\nfrom = \"a@bank.example\"\nfolder = \"mails\"\n";
    let with = |authorities: &str| {
        load(&format!(
            "{mail}[sign_up]\nallowed = true\nauthorities = {authorities}\n"
        ))
    };
    for authorities in ["[\"ROLE_USER\", \"ROLE_ADMIN\"]", "[\" \"]"] {
        let refused = with(authorities).unwrap_err();
        assert!(refused.contains("`sign_up.authorities`"), "{refused}");
    }
    with("[]").unwrap();
    load(&format!("{mail}[sign_up]\nallowed = true\n")).unwrap();
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
fn the_path_of_an_issuer_has_one_spelling() {
    for (path, told) in [
        ("/uaa/", "a slash is at its end"),
        ("//uaa", "nothing is between two slashes of its path"),
        ("/a/../uaa", "the segment `..`"),
        ("/%75aa", "`%` stands behind its host"),
        ("/(tenant)", "`(` stands behind its host"),
        ("/uaa?a", "`?` stands behind its host"),
    ] {
        let text = load(&format!("issuer = \"https://as.example{path}\"")).unwrap_err();
        // A query may hold a secret.
        let shown = path.replace("?a", "?[redacted]");
        let found = format!("`issuer` is `https://as.example{shown}`: ");
        for words in [
            &found,
            told,
            "accepted: an http or https URL",
            "at most 255 letters, digits and -._~",
        ] {
            assert!(text.contains(words), "{path}: no {words} in {text}");
        }
    }
    load("issuer = \"https://as.example/a.b/~c_d-9\"").unwrap();
}

#[test]
fn an_access_rule_that_is_not_understood_is_refused_with_its_place() {
    let refused =
        load("[access]\ncheck_token = \"hasRole(X)\"\ntoken_key = \"permitAl\"\n").unwrap_err();
    for text in [
        "access.check_token",
        "is `hasRole(X)`: at character 9: a word in quotes should stand here",
        "access.token_key",
        "at character 1: permitAl is not known",
    ] {
        assert!(refused.contains(text), "{refused}");
    }
    load("[access]\ncheck_token = \"isAuthenticated() and !hasRole('X')\"\n").unwrap();
}

#[test]
fn what_a_registration_lacks_hides_nothing_else_that_is_wrong_with_it() {
    let refused = load(
        "[[clients]]\nclient_id = \"c\"\nclient_secret = \"plain\"\nredirect_uris = [\"/cb\"]\n\
         [[clients]]\nclient_id = \"d\"\nclient_name = 7\naccess_token_ttl_secs = 0\n",
    )
    .unwrap_err();
    for text in [
        "missing field `client_name`",
        "{bcrypt}",
        "absolute",
        "`client_name`: invalid type: integer `7`",
        "access_token_ttl_secs",
    ] {
        assert!(refused.contains(text), "{text}: {refused}");
    }
}

#[test]
fn the_demo_data_is_sound() {
    load(include_str!("../../config/demo.toml")).unwrap();
}

fn warned(text: &str) -> Vec<String> {
    let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
    std::fs::write(file.path(), text).unwrap();
    let sources = SettingsSources {
        file: Some(file.path().to_owned()),
        environment: HashMap::new(),
    };
    let accepted = sources.examine::<Settings>().accept().unwrap();
    let texts = accepted.warnings.iter();
    texts.map(|warning| warning.text.clone()).collect()
}

#[test]
fn a_profile_is_warned_of_once_and_secrets_in_addresses_where_they_are_allowed_by_name() {
    let quiet = "[[clients]]\nclient_id = \"c\"\nclient_name = \"C\"\n";
    let store = "[store]\nurl = \"embedded:x\"\n";
    let [profile] =
        <[String; 1]>::try_from(warned(&format!("profile = \"spring\"\n{store}{quiet}"))).unwrap();
    assert!(profile.starts_with("`profile` is `spring`"), "{profile}");
    for piece in ["servlet_parameters", "token_by_get"] {
        let said = warned(&format!("{store}[spring]\n{piece} = true\n"));
        let [said] = <[String; 1]>::try_from(said).unwrap();
        assert!(
            said.starts_with(&format!("`spring.{piece}` is true")),
            "{said}"
        );
    }
}

#[test]
fn what_works_for_its_maker_alone_is_warned_of() {
    let [issuer, store] = <[String; 2]>::try_from(warned("[http]\nhost = \"0.0.0.0\"\n")).unwrap();
    assert!(
        issuer.starts_with("`issuer` is empty while `http.host` is `0.0.0.0`"),
        "{issuer}"
    );
    assert!(store.starts_with("`store.url` is `memory:`"), "{store}");
    let behind =
        "issuer = \"http://localhost:9000/uaa\"\n[http]\ntrusted_proxies = [\"127.0.0.1\"]\n";
    let [issuer, _] = <[String; 2]>::try_from(warned(behind)).unwrap();
    let expected =
        "`issuer` is `http://localhost:9000/uaa` while `http.trusted_proxies` names a proxy";
    assert!(issuer.starts_with(expected), "{issuer}");
    let public = warned("issuer = \"https://auth.example\"\n");
    assert_eq!(public.len(), 1, "{public:?}");
    let clear = "issuer = \"http://auth.example\"\n[store]\nurl = \"embedded:x\"\n";
    let clear = warned(clear);
    assert_eq!(clear.len(), 1, "{clear:?}");
    let scopes = "[[scopes]]\nname = \"a\"\ndescription = \"A\"\n[[clients]]\nclient_id = \"c\"\n\
                  client_name = \"C\"\ngrant_types = [\"authorization_code\"]\n\
                  redirect_uris = [\"https://c.example/cb\"]\nscope = [\"a\", \"b\"]\n";
    let [scope] = <[String; 1]>::try_from(warned(scopes)).unwrap();
    assert!(
        scope.starts_with("`scope` holds `b`, which no entry of `scopes` describes"),
        "{scope}"
    );
}

#[test]
fn an_issuer_is_used_as_it_is_written() {
    for issuer in [
        "http://h\\n",
        "http:///h",
        "https:h",
        "https://u:p@h",
        "https://h?x",
        "ftp://h",
    ] {
        let text = load(&format!("issuer = \"{issuer}\"\n")).unwrap_err();
        assert!(text.contains("`issuer` is `"), "{issuer}: {text}");
        assert!(!text.contains("u:p"), "{text}");
    }
    load("issuer = \"HTTPS://auth.example\"\n").unwrap();
}

#[test]
fn a_store_or_key_that_cannot_be_opened_is_found_without_opening_it() {
    for (text, told) in [
        (
            "[store]\nurl = \"redis://u:hunter2@host:bad\"\n",
            "`store.url`",
        ),
        ("[store]\nurl = \"mongodb://hunter2\"\n", "`store.url`"),
        (
            "[keys]\nsigning_key_file = \"/no/such/key.pem\"\n",
            "/no/such/key.pem",
        ),
        (
            "[store]\nurl = \"rediss://h\"\nca_file = \"/no/such/ca.pem\"\n",
            "/no/such/ca.pem",
        ),
        (
            "[[clients]]\nclient_id = \"a\"\nclient_name = \"A\"\nscope = [\"a\"]\ngrant_types = [\"magic\"]\n",
            "`grant_types` holds `magic`, which is no grant here; accepted: `authorization_code`",
        ),
    ] {
        let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
        std::fs::write(file.path(), text).unwrap();
        let sources = SettingsSources {
            file: Some(file.path().to_owned()),
            environment: HashMap::new(),
        };
        let examined = sources.examine::<Settings>().also(check_of_the_program);
        let found = examined.accept().unwrap_err().to_string();
        assert!(
            found.contains(told) && !found.contains("hunter2"),
            "{found}"
        );
    }
}
