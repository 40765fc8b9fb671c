//! From memory into the store.

use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon::identifiers::ClientId;

use super::counts::HabitCounts;
use crate::records::{LastSeen, SeenClient};
use crate::stores::{HabitStore, StoreError};

/// How many clients are written at once at most.
const BATCH: usize = 512;

/// Writes what was seen.
#[derive(Clone)]
pub struct HabitWriter {
    /// What was seen.
    pub counts: HabitCounts,
    /// Where it is kept.
    pub store: Arc<dyn HabitStore>,
    /// The time, which is that of the write: nobody looks at a clock for every use.
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for HabitWriter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "HabitWriter({:?})", self.clock)
    }
}

impl HabitWriter {
    /// Writes all that was seen since the last time. What the store does not take is written with the next.
    pub async fn write(&self) -> Result<(), StoreError> {
        let at = self.clock.now();
        let seen = |(client_id, uses): (&ClientId, &u32)| SeenClient {
            client_id: client_id.clone(),
            last_seen: LastSeen {
                at,
                uses: u64::from(*uses),
            },
        };
        let mut outcome = Ok(());
        for (habit, clients) in self.counts.take() {
            let all: Vec<SeenClient> = clients.iter().map(seen).collect();
            for batch in all.chunks(BATCH) {
                if outcome.is_ok() {
                    outcome = self.store.note_habit(habit, batch).await;
                }
            }
            if outcome.is_err() {
                // Of several batches some may be there: a few uses count twice then, which is as good as they are counted.
                self.counts.put_back(habit, &clients);
            }
        }
        outcome
    }
}
