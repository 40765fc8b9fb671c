//! From the queue into the store.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::Notify;
use tokio::time::sleep;

use super::queue::JournalWaiting;
use crate::records::{JournalEntry, Section};
use crate::stores::{JournalStore, StoreError};

/// How many entries are written at once at most.
const BATCH: usize = 512;
/// How long entries are gathered: so many share a write.
const GATHER: Duration = Duration::from_millis(50);
/// How long nothing is tried after the store took no entry.
const REST: Duration = Duration::from_secs(1);

/// Writes what was heard.
pub struct JournalWriter {
    waiting: JournalWaiting,
    store: Arc<dyn JournalStore>,
}

impl JournalWriter {
    /// Writes what waits there into this store.
    pub fn new(waiting: JournalWaiting, store: Arc<dyn JournalStore>) -> Self {
        Self { waiting, store }
    }

    /// Goes on until it is told to stop, and then writes what still waits.
    pub async fn run(mut self, stop: Arc<Notify>) {
        let mut pause = GATHER;
        loop {
            let is_over = tokio::select! {
                () = sleep(pause) => false,
                () = stop.notified() => true,
            };
            if is_over {
                return self.finish().await;
            }
            let mut batch = Vec::new();
            let is_over = tokio::select! {
                count = self.waiting.entries.recv_many(&mut batch, BATCH) => count == 0,
                () = stop.notified() => true,
            };
            pause = match self.write(batch).await {
                Ok(()) => GATHER,
                Err(error) => {
                    tracing::warn!(event = "journal_not_written", %error);
                    REST
                }
            };
            if is_over {
                return self.finish().await;
            }
        }
    }

    /// Writes what waits now; what comes later is not heard any more.
    pub async fn finish(mut self) {
        self.waiting.entries.close();
        let mut batch = Vec::new();
        while self.waiting.entries.recv_many(&mut batch, BATCH).await > 0 {
            if let Err(error) = self.write(std::mem::take(&mut batch)).await {
                tracing::warn!(event = "journal_not_written", %error);
                return;
            }
        }
    }

    /// Entries that the store does not take are let go of: it is a window, and the audit stream has them.
    async fn write(&self, batch: Vec<(Section, JournalEntry)>) -> Result<(), StoreError> {
        let lost = self.waiting.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            tracing::warn!(event = "journal_entries_lost", entries = lost);
        }
        let mut sections = BTreeMap::<Section, Vec<JournalEntry>>::new();
        for (section, entry) in batch {
            sections.entry(section).or_default().push(entry);
        }
        let writes = sections.iter().filter_map(|(section, entries)| {
            let bounds = self.waiting.policy.bounds(section)?;
            Some(self.store.add_to_journal(section, entries, bounds))
        });
        // All are begun: what one section does not take keeps nothing out of the others.
        join_all(writes).await.into_iter().collect()
    }
}
