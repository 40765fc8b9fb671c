//! `[journal]`: what happened lately, kept where it can be looked at.

use serde::Deserialize;
use symbolon_service::numbers::within;

/// `[journal]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalSettings {
    /// Entries of what was refused.
    #[serde(deserialize_with = "within::<0, 1_000_000, _, _>")]
    pub refused: u64,
    /// Entries of who came in and what was granted.
    #[serde(deserialize_with = "within::<0, 1_000_000, _, _>")]
    pub granted: u64,
    /// Entries of what was changed.
    #[serde(deserialize_with = "within::<0, 1_000_000, _, _>")]
    pub changed: u64,
    /// Days that an entry is kept at most.
    #[serde(deserialize_with = "within::<1, 366, _, _>")]
    pub days: u64,
}
