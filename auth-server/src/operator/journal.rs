//! The operator's commands on the journal.

use std::collections::BTreeMap;

use serde::Serialize;
use symbolon::clock::Timestamp;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::words::{MOST_SHOWN, Named, counted, one_word};
use crate::journal::{Journal, JournalCursor, JournalFilter};
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
            Self::Search(filter) | Self::Export(filter) => pairs_of(filter),
        }
    }

    pub(super) fn parse(words: &str, named: &Named) -> Option<Self> {
        match words {
            "explain" => named.value("request").map(Self::Explain),
            "audit search" => Some(Self::Search(filter(named))),
            "audit export" => Some(Self::Export(filter(named))),
            _ => None,
        }
    }
}

fn pairs_of(filter: &JournalFilter) -> Vec<(&'static str, String)> {
    let pairs = [
        ("event", &filter.event),
        ("client", &filter.client_id),
        ("owner", &filter.owner),
        ("request", &filter.request_id),
        ("grant", &filter.grant_id),
        ("address", &filter.address),
    ];
    let said = pairs
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.clone()?)));
    said.collect()
}

fn filter(named: &Named) -> JournalFilter {
    JournalFilter {
        event: named.value("event"),
        client_id: named.value("client"),
        owner: named.value("owner"),
        request_id: named.value("request"),
        grant_id: named.value("grant"),
        address: named.value("address"),
    }
}

impl JournalCommand {
    /// What the journal says; else why it says nothing.
    pub(super) async fn told_by(
        &self,
        journal: &Journal,
    ) -> Result<Result<String, String>, StoreError> {
        match self {
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
    format!(
        "nothing is known of a request {id}: nothing in it was refused or changed, or it is longer ago than the journal \
         goes back (`[journal]` in the settings)"
    )
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

/// A moment for people and programs (RFC 3339), in UTC.
fn written(at: Timestamp) -> String {
    let secs = i64::try_from(at.as_secs()).unwrap_or(i64::MAX);
    let moment = OffsetDateTime::from_unix_timestamp(secs).ok();
    let text = moment.and_then(|moment| moment.format(&Rfc3339).ok());
    text.unwrap_or_else(|| at.as_secs().to_string())
}

/// What is known of an entry besides its time and its event, in the order of the columns.
fn facts(entry: &JournalEntry) -> impl Iterator<Item = (&str, &str)> {
    let known = [
        ("client", &entry.client_id),
        ("owner", &entry.owner),
        ("grant", &entry.grant_id),
        ("address", &entry.address),
        ("request", &entry.request_id),
    ];
    let details = entry.details.iter();
    let details = details.map(|(name, value)| (name.as_str(), value.as_str()));
    let known = known.into_iter();
    let known = known.map(|(name, value)| (name, value.as_str()));
    known.filter(|(_, value)| !value.is_empty()).chain(details)
}

/// When, what, and what is known of it, on one line.
fn line(entry: &JournalEntry) -> String {
    let facts = facts(entry).map(|(name, value)| format!("{name}={}", quoted(value)));
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

/// The same for whoever wants to know all about it.
fn explained(entry: &JournalEntry) -> String {
    let head = format!("{}  {}", written(entry.at), entry.event);
    let facts = facts(entry).map(|(name, value)| format!("  {name:10} {}", value.escape_debug()));
    let lines: Vec<String> = [head].into_iter().chain(facts).collect();
    lines.join("\n")
}

/// An entry for other programs, with the names of the audit stream.
#[derive(Serialize)]
struct Exported<'a> {
    time: String,
    event: &'a str,
    #[serde(rename = "request.id")]
    request_id: &'a str,
    #[serde(rename = "client.id")]
    client_id: &'a str,
    owner: &'a str,
    #[serde(rename = "grant.id")]
    grant_id: &'a str,
    #[serde(rename = "client.address")]
    address: &'a str,
    #[serde(flatten)]
    details: &'a BTreeMap<String, String>,
}

fn json_line(entry: &JournalEntry) -> Option<String> {
    let exported = Exported {
        time: written(entry.at),
        event: &entry.event,
        request_id: &entry.request_id,
        client_id: &entry.client_id,
        owner: &entry.owner,
        grant_id: &entry.grant_id,
        address: &entry.address,
        details: &entry.details,
    };
    serde_json::to_string(&exported).ok()
}
