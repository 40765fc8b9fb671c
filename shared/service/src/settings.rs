//! Settings: the documented defaults of a service, a file on top, the environment on top of that.
//! Everything is read once, at start, and whatever is wrong names its place.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use config::{Config, File, FileFormat, Map, Source as _, Value, ValueKind};
use serde::de::DeserializeOwned;

mod environment;

/// Where the settings of a service come from.
#[derive(Clone, Debug)]
pub struct SettingsSources<'a> {
    /// The text of `config/default.toml`: it names every setting there is.
    pub defaults: &'static str,
    /// A TOML file that changes some of them.
    pub file: Option<&'a Path>,
    /// `AUTH_SERVER` reads `AUTH_SERVER__HTTP__PORT` as `http.port`.
    pub prefix: &'static str,
    /// The environment's variables.
    pub environment: HashMap<String, String>,
}

/// Settings that cannot be used. The texts name the file or variable, the key and what is accepted.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// There is no such file, or it cannot be read.
    #[error("{}: {reason}", .file.display())]
    File {
        /// The file that was named.
        file: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// A key that no setting has.
    #[error("{place}: there is no setting `{key}`{}", .meant.as_ref().map(|meant| format!(", did you mean `{meant}`?")).unwrap_or_default())]
    UnknownKey {
        /// File or environment variable.
        place: String,
        /// The key.
        key: String,
        /// The setting with the most similar name.
        meant: Option<String>,
    },
    /// A value of the wrong type or out of range, or a file that is not TOML.
    #[error("{place}: {reason}")]
    Value {
        /// Where the settings were read from.
        place: String,
        /// The key, what was found and what is accepted.
        reason: String,
    },
}

impl<'a> SettingsSources<'a> {
    /// The sources of the service with this prefix, with the environment of this process.
    pub fn new(prefix: &'static str, defaults: &'static str, file: Option<&'a Path>) -> Self {
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self {
            defaults,
            file,
            prefix,
            environment: environment.collect(),
        }
    }

    /// Reads and checks the settings.
    pub fn load<T: DeserializeOwned>(&self) -> Result<T, SettingsError> {
        let defaults = File::from_str(self.defaults, FileFormat::Toml);
        let known = defaults
            .collect()
            .map_err(|error| value_error("defaults", &error))?;
        let mut builder = Config::builder().add_source(defaults);
        let mut place = "environment".to_owned();
        if let Some(path) = self.file {
            place = format!("{} and environment", path.display());
            let text = std::fs::read_to_string(path).map_err(|reason| SettingsError::File {
                file: path.to_owned(),
                reason,
            })?;
            let file = File::from_str(&text, FileFormat::Toml);
            let name = path.display().to_string();
            let found = file.collect().map_err(|error| value_error(&name, &error))?;
            refuse_unknown(&known, &found, &name, "")?;
            builder = builder.add_source(file);
        }
        for (key, value) in environment::overrides(self.prefix, &self.environment, &known)? {
            builder = builder
                .set_override(&key, value)
                .map_err(|error| value_error(&place, &error))?;
        }
        let settings = builder
            .build()
            .map_err(|error| value_error(&place, &error))?;
        settings.clone().try_deserialize().map_err(|error| {
            let reason = accepted_values::<T>(settings).unwrap_or_else(|| error.to_string());
            SettingsError::Value { place, reason }
        })
    }
}

fn value_error(place: &str, error: &config::ConfigError) -> SettingsError {
    SettingsError::Value {
        place: place.to_owned(),
        reason: error.to_string(),
    }
}

/// The same mistake in other words, which name the key and list what is accepted; the library's own do
/// not say which words a choice has.
fn accepted_values<T: DeserializeOwned>(settings: Config) -> Option<String> {
    let values: serde_json::Value = settings.try_deserialize().ok()?;
    let error = serde_path_to_error::deserialize::<_, T>(values).err()?;
    Some(format!("`{}`: {}", error.path(), error.inner()))
}

fn refuse_unknown(
    known: &Map<String, Value>,
    found: &Map<String, Value>,
    place: &str,
    above: &str,
) -> Result<(), SettingsError> {
    for (name, value) in found {
        let key = format!("{above}{name}");
        match known.get(name).map(|known| &known.kind) {
            Some(ValueKind::Table(below)) => {
                if let ValueKind::Table(found) = &value.kind {
                    refuse_unknown(below, found, place, &format!("{key}."))?;
                }
            }
            Some(_) => {}
            None => {
                let candidates = paths(known, above);
                let meant = nearest(&key, &candidates);
                return Err(SettingsError::UnknownKey {
                    place: place.to_owned(),
                    key,
                    meant,
                });
            }
        }
    }
    Ok(())
}

fn paths(table: &Map<String, Value>, above: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (name, value) in table {
        let key = format!("{above}{name}");
        if let ValueKind::Table(below) = &value.kind {
            paths.extend(self::paths(below, &format!("{key}.")));
        }
        paths.push(key);
    }
    paths
}

/// Names that are less alike than this are not worth a guess.
const ALIKE: f64 = 0.7;

fn nearest(key: &str, candidates: &[String]) -> Option<String> {
    let likeness = |candidate: &String| strsim::jaro_winkler(key, candidate);
    let best = candidates
        .iter()
        .max_by(|left, right| likeness(left).total_cmp(&likeness(right)))?;
    (likeness(best) > ALIKE).then(|| best.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Example {
        http: Http,
    }

    const DEFAULTS: &str =
        "[http]\nport = 1\nhost = \"localhost\"\nscheme = \"http\"\nnames = []\n";

    #[derive(Debug, Deserialize)]
    struct Http {
        port: u16,
        host: String,
        #[serde(rename = "scheme")]
        _scheme: Scheme,
        names: Vec<String>,
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
            defaults: DEFAULTS,
            file: Some(&path),
            prefix: "EXAMPLE",
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
            defaults: "",
            file: Some(Path::new("no/such/file.toml")),
            prefix: "EXAMPLE",
            environment: HashMap::new(),
        };
        let text = sources.load::<Example>().unwrap_err().to_string();
        assert!(text.contains("no/such/file.toml"), "{text}");
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
}
