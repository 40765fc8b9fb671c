//! What is wrong with settings.

use std::path::PathBuf;

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

impl SettingsError {
    pub(super) fn of(place: &str, error: &config::ConfigError) -> Self {
        Self::Value {
            place: place.to_owned(),
            reason: error.to_string(),
        }
    }

    /// The number of the line and one line of text. The line itself, which the library's own words show,
    /// may hold a secret.
    pub(super) fn not_toml(place: &str, text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.bytes().take(start);
        let line = 1 + before.filter(|byte| *byte == b'\n').count();
        let message = error.message().replace('\n', ", ");
        Self::Value {
            place: place.to_owned(),
            reason: format!("line {line}: {message}"),
        }
    }
}
