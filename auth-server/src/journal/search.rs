//! Looking at the journal: newest first, from all sections, a bounded number of entries at a time.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use futures_util::future::try_join_all;
use symbolon::clock::{Clock, Timestamp};
use symbolon::identifiers::ClientId;

use super::filter::JournalFilter;
use super::sections::JournalPolicy;
use crate::audit::AuditKind;
use crate::records::{JournalEntry, JournalPlace, NoJournalPlace, RefusalKind, Section};
use crate::stores::{JournalStore, StoreError};

/// How many entries are read of a section at once.
const PART: usize = 200;
/// How many entries are looked at for one page: more take another.
const LOOKED_AT: usize = 5000;
/// How much the clocks of several servers may differ, in seconds: entries of a section are in the order in which they came.
const CLOCKS_DIFFER_SECS: u64 = 300;

/// Where a search goes on: a place in each section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JournalCursor([Option<JournalPlace>; Section::ALL.len()]);

impl fmt::Display for JournalCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, place) in self.0.iter().enumerate() {
            if number > 0 {
                formatter.write_str(".")?;
            }
            if let Some(place) = place {
                write!(formatter, "{place}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for JournalCursor {
    type Err = NoJournalPlace;

    fn from_str(text: &str) -> Result<Self, NoJournalPlace> {
        let mut places = text.split('.').map(|place| match place {
            "" => Ok(None),
            place => place.parse().map(Some),
        });
        let mut cursor = Self::default();
        for place in &mut cursor.0 {
            *place = places.next().ok_or(NoJournalPlace)??;
        }
        match places.next() {
            None => Ok(cursor),
            Some(_) => Err(NoJournalPlace),
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalPage {
    /// Newest first.
    pub entries: Vec<JournalEntry>,
    /// Where it goes on, when there may be more, also when nothing was found so far.
    pub next: Option<JournalCursor>,
}

/// Reads the journal.
#[derive(Clone)]
pub struct Journal {
    /// Where it is kept.
    pub store: Arc<dyn JournalStore>,
    /// How much of what is kept.
    pub policy: JournalPolicy,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Journal {
    /// A page of what is looked for.
    pub async fn search(
        &self,
        filter: &JournalFilter,
        from: JournalCursor,
        limit: usize,
    ) -> Result<JournalPage, StoreError> {
        let now = self.clock.now();
        let mut sections = Sections::new(self.store.as_ref(), from);
        sections.look_only(filter, self.oldest(filter, now));
        let mut entries = Vec::new();
        for _ in 0..LOOKED_AT {
            let Some(entry) = sections.next().await? else {
                return Ok(JournalPage {
                    entries,
                    next: None,
                });
            };
            if self.is_kept(&entry, now) && filter.lets_through(&entry) {
                entries.push(entry);
            }
            if entries.len() == limit {
                break;
            }
        }
        Ok(JournalPage {
            entries,
            next: Some(sections.cursor()),
        })
    }

    /// All that is known of the requests with this id, oldest first.
    pub async fn of_request(&self, id: &str) -> Result<Vec<JournalEntry>, StoreError> {
        let filter = JournalFilter {
            request_id: Some(id.to_owned()),
            ..JournalFilter::default()
        };
        let (mut found, mut from) = (Vec::new(), JournalCursor::default());
        loop {
            let page = self.search(&filter, from, LOOKED_AT).await?;
            found.extend(page.entries);
            match page.next {
                Some(next) => from = next,
                None => break,
            }
        }
        found.reverse();
        Ok(found)
    }

    /// What was refused to a client, newest first: of each kind the last `limit`. So nobody pushes out what was refused to the
    /// client itself by asking for something else in its name.
    pub async fn refused_to(
        &self,
        client: &ClientId,
        limit: usize,
    ) -> Result<Vec<JournalEntry>, StoreError> {
        let sections = RefusalKind::ALL.map(|kind| Section::RefusedTo(client.clone(), kind));
        let reads = sections
            .iter()
            .map(|section| self.store.read_journal(section, None, limit));
        let now = self.clock.now();
        let mut found = Vec::new();
        for part in try_join_all(reads).await? {
            let entries = part.entries.into_iter().map(|(_, entry)| entry);
            found.extend(entries.filter(|entry| self.is_kept(entry, now)));
        }
        found.sort_by_key(|entry| Reverse(entry.at));
        Ok(found)
    }

    fn is_kept(&self, entry: &JournalEntry, now: Timestamp) -> bool {
        now < entry.at.plus_secs(self.policy.life_secs)
    }

    /// Behind an entry that is older than this nothing is looked for.
    fn oldest(&self, filter: &JournalFilter, now: Timestamp) -> Timestamp {
        let kept = now.as_secs().saturating_sub(self.policy.life_secs);
        let wanted = filter.since.map_or(0, Timestamp::as_secs);
        Timestamp::from_secs(kept.max(wanted).saturating_sub(CLOCKS_DIFFER_SECS))
    }

    /// Whether events of this kind are kept.
    pub const fn keeps(&self, kind: AuditKind) -> bool {
        let entries = match kind {
            AuditKind::Refused => self.policy.refused,
            AuditKind::Granted => self.policy.granted,
            AuditKind::Changed => self.policy.changed,
        };
        entries > 0
    }
}

/// All sections, read as one: of those entries that are next on them the newest comes first.
struct Sections<'s> {
    store: &'s dyn JournalStore,
    open: [OpenSection; Section::ALL.len()],
    oldest: Timestamp,
}

/// A section that is read.
struct OpenSection {
    section: Section,
    /// Read and not handed out.
    read: VecDeque<(JournalPlace, JournalEntry)>,
    /// Where it is read on.
    next: Option<JournalPlace>,
    /// Nothing is behind what was read.
    is_at_end: bool,
    /// The last one that was handed out.
    handed_out: Option<JournalPlace>,
}

impl OpenSection {
    fn new(section: Section, from: Option<JournalPlace>) -> Self {
        Self {
            section,
            read: VecDeque::new(),
            next: from,
            is_at_end: false,
            handed_out: from,
        }
    }

    /// When the next entry happened.
    async fn peek(&mut self, store: &dyn JournalStore) -> Result<Option<Timestamp>, StoreError> {
        while self.read.is_empty() && !self.is_at_end {
            let part = store.read_journal(&self.section, self.next, PART).await?;
            self.read.extend(part.entries);
            self.is_at_end = part.next.is_none();
            self.next = part.next;
        }
        Ok(self.read.front().map(|(_, entry)| entry.at))
    }

    fn take(&mut self) -> Option<JournalEntry> {
        let (place, entry) = self.read.pop_front()?;
        self.handed_out = Some(place);
        Some(entry)
    }
}

impl<'s> Sections<'s> {
    fn new(store: &'s dyn JournalStore, from: JournalCursor) -> Self {
        let mut places = from.0.into_iter();
        let open = Section::ALL.map(|section| OpenSection::new(section, places.next().flatten()));
        let oldest = Timestamp::from_secs(0);
        Self {
            store,
            open,
            oldest,
        }
    }

    /// Leaves out what the filter does not ask for, and what is older than this.
    fn look_only(&mut self, filter: &JournalFilter, oldest: Timestamp) {
        self.oldest = oldest;
        for section in &mut self.open {
            section.is_at_end = !filter.looks_into(&section.section);
        }
    }

    async fn next(&mut self) -> Result<Option<JournalEntry>, StoreError> {
        let mut newest = None;
        for (number, section) in self.open.iter_mut().enumerate() {
            let at = section.peek(self.store).await?;
            let at = at.filter(|at| *at >= self.oldest);
            if at.is_some() && newest.is_none_or(|(known, _)| at > known) {
                newest = Some((at, number));
            }
        }
        let section = newest.and_then(|(_, number)| self.open.get_mut(number));
        Ok(section.and_then(OpenSection::take))
    }

    fn cursor(&self) -> JournalCursor {
        let [refused, granted, changed] = &self.open;
        JournalCursor([refused, granted, changed].map(|section| section.handed_out))
    }
}
