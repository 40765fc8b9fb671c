//! The operator's commands on the journal.

use super::words::{MOST_SHOWN, Named, counted, one_word};
use crate::journal::{
    Journal, JournalCursor, JournalFilter, NOTHING_KNOWN, explained, facts_of, json_line, written,
};
use crate::records::JournalEntry;
use crate::stores::StoreError;

/// How many entries are fetched at once.
const AT_ONCE: usize = 1_000;

/// What an operator can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalCommand {
    /// Tell what became of the requests with this id.
    Explain(String),
    /// List what happened, a line each.
    Search(JournalFilter),
    /// The same as JSON, a line each.
    Export(JournalFilter),
}

impl JournalCommand {
    pub(super) const fn as_str(&self) -> &'static str {
        match self {
            Self::Explain(_) => "explain",
            Self::Search(_) => "audit search",
            Self::Export(_) => "audit export",
        }
    }

    /// What it is about, as pairs.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Explain(id) => vec![("request", id.clone())],
            Self::Search(filter) | Self::Export(filter) => filter.pairs(),
        }
    }

    pub(super) fn parse(words: &str, named: &Named) -> Option<Self> {
        match words {
            "explain" => named.value("request").map(Self::Explain),
            "audit search" => filter(named).map(Self::Search),
            "audit export" => filter(named).map(Self::Export),
            _ => None,
        }
    }
}

fn filter(named: &Named) -> Option<JournalFilter> {
    JournalFilter::read(|field| named.value(field)).ok()
}

impl JournalCommand {
    /// What the journal says; else why it says nothing.
    pub(super) async fn told_by(
        &self,
        journal: &Journal,
    ) -> Result<Result<String, String>, StoreError> {
        match self {
            // Events that happened in no request have none.
            Self::Explain(id) if id.trim().is_empty() => Ok(Err(
                "the id of a request is empty; every answer has it in the header x-request-id"
                    .to_owned(),
            )),
            Self::Explain(id) => {
                let found = journal.of_request(id).await?;
                if found.is_empty() {
                    return Ok(Err(nothing_known_of(id)));
                }
                let told: Vec<String> = found.iter().map(explained).collect();
                Ok(Ok(told.join("\n\n")))
            }
            Self::Search(filter) => {
                let (mut lines, mut count) = (Vec::new(), 0_usize);
                let keep = |entry: &JournalEntry| {
                    count = count.saturating_add(1);
                    if lines.len() < MOST_SHOWN {
                        lines.push(line(entry));
                    }
                };
                each(journal, filter, keep).await?;
                Ok(Ok(counted(lines, count, "events")))
            }
            Self::Export(filter) => {
                let mut lines = Vec::new();
                let keep = |entry: &JournalEntry| lines.extend(json_line(entry));
                each(journal, filter, keep).await?;
                Ok(Ok(lines.join("\n")))
            }
        }
    }
}

fn nothing_known_of(id: &str) -> String {
    let id = one_word(id);
    format!("nothing is known of a request {id}: {NOTHING_KNOWN}")
}

/// Everything that is looked for, newest first.
async fn each(
    journal: &Journal,
    filter: &JournalFilter,
    mut take: impl FnMut(&JournalEntry) + Send,
) -> Result<(), StoreError> {
    let mut from = JournalCursor::default();
    loop {
        let page = journal.search(filter, from, AT_ONCE).await?;
        page.entries.iter().for_each(&mut take);
        match page.next {
            Some(next) => from = next,
            None => return Ok(()),
        }
    }
}

/// When, what, and what is known of it, on one line.
fn line(entry: &JournalEntry) -> String {
    let facts = facts_of(entry).map(|(name, value)| format!("{name}={}", quoted(value)));
    let words = [written(entry.at), entry.event.clone()];
    let words: Vec<String> = words.into_iter().chain(facts).collect();
    words.join("  ")
}

/// A value that a reader can tell from the next: a sentence stands in quotes.
fn quoted(value: &str) -> String {
    if value.contains(' ') {
        format!("{value:?}")
    } else {
        one_word(value)
    }
}
