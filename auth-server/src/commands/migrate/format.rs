//! How commands print their answers.

use clap::ValueEnum;

/// How an answer is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A table.
    #[default]
    Text,
    /// JSON.
    Json,
}
