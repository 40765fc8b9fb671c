//! What is known of an entry, in the words that commands, the API and the page share.

use std::collections::BTreeMap;

use serde::Serialize;

use super::moments::written;
use crate::records::JournalEntry;

/// What is known of an entry besides its time and its event, in the order in which it is told.
pub fn facts_of(entry: &JournalEntry) -> impl Iterator<Item = (&str, &str)> {
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

/// What happened, for whoever wants to know all about it: a line for each thing that is known.
pub fn explained(entry: &JournalEntry) -> String {
    let head = format!("{}  {}", written(entry.at), entry.event);
    let facts = facts_of(entry);
    let facts = facts.map(|(name, value)| format!("  {name:10} {}", value.escape_debug()));
    let lines: Vec<String> = [head].into_iter().chain(facts).collect();
    lines.join("\n")
}

/// Why there is nothing to explain.
pub const NOTHING_KNOWN: &str = "nothing in it was refused or changed, or it is longer ago than the journal goes back \
                                 (`[journal]` in the settings)";

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

/// An entry as a line of an export.
pub fn json_line(entry: &JournalEntry) -> Option<String> {
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
