//! Logs.

use std::io::IsTerminal as _;

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

/// How a service logs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// For people or for programs.
    pub format: LogFormat,
    /// What to log: a level, or directives such as `info,auth_server=debug`.
    pub filter: String,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One readable line an event.
    Pretty,
    /// One JSON object an event.
    Json,
}

/// `filter` holds something that is no log directive.
#[derive(Debug, thiserror::Error)]
#[error("log.filter: {0}")]
pub struct LogFilterError(#[from] tracing_subscriber::filter::ParseError);

/// Starts logging, to standard error, for the rest of the process. A second call changes nothing.
pub fn start_logging(settings: &LogSettings) -> Result<(), LogFilterError> {
    let filter = EnvFilter::try_new(&settings.filter)?;
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match settings.format {
        LogFormat::Pretty => subscriber.try_init(),
        LogFormat::Json => subscriber
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .try_init(),
    };
    if started.is_err() {
        tracing::debug!(event = "logging_was_started_before");
    }
    Ok(())
}
