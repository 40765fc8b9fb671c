//! What happened lately.

use async_trait::async_trait;

use crate::records::{JournalEntry, JournalPlace, Section, SectionBounds};
use crate::stores::{Observed, StoreError};

/// Keeps the journal. Entries are added in the order in which they come; several servers may add at once.
#[async_trait]
pub trait JournalStore: Send + Sync {
    /// Adds entries to a section, oldest first, and lets go of what is beyond its bounds: of entries it keeps so many, and
    /// none that is older.
    async fn add_to_journal(
        &self,
        section: &Section,
        entries: &[JournalEntry],
        bounds: SectionBounds,
    ) -> Result<(), StoreError>;

    /// The entries of a section that were added before the one at `before`, newest first, at most `limit`, without those that
    /// cannot be read.
    async fn read_journal(
        &self,
        section: &Section,
        before: Option<JournalPlace>,
        limit: usize,
    ) -> Result<JournalPart, StoreError>;
}

/// What was read of a section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalPart {
    /// Each entry with its place.
    pub entries: Vec<(JournalPlace, JournalEntry)>,
    /// Where it goes on, when there may be more.
    pub next: Option<JournalPlace>,
}

#[async_trait]
impl JournalStore for Observed<dyn JournalStore> {
    async fn add_to_journal(
        &self,
        section: &Section,
        entries: &[JournalEntry],
        bounds: SectionBounds,
    ) -> Result<(), StoreError> {
        self.observe(
            "add_to_journal",
            self.port.add_to_journal(section, entries, bounds),
        )
        .await
    }

    async fn read_journal(
        &self,
        section: &Section,
        before: Option<JournalPlace>,
        limit: usize,
    ) -> Result<JournalPart, StoreError> {
        self.observe(
            "read_journal",
            self.port.read_journal(section, before, limit),
        )
        .await
    }
}
