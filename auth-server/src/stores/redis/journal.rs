//! The journal: a stream for each section. Its entries have the times of Redis for names.

use async_trait::async_trait;

use super::RedisStore;
use super::records::{decode, encode};
use crate::records::{JournalEntry, JournalPlace, Section, SectionBounds};
use crate::stores::{JournalPart, JournalStore, StoreError, or_if_damaged};

/// An entry as Redis gives it: its name, then fields and values by turns, as the script writes them.
type Given = (String, Vec<String>);

/// Where the entry itself stands among them.
const ENTRY: usize = 3;

#[async_trait]
impl JournalStore for RedisStore {
    async fn add_to_journal(
        &self,
        section: &Section,
        entries: &[JournalEntry],
        bounds: SectionBounds,
    ) -> Result<(), StoreError> {
        let Some(last) = entries.last() else {
            return Ok(());
        };
        let oldest = last.at.as_secs().saturating_sub(bounds.life_secs);
        let mut script = self.scripts.add_to_journal.key(self.keys.section(section));
        script.arg(bounds.entries).arg(oldest).arg(bounds.life_secs);
        for entry in entries {
            script.arg(entry.at.as_secs()).arg(encode(entry)?);
        }
        let _looked_at: u64 = self.connection.invoke(&script).await?;
        Ok(())
    }

    async fn read_journal(
        &self,
        section: &Section,
        before: Option<JournalPlace>,
        limit: usize,
    ) -> Result<JournalPart, StoreError> {
        let end = before.map_or_else(|| "+".to_owned(), |place| format!("({place}"));
        let mut command = redis::cmd("XREVRANGE");
        let command = command.arg(self.keys.section(section)).arg(end).arg("-");
        let given: Vec<Given> = self
            .connection
            .query(command.arg("COUNT").arg(limit))
            .await?;
        let last = given.last().and_then(|(name, _)| name.parse().ok());
        let mut part = JournalPart {
            next: last.filter(|_| given.len() == limit),
            entries: Vec::with_capacity(given.len()),
        };
        for (name, fields) in given {
            let entry = fields.get(ENTRY).map(|text| decode::<JournalEntry>(text));
            let entry = or_if_damaged(entry.transpose(), || None)?;
            part.entries.extend(name.parse().ok().zip(entry));
        }
        Ok(part)
    }
}
