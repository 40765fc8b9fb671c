//! Wrong settings are refused with their place, their key and what is accepted, and nothing starts.

use e2e::{Finished, run_auth_server};

/// What an operator writes, and what the message must hold.
struct Case {
    toml: &'static str,
    environment: &'static [(&'static str, &'static str)],
    message: &'static [&'static str],
}

const fn file(toml: &'static str, message: &'static [&'static str]) -> Case {
    let environment = &[];
    Case {
        toml,
        environment,
        message,
    }
}

const fn variable(
    environment: &'static [(&'static str, &'static str)],
    message: &'static [&'static str],
) -> Case {
    let toml = "";
    Case {
        toml,
        environment,
        message,
    }
}

const SETTINGS: [Case; 16] = [
    file(
        "[http]\nprot = 9000\n",
        &["settings.toml", "`http.prot`", "did you mean `http.port`"],
    ),
    file(
        "[htpp]\nport = 9000\n",
        &["settings.toml", "`htpp`", "did you mean `http`"],
    ),
    file(
        "[http]\nport = \"many\"\n",
        &["settings.toml", "http.port", "many"],
    ),
    file(
        "[http]\nport = 70000\n",
        &["settings.toml", "http.port", "70000"],
    ),
    file(
        "[http]\nworkers = 0\n",
        &["settings.toml", "`http.workers`", "accepted: 1 to 512"],
    ),
    file("[http\n", &["settings.toml"]),
    file(
        "[http]\ntrusted_proxies = [\"everybody\"]\n",
        &["http.trusted_proxies", "`everybody`", "10.0.0.0/8"],
    ),
    variable(
        &[("AUTH_SERVER__STORE__PASSWORD_FILE", "/no/such/file")],
        &["AUTH_SERVER__STORE__PASSWORD_FILE", "/no/such/file"],
    ),
    file(
        "[store]\nurl = \"mongodb://db\"\n",
        &["`store.url`", "mongodb", "accepted", "embedded:PATH"],
    ),
    file(
        "[tokens]\nformat = \"paper\"\n",
        &["settings.toml", "tokens.format", "paper"],
    ),
    file(
        "[tokens]\nauthorization_code_ttl_secs = 601\n",
        &["authorization_code_ttl_secs", "601", "1 to 600"],
    ),
    file(
        "[tokens]\naccess_token_ttl_secs = 0\n",
        &["`tokens.access_token_ttl_secs`", "accepted: 1 to "],
    ),
    file(
        "issuer = \"https://auth.example/\"\n",
        &["`issuer`", "https://auth.example/", "accepted"],
    ),
    file(
        "issuer = \"auth.example\"\n",
        &["`issuer`", "auth.example", "accepted"],
    ),
    variable(
        &[("AUTH_SERVER__HTTP__PRT", "1")],
        &["AUTH_SERVER__HTTP__PRT", "did you mean `http.port`"],
    ),
    variable(
        &[("AUTH_SERVER__HTTP__PORT", "many")],
        &["http.port", "many"],
    ),
];

const REGISTRATIONS: [Case; 15] = [
    file(
        "client_secret = \"plain\"\n",
        &["`c`", "client_secret", "{argon2}"],
    ),
    file(
        "client_secret = \"{md5}x\"\n",
        &["`c`", "client_secret", "{argon2}"],
    ),
    file(
        "grant_types = [\"client_credentials\"]\nscope = [\"a\"]\n",
        &["`c`", "client_credentials", "client_secret"],
    ),
    file(
        "may_introspect = true\n",
        &["`c`", "may_introspect", "client_secret"],
    ),
    file(
        "grant_types = [\"implicit\"]\nscope = [\"a\"]\n",
        &["`c`", "redirect_uris", "empty"],
    ),
    file(
        "redirect_uris = [\"javascript:alert(1)\"]\n",
        &["`c`", "redirect_uris", "javascript:alert(1)", "accepted"],
    ),
    file(
        "redirect_uris = [\"JavaScript:alert(1)\"]\n",
        &["`c`", "redirect_uris", "accepted"],
    ),
    file(
        "redirect_uris = [\"data:text/html,x\"]\n",
        &["`c`", "redirect_uris", "data:text/html,x", "accepted"],
    ),
    file(
        "redirect_uris = [\"https://a.example/#x\"]\n",
        &["`c`", "redirect_uris", "fragment"],
    ),
    file(
        "redirect_uris = [\"/callback\"]\n",
        &["`c`", "redirect_uris", "/callback", "accepted"],
    ),
    file("grant_types = [\"magic\"]\n", &["settings.toml", "magic"]),
    file(
        "grant_types = [\"refresh_token\"]\n",
        &["`c`", "scope", "empty"],
    ),
    file(
        "scope = [\"a\"]\nauto_approve = [\"b\"]\n",
        &["`c`", "auto_approve"],
    ),
    file(
        "redirect_urls = [\"https://a.example/\"]\n",
        &["settings.toml", "redirect_urls"],
    ),
    file(
        "[[clients]]\nclient_id = \"c\"\nclient_name = \"C\"\n",
        &["`clients`", "`c` twice"],
    ),
];

async fn check(toml: &str, case: &Case, command: &str) -> Finished {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("settings.toml");
    std::fs::write(&path, toml).unwrap();
    let arguments = [command, "--config", path.to_str().unwrap()];
    run_auth_server(&arguments, case.environment, "").await
}

async fn assert_refused(toml: &str, case: &Case, command: &str) {
    let ended = check(toml, case, command).await;
    assert_eq!(ended.code, Some(2), "{toml}: {ended:?}");
    for text in case.message {
        assert!(
            ended.stderr.contains(text),
            "{toml}: no {text} in {}",
            ended.stderr
        );
    }
    assert_eq!(
        ended
            .stderr
            .lines()
            .filter(|line| line.contains("panicked"))
            .count(),
        0
    );
}

/// One case per setting, through the real program.
#[tokio::test]
async fn a_wrong_setting_is_refused_with_its_place() {
    for case in &SETTINGS {
        assert_refused(case.toml, case, "check-config").await;
    }
    for case in &SETTINGS[..3] {
        assert_refused(case.toml, case, "serve").await;
    }
}

/// What in a registration cannot work or must not be is refused with the client's name.
#[tokio::test]
async fn a_wrong_registration_is_refused_with_the_client() {
    for case in &REGISTRATIONS {
        let toml = format!(
            "[[clients]]\nclient_id = \"c\"\nclient_name = \"C\"\n{}",
            case.toml
        );
        assert_refused(&toml, case, "check-config").await;
    }
    let owner = file("", &["`o`", "password", "{argon2}"]);
    assert_refused(
        "[[owners]]\nname = \"o\"\npassword = \"secret\"\n",
        &owner,
        "check-config",
    )
    .await;
    let secret = check(
        "[[owners]]\nname = \"o\"\npassword = \"letmein\"\n",
        &owner,
        "check-config",
    )
    .await;
    assert!(!secret.stderr.contains("letmein"), "{secret:?}");
}

/// Everything that is wrong is said in one go, warnings too, each line with its place and the client's name.
#[tokio::test]
async fn all_that_is_wrong_is_said_at_once() {
    let toml = "issuer = \"http://h\\n\"\n[http]\nprot = 1\nworkers = 0\n[tokens]\nrefresh_grace_secs = 9999\n\
                [[clients]]\nclient_id = \"a\"\nclient_name = \"A\"\nredirect_uris = [\"about:blank\"]\n\
                [[clients]]\nclient_id = \"b\"\nclient_name = \"B\"\nclient_secret = \"{noop}x\"\n\
                [[owners]]\nname = \"o\"\npassword = \"plain\"\n";
    let case = file("", &[]);
    for command in ["check-config", "serve"] {
        let ended = check(toml, &case, command).await;
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(2), ""),
            "{ended:?}"
        );
        let lines: Vec<&str> = ended.stderr.lines().collect();
        for (severity, text) in [
            ("error", "there is no setting `http.prot`"),
            ("error", "`http.workers`: it is 0; accepted: 1 to 512"),
            (
                "error",
                "`issuer` is `http://h\\n`: it holds a control character",
            ),
            (
                "error",
                "`tokens.refresh_grace_secs` is 9999; accepted: 0 to 3600",
            ),
            ("error", "client `a`: `redirect_uris` holds `about:blank`: "),
            ("warning", "client `b`: `client_secret` is {noop}"),
            ("error", "owner `o`: `password` begins with no {id}"),
        ] {
            let found = lines.iter().find(|line| line.contains(text));
            let line = found.unwrap_or_else(|| panic!("no {text} in {lines:#?}"));
            let begins = format!("auth-server: {severity}: ");
            assert!(
                line.starts_with(&begins) && line.contains("settings.toml: "),
                "{line}"
            );
        }
        assert_eq!(lines.len(), 7, "{lines:#?}");
    }
}

/// A file that is not there is named.
#[tokio::test]
async fn a_missing_file_is_named() {
    let ended = run_auth_server(&["check-config", "--config", "no/such.toml"], &[], "").await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("no/such.toml"), "{ended:?}");
}
