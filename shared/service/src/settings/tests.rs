//! What is read from where, and what is said about it.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::*;
use crate::telemetry::LogFormat;

#[derive(Debug, Deserialize)]
struct Example {
    http: Http,
    #[serde(default)]
    guests: Vec<Invitation>,
    #[serde(skip, default = "shared")]
    shared: (HttpSettings, LogSettings),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Invitation {
    guest_name: String,
    #[serde(default)]
    dishes: Vec<String>,
    #[serde(default, rename = "password")]
    _password: String,
}

fn shared() -> (HttpSettings, LogSettings) {
    let http = HttpSettings {
        host: "localhost".to_owned(),
        ..HttpSettings::sample()
    };
    let log = LogSettings {
        format: LogFormat::Pretty,
        filter: "info".to_owned(),
    };
    (http, log)
}

impl ServiceSettings for Example {
    const DEFAULTS: &'static str = "guests = []\n[http]\nport = 1\nhost = \"localhost\"\nscheme = \"http\"\n\
                                    names = []\nproxy = \"\"\n";
    const ENVIRONMENT_PREFIX: &'static str = "EXAMPLE";

    fn shared(&self) -> SharedSettings<'_> {
        SharedSettings::new(&self.shared.0, &self.shared.1, &TraceSettings::OFF)
    }

    fn check(&self, findings: &mut Findings) {
        if self.http.host.is_empty() {
            findings.error("http.host", "is empty", "a name");
        }
        for guest in &self.guests {
            if guest.dishes.is_empty() {
                let mut about = findings.about("guests", "guest", &guest.guest_name);
                about.warning("dishes", "is empty", "rice");
            }
        }
    }

    fn registrations() -> Vec<Registrations> {
        vec![Registrations {
            list: "guests",
            noun: "guest",
            named_by: "guest_name",
            fields: fields_of::<Invitation>(),
            other_names: &[("courses", "dishes")],
        }]
    }
}

#[derive(Debug, Deserialize)]
struct Http {
    port: u16,
    host: String,
    #[serde(rename = "scheme")]
    _scheme: Scheme,
    names: Vec<String>,
    #[serde(deserialize_with = "empty_is_none")]
    proxy: Option<std::net::IpAddr>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Scheme {
    Http,
    Https,
}

fn load(file: &str, environment: &[(&str, &str)]) -> Result<Example, SettingsError> {
    Ok(examine(file, environment).accept()?.settings)
}

/// What is found, without the place, in which the file's name differs from test to test.
fn found(file: &str, environment: &[(&str, &str)]) -> Vec<String> {
    let examined = examine(file, environment);
    let findings = match examined.accept() {
        Ok(accepted) => accepted.warnings,
        Err(error) => error.findings().to_vec(),
    };
    let line = |finding: &Finding| {
        let subject = finding.subject.as_ref();
        let subject = subject.map(|subject| format!("{subject}: "));
        let (severity, text) = (finding.severity.as_str(), &finding.text);
        format!("{severity}: {}{text}", subject.unwrap_or_default())
    };
    findings.iter().map(line).collect()
}

fn examine(file: &str, environment: &[(&str, &str)]) -> Examined<Example> {
    let directory = std::env::temp_dir().join(format!("settings-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let hash = file.len() * 1000 + environment.len();
    let path = directory.join(format!("{hash}.toml"));
    std::fs::write(&path, file).unwrap();
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    SettingsSources {
        file: Some(path.clone()),
        environment: environment.collect(),
    }
    .examine()
}

#[test]
fn the_environment_is_above_the_file_and_the_file_above_the_defaults() {
    let settings = load("[http]\nport = 2\n", &[("EXAMPLE__HTTP__PORT", "3")]).unwrap();
    assert_eq!(settings.http.port, 3);
    assert_eq!(settings.http.host, "localhost");
    assert_eq!(load("http.port = 2", &[]).unwrap().http.port, 2);
}

#[test]
fn an_unknown_key_is_refused_with_the_file_and_what_was_meant() {
    let text = load("[http]\nprot = 2\n", &[]).unwrap_err().to_string();
    assert!(text.contains(".toml"), "{text}");
    assert!(
        text.contains("there is no setting `http.prot`, did you mean `http.port`?"),
        "{text}"
    );
}

#[test]
fn an_unknown_variable_is_refused_with_its_name() {
    let text = load("[http]\nport = 1\n", &[("EXAMPLE__HTTP__PRT", "3")])
        .unwrap_err()
        .to_string();
    assert!(text.contains("EXAMPLE__HTTP__PRT"), "{text}");
    assert!(text.contains("did you mean `http.port`?"), "{text}");
}

#[test]
fn a_wrong_value_is_refused_with_its_key_and_what_is_accepted() {
    let text = load("[http]\nport = \"many\"\n", &[])
        .unwrap_err()
        .to_string();
    assert!(text.contains("http.port"), "{text}");
    assert!(text.contains("many"), "{text}");
    let text = load("[http]\nport = 70000\n", &[]).unwrap_err().to_string();
    assert!(text.contains("http.port"), "{text}");
}

#[test]
fn a_wrong_choice_is_refused_with_the_words_that_are_accepted() {
    let text = load("[http]\nport = 1\nscheme = \"ftp\"\n", &[])
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("http.scheme") && text.contains("`https`"),
        "{text}"
    );
}

#[test]
fn a_missing_file_is_named() {
    let sources = SettingsSources {
        file: Some(PathBuf::from("no/such/file.toml")),
        environment: HashMap::new(),
    };
    let text = sources.load::<Example>().unwrap_err().to_string();
    assert!(text.contains("no/such/file.toml"), "{text}");
}

#[test]
fn what_the_types_cannot_refuse_is_refused_with_its_place() {
    let text = load("[http]\nhost = \"\"\n", &[]).unwrap_err().to_string();
    assert!(
        text.contains(".toml: `http.host` is empty; accepted: a name"),
        "{text}"
    );
    let sources = SettingsSources {
        file: None,
        environment: HashMap::from([("EXAMPLE__HTTP__HOST".to_owned(), String::new())]),
    };
    let text = sources.load::<Example>().unwrap_err().to_string();
    let expected =
        "error: environment variable EXAMPLE__HTTP__HOST: `http.host` is empty; accepted: a name";
    assert_eq!(text, expected);
}

#[test]
fn a_text_in_the_environment_stays_a_text_also_when_it_looks_like_a_number() {
    let settings = load("[http]\nport = 1\n", &[("EXAMPLE__HTTP__HOST", "0012")]).unwrap();
    assert_eq!(settings.http.host, "0012");
}

#[test]
fn a_list_in_the_environment_is_separated_by_commas() {
    let settings = load(
        "[http]\nport = 1\n",
        &[("EXAMPLE__HTTP__NAMES", "a, b,,c ")],
    )
    .unwrap();
    assert_eq!(settings.http.names, ["a", "b", "c"]);
    let settings = load("[http]\nport = 1\n", &[("EXAMPLE__HTTP__NAMES", "")]).unwrap();
    assert!(settings.http.names.is_empty());
}

#[test]
fn an_empty_text_is_nothing_where_nothing_is_allowed() {
    assert_eq!(load("[http]\nport = 1\n", &[]).unwrap().http.proxy, None);
    let settings = load("[http]\nport = 1\n", &[("EXAMPLE__HTTP__PROXY", "::1")]).unwrap();
    assert_eq!(settings.http.proxy, Some("::1".parse().unwrap()));
    let text = load("[http]\nport = 1\n", &[("EXAMPLE__HTTP__PROXY", "near")])
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("`http.proxy`: `near`: invalid IP address"),
        "{text}"
    );
}

#[test]
fn a_variable_can_name_the_file_that_holds_the_value() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "0012\n").unwrap();
    let path = file.path().to_str().unwrap();
    let settings = load("[http]\nport = 1\n", &[("EXAMPLE__HTTP__HOST_FILE", path)]).unwrap();
    assert_eq!(settings.http.host, "0012");

    let both = [
        ("EXAMPLE__HTTP__HOST", "a"),
        ("EXAMPLE__HTTP__HOST_FILE", path),
    ];
    let text = load("[http]\nport = 1\n", &both).unwrap_err().to_string();
    assert!(text.contains("`http.host` is set by another"), "{text}");

    let missing = [("EXAMPLE__HTTP__HOST_FILE", "/no/such/file")];
    let text = load("[http]\nport = 1\n", &missing)
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("EXAMPLE__HTTP__HOST_FILE: /no/such/file: No such file"),
        "{text}"
    );

    let text = load("[http]\nport = 1\n", &[("EXAMPLE__HTTP_FILE", path)])
        .unwrap_err()
        .to_string();
    assert!(text.contains("there is no setting `http_file`"), "{text}");
}

#[test]
fn a_file_that_is_not_toml_is_refused_by_line_without_the_line() {
    for (wrong, line) in [
        ("[http]\n\nhost = \"hunter2\" oops\n", 3),
        ("[http]\nhost = \"hunter2\n", 2),
        ("host = hunter2\n", 1),
        ("[http\nhost = \"hunter2\"\n", 1),
        ("é = 1\n", 1),
    ] {
        let text = load(wrong, &[]).unwrap_err().to_string();
        assert!(text.contains(&format!(".toml: line {line}: ")), "{text}");
        assert!(!text.contains("hunter2") && !text.contains('\n'), "{text}");
    }
}

#[test]
fn a_variable_that_is_not_utf_8_is_refused_by_name() {
    let text = load(
        "[http]\nport = 1\n",
        &[("EXAMPLE__HTTP__PORT", "2\u{fffd}")],
    )
    .unwrap_err();
    let expected = "error: environment variable EXAMPLE__HTTP__PORT: the value is not UTF-8";
    assert_eq!(text.to_string(), expected);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let file = "[http]\nprot = 2\nport = \"many\"\nscheme = \"ftp\"\n[[guests]]\nguest_name = \"a\"\n\
                dishes = 5\npasword = \"x\"\n[[guests]]\nguest_name = 7\n";
    let environment = [("EXAMPLE__HTTP__HOST", ""), ("EXAMPLE__HTPP__HOST", "")];
    let expected = [
        "error: there is no setting `http.prot`, did you mean `http.port`?",
        "error: there is no setting `htpp.host`, did you mean `http.host`?",
        "error: guest `a`: there is no setting `pasword`, did you mean `password`?",
        "error: guest `a`: `dishes`: invalid type: integer `5`; accepted: a list",
        "error: guest `number 2`: `guest_name`: invalid type: integer `7`; accepted: a text",
        "error: `http.host` is empty; accepted: a name",
        "warning: guest `a`: `dishes` is empty; better: rice",
    ];
    let found = found(file, &environment);
    for line in expected {
        assert!(
            found.iter().any(|found| found == line),
            "no {line} in {found:#?}"
        );
    }
    for begins in ["error: `http.port`: ", "error: `http.scheme`: "] {
        let is_there = found.iter().any(|found| found.starts_with(begins));
        assert!(is_there, "no {begins} in {found:#?}");
    }
    assert_eq!(found.len(), expected.len() + 2, "{found:#?}");
}

#[test]
fn what_other_software_calls_a_field_is_told_and_its_value_is_judged() {
    let file = "[[guests]]\nguestName = \"a\"\ncourses = \"soup, rice\"\n";
    let expected = [
        "error: guest `a`: there is no setting `courses`; accepted: `dishes`",
        "error: guest `a`: there is no setting `guestName`; accepted: `guest_name`",
        "error: guest `a`: `dishes` is one text; accepted: a list: [\"soup\", \"rice\"]",
    ];
    assert_eq!(found(file, &[]), expected);
}

#[test]
fn a_number_in_quotes_is_a_number() {
    assert_eq!(
        load("[http]\nport = \"9000\"\n", &[]).unwrap().http.port,
        9000
    );
}

#[test]
fn no_secret_and_no_password_of_an_address_is_quoted() {
    let wrong = "[http]\nport = \"http://u:hunter2@h:bad\"\nproxy = \"u:hunter2@h\"\n\
                 [[guests]]\nguest_name = \"a\"\ndishes = [\"x\"]\npassword = 8086\n";
    let found = found(wrong, &[]);
    assert_eq!(found.len(), 3, "{found:#?}");
    let text = found.join("\n");
    assert!(
        !text.contains("hunter2") && !text.contains("8086"),
        "{text}"
    );
    assert!(text.contains("http://[redacted]@h:bad"), "{text}");
}

#[test]
fn a_variable_with_other_underscores_or_letters_is_warned_of() {
    let line = |meant: &str| vec![format!("warning: it sets nothing; better: {meant}")];
    let port = "EXAMPLE__HTTP__PORT";
    for name in [
        "EXAMPLE_HTTP_PORT",
        "EXAMPLE_HTTP__PORT",
        "example__http__port",
    ] {
        assert_eq!(
            found("[http]\nport = 1\n", &[(name, "3")]),
            line(port),
            "{name}"
        );
    }
    // Kubernetes makes these for a service that is called `example-http`.
    let of_kubernetes = [
        ("EXAMPLE_HTTP_PORT", "tcp://10.0.0.1:80"),
        ("EXAMPLE_PORT", "x"),
    ];
    assert!(found("[http]\nport = 1\n", &of_kubernetes).is_empty());
    let both = [("EXAMPLE_HTTP_PORT", "3"), (port, "4")];
    assert!(found("[http]\nport = 1\n", &both).is_empty());
}

#[test]
fn a_file_that_sets_nothing_is_warned_of() {
    let expected = ["warning: it sets nothing; better: a setting, or no file"];
    assert_eq!(found("# nothing\n", &[]), expected);
}

#[test]
fn what_changed_is_named_and_not_shown() {
    let values = |file: &str| examine(file, &[]).accept().unwrap().values;
    let before = values("[http]\nport = 1\nhost = \"a\"\n");
    let now = values("[http]\nport = 2\nhost = \"a\"\nnames = [\"b\"]\n");
    let changed: Vec<String> = now.changed_since(&before).into_iter().collect();
    assert_eq!(changed, ["http.names", "http.port"]);
}
