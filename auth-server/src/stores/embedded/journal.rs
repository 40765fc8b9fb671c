//! The journal: in each section entries have numbers, and the next is one more than the last.

use async_trait::async_trait;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::{BackwardRange, KeyRange, View, encode};
use crate::records::{JournalEntry, JournalPlace, Section, SectionBounds};
use crate::stores::{JournalPart, JournalStore, StoreError};

/// How many entries more than it adds a write lets go of, when a bound was lowered.
const LET_GO_BESIDE: usize = 64;

#[async_trait]
impl JournalStore for EmbeddedStore {
    async fn add_to_journal(
        &self,
        section: &Section,
        entries: &[JournalEntry],
        bounds: SectionBounds,
    ) -> Result<(), StoreError> {
        let section = Key::section(section);
        // More at once than there is room for: the newest count.
        let room = usize::try_from(bounds.entries).unwrap_or(usize::MAX);
        let kept = entries.len().saturating_sub(room);
        let entries = entries.get(kept..).unwrap_or_default();
        let mut added = Vec::with_capacity(entries.len());
        for entry in entries {
            let forget_at = entry.at.plus_secs(bounds.life_secs);
            added.push((forget_at, encode(entry)?));
        }
        self.write(move |view| {
            let mut changes = view.changes();
            let limit = added.len().saturating_add(LET_GO_BESIDE);
            let mut number = newest(view, &section)?;
            // Of more than there is room for, the first are over before they are written.
            let room = usize::try_from(bounds.entries).unwrap_or(usize::MAX);
            let over = added.len().saturating_sub(room);
            number = number.saturating_add(u64::try_from(over).unwrap_or(u64::MAX));
            for (forget_at, record) in added.into_iter().skip(over) {
                number = number.saturating_add(1);
                changes.put(section.entry(number), forget_at, record);
            }
            let oldest = number.saturating_sub(bounds.entries);
            if oldest == 0 {
                return Ok(((), changes));
            }
            let range = KeyRange {
                prefix: &section,
                after: None,
                limit,
            };
            for key in view.some_keys(&range)? {
                if key.entry_number().is_some_and(|number| number <= oldest) {
                    changes.remove(key);
                }
            }
            Ok(((), changes))
        })
        .await
    }

    async fn read_journal(
        &self,
        section: &Section,
        before: Option<JournalPlace>,
        limit: usize,
    ) -> Result<JournalPart, StoreError> {
        let section = Key::section(section);
        let before = before.map(|place| section.entry(place.major));
        self.read(|view| {
            let part = view.part_backward(&BackwardRange {
                prefix: &section,
                before: before.as_ref(),
                limit,
            })?;
            let place = |key: &Key| {
                let major = key.entry_number()?;
                Some(JournalPlace { major, minor: 0 })
            };
            let found = part.found.into_iter();
            let entries = found.filter_map(|(key, _, entry)| Some((place(&key)?, entry)));
            Ok(JournalPart {
                entries: entries.collect(),
                next: part.last.as_ref().and_then(place),
            })
        })
    }
}

/// The number of the last entry, also of one that is over or damaged.
fn newest(view: &View<'_>, section: &Key) -> Result<u64, StoreError> {
    let last = view.last_key(section)?;
    Ok(last.and_then(|key| key.entry_number()).unwrap_or_default())
}
