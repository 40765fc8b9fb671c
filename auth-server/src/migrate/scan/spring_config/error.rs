//! Why a configuration cannot be read.

/// Why a configuration cannot be read. Nothing of what stands in it is shown: it has passwords.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    /// The file cannot be read.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// It is longer than any configuration.
    #[error("it is longer than {0} bytes")]
    Length(u64),
    /// It is no text.
    #[error("it is no UTF-8")]
    Text,
    /// It is not of its format.
    #[error("it is no {format} that can be read{}", place(*.line))]
    Format {
        /// YAML or properties.
        format: &'static str,
        /// In which line that shows, from 1.
        line: Option<u64>,
    },
}

fn place(line: Option<u64>) -> String {
    line.map(|line| format!(": see line {line}"))
        .unwrap_or_default()
}
