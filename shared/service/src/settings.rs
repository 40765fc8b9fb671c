//! Settings: the documented defaults of a service, a file on top, the environment on top of that.
//! Everything is read once, at start, and whatever is wrong names its place.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;

use config::{Config, File, FileFormat, Source as _};
use serde::de::DeserializeOwned;

use crate::http::HttpSettings;
use crate::telemetry::{LogSettings, TraceSettings};

mod environment;
mod error;
mod known;
mod optional;

pub use error::SettingsError;
pub use optional::empty_is_none;

/// The settings of a service, as they are when they were read and checked.
pub trait ServiceSettings: DeserializeOwned {
    /// The text of `config/default.toml`: it names every setting there is, with a comment for each.
    const DEFAULTS: &'static str;
    /// `AUTH_SERVER` reads the environment's `AUTH_SERVER__HTTP__PORT` as `http.port`.
    const ENVIRONMENT_PREFIX: &'static str;

    /// Refuses what the types alone cannot; the text names the key and what is accepted.
    fn check(&self) -> Result<(), String>;

    /// What every service has.
    fn shared(&self) -> SharedSettings<'_>;
}

/// The settings that every service has.
#[derive(Clone, Copy, Debug)]
pub struct SharedSettings<'a> {
    /// Where it listens.
    pub http: &'a HttpSettings,
    /// How it logs.
    pub log: &'a LogSettings,
    /// Where traces go.
    pub traces: &'a TraceSettings,
}

impl<'a> SharedSettings<'a> {
    /// These.
    pub const fn new(
        http: &'a HttpSettings,
        log: &'a LogSettings,
        traces: &'a TraceSettings,
    ) -> Self {
        Self { http, log, traces }
    }
}

/// Where the settings of a service come from, above its defaults. Nothing by default.
#[derive(Clone, Debug, Default)]
pub struct SettingsSources {
    /// A TOML file that changes some of them.
    pub file: Option<PathBuf>,
    /// The environment's variables.
    pub environment: HashMap<String, String>,
}

impl SettingsSources {
    /// A file, if there is one, and the environment of this process.
    pub fn of_this_process(file: Option<PathBuf>) -> Self {
        // What is no UTF-8 is not left out: a setting made of it is refused.
        let text = |text: OsString| text.to_string_lossy().into_owned();
        let environment = std::env::vars_os().map(|(name, value)| (text(name), text(value)));
        Self {
            file,
            environment: environment.collect(),
        }
    }

    /// Reads and checks the settings of a service.
    pub fn load<S: ServiceSettings>(&self) -> Result<S, SettingsError> {
        let settings: S = self.read()?;
        settings.check().map_err(|reason| SettingsError::Value {
            place: self.place("defaults and environment"),
            reason,
        })?;
        Ok(settings)
    }

    fn read<S: ServiceSettings>(&self) -> Result<S, SettingsError> {
        let place = self.place("environment");
        let wrong = |error| SettingsError::of(&place, &error);
        let defaults = File::from_str(S::DEFAULTS, FileFormat::Toml);
        let known = defaults
            .collect()
            .map_err(|error| SettingsError::of("defaults", &error))?;
        let mut builder = Config::builder().add_source(defaults);
        if let Some(path) = &self.file {
            let text = std::fs::read_to_string(path).map_err(|reason| SettingsError::File {
                file: path.clone(),
                reason,
            })?;
            let name = path.display().to_string();
            toml::from_str::<toml::Table>(&text)
                .map_err(|error| SettingsError::not_toml(&name, &text, &error))?;
            let file = File::from_str(&text, FileFormat::Toml);
            let found = file
                .collect()
                .map_err(|error| SettingsError::of(&name, &error))?;
            known::refuse_unknown(&known, &found, &name, "")?;
            builder = builder.add_source(file);
        }
        let overrides = environment::overrides(S::ENVIRONMENT_PREFIX, &self.environment, &known)?;
        for (key, value) in overrides {
            builder = builder.set_override(&key, value).map_err(wrong)?;
        }
        let settings = builder.build().map_err(wrong)?;
        settings.clone().try_deserialize().map_err(|error| {
            let reason = accepted_values::<S>(settings).unwrap_or_else(|| error.to_string());
            SettingsError::Value { place, reason }
        })
    }

    /// Where a mistake may be that several sources made together.
    fn place(&self, without_file: &str) -> String {
        self.file.as_ref().map_or_else(
            || without_file.to_owned(),
            |file| format!("{} and environment", file.display()),
        )
    }
}

/// The same mistake in other words, which name the key and list what is accepted; the library's own do
/// not say which words a choice has.
fn accepted_values<T: DeserializeOwned>(settings: Config) -> Option<String> {
    let values: serde_json::Value = settings.try_deserialize().ok()?;
    let error = serde_path_to_error::deserialize::<_, T>(values).err()?;
    Some(format!("`{}`: {}", error.path(), error.inner()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Example {
        http: Http,
    }

    impl ServiceSettings for Example {
        const DEFAULTS: &'static str = "[http]\nport = 1\nhost = \"localhost\"\nscheme = \"http\"\n\
                                        names = []\nproxy = \"\"\n";
        const ENVIRONMENT_PREFIX: &'static str = "EXAMPLE";

        fn shared(&self) -> SharedSettings<'_> {
            unreachable!("these tests read settings and start nothing")
        }

        fn check(&self) -> Result<(), String> {
            if self.http.host.is_empty() {
                return Err("`http.host` is empty".to_owned());
            }
            Ok(())
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
        .load()
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
        let text = load("", &[("EXAMPLE__HTTP__PRT", "3")])
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
            text.contains(".toml and environment: `http.host` is empty"),
            "{text}"
        );
        let sources = SettingsSources {
            file: None,
            environment: HashMap::from([("EXAMPLE__HTTP__HOST".to_owned(), String::new())]),
        };
        let text = sources.load::<Example>().unwrap_err().to_string();
        assert_eq!(text, "defaults and environment: `http.host` is empty");
    }

    #[test]
    fn a_text_in_the_environment_stays_a_text_also_when_it_looks_like_a_number() {
        let settings = load("", &[("EXAMPLE__HTTP__HOST", "0012")]).unwrap();
        assert_eq!(settings.http.host, "0012");
    }

    #[test]
    fn a_list_in_the_environment_is_separated_by_commas() {
        let settings = load("", &[("EXAMPLE__HTTP__NAMES", "a, b,,c ")]).unwrap();
        assert_eq!(settings.http.names, ["a", "b", "c"]);
        let settings = load("", &[("EXAMPLE__HTTP__NAMES", "")]).unwrap();
        assert!(settings.http.names.is_empty());
    }

    #[test]
    fn an_empty_text_is_nothing_where_nothing_is_allowed() {
        assert_eq!(load("", &[]).unwrap().http.proxy, None);
        let settings = load("", &[("EXAMPLE__HTTP__PROXY", "::1")]).unwrap();
        assert_eq!(settings.http.proxy, Some("::1".parse().unwrap()));
        let text = load("", &[("EXAMPLE__HTTP__PROXY", "near")])
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
        let settings = load("", &[("EXAMPLE__HTTP__HOST_FILE", path)]).unwrap();
        assert_eq!(settings.http.host, "0012");

        let both = [
            ("EXAMPLE__HTTP__HOST", "a"),
            ("EXAMPLE__HTTP__HOST_FILE", path),
        ];
        let text = load("", &both).unwrap_err().to_string();
        assert!(text.contains("`http.host` is set by another"), "{text}");

        let missing = [("EXAMPLE__HTTP__HOST_FILE", "/no/such/file")];
        let text = load("", &missing).unwrap_err().to_string();
        assert!(
            text.contains("EXAMPLE__HTTP__HOST_FILE: /no/such/file: No such file"),
            "{text}"
        );

        let text = load("", &[("EXAMPLE__HTTP_FILE", path)])
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
        let text = load("", &[("EXAMPLE__HTTP__PORT", "2\u{fffd}")]).unwrap_err();
        let expected = "environment variable EXAMPLE__HTTP__PORT: the value is not UTF-8";
        assert_eq!(text.to_string(), expected);
    }
}
