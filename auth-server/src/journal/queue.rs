//! From the audit stream to the writer. Whoever records waits for nothing: what there is no room for is lost, and counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use symbolon::clock::Clock;
use symbolon::identifiers::ClientId;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::sections::{JournalPolicy, refusal_kind, section_of};
use crate::audit::{AuditEvent, AuditListener, current_request_id};
use crate::records::{JournalEntry, Section};

/// How many entries may wait.
const ROOM: usize = 4096;

/// Hears the audit stream.
#[derive(Clone)]
pub struct JournalQueue {
    sender: Sender<(Section, JournalEntry)>,
    lost: Arc<AtomicU64>,
    policy: JournalPolicy,
    clock: Arc<dyn Clock>,
}

/// What was heard and is not written yet.
pub struct JournalWaiting {
    pub(super) entries: Receiver<(Section, JournalEntry)>,
    pub(super) lost: Arc<AtomicU64>,
    pub(super) policy: JournalPolicy,
}

/// A queue: the end that hears and the end that is written.
pub fn journal_queue(
    policy: JournalPolicy,
    clock: &Arc<dyn Clock>,
) -> (JournalQueue, JournalWaiting) {
    let (sender, entries) = channel(ROOM);
    let lost = Arc::new(AtomicU64::new(0));
    let queue = JournalQueue {
        sender,
        lost: Arc::clone(&lost),
        policy,
        clock: Arc::clone(clock),
    };
    let waiting = JournalWaiting {
        entries,
        lost,
        policy,
    };
    (queue, waiting)
}

impl AuditListener for JournalQueue {
    fn hear(&self, event: &AuditEvent<'_>) {
        let section = section_of(event);
        if self.policy.bounds(&section).is_none() {
            return;
        }
        let entry = self.entry(event);
        if section == Section::Refused && !entry.client_id.is_empty() {
            let client = ClientId::new(entry.client_id.as_str());
            self.send(
                Section::RefusedTo(client, refusal_kind(&entry)),
                entry.clone(),
            );
        }
        self.send(section, entry);
    }
}

impl JournalQueue {
    fn entry(&self, event: &AuditEvent<'_>) -> JournalEntry {
        let facts = event.facts();
        let details = facts.details.into_iter();
        let details = details.filter(|(_, value)| !value.is_empty());
        JournalEntry {
            at: self.clock.now(),
            event: event.name().to_owned(),
            request_id: current_request_id(),
            client_id: facts.client.map(ClientId::to_string).unwrap_or_default(),
            owner: facts.owner.unwrap_or_default().to_owned(),
            grant_id: facts.grant_id.map(|id| id.to_string()).unwrap_or_default(),
            address: facts.address.to_owned(),
            details: details
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        }
    }

    fn send(&self, section: Section, entry: JournalEntry) {
        if self.sender.try_send((section, entry)).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}
