//! Who was seen with which habit: a record for each, which ends by itself.

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::{KeyRange, encode};
use crate::records::{Habit, LastSeen, SeenClient};
use crate::stores::{HabitStore, StoreError, or_if_damaged};

#[async_trait]
impl HabitStore for EmbeddedStore {
    async fn note_habit(&self, habit: Habit, seen: &[SeenClient]) -> Result<(), StoreError> {
        let seen = seen.to_vec();
        self.write(move |view| {
            let mut changes = view.changes();
            for SeenClient {
                client_id,
                last_seen,
            } in seen
            {
                let key = Key::client_with(habit, &client_id);
                let known: Result<Option<LastSeen>, StoreError> = view.find(&key);
                let known = or_if_damaged(known, || None)?;
                let both = known.map_or(last_seen, |known| known.and(last_seen));
                changes.put(key, both.forget_at(), encode(&both)?);
            }
            Ok(((), changes))
        })
        .await
    }

    async fn list_habit(
        &self,
        habit: Habit,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<SeenClient>, StoreError> {
        let prefix = Key::habit(habit);
        self.read(|view| {
            let mut after = after.map(|id| Key::client_with(habit, id));
            let mut seen = Vec::new();
            while seen.len() < limit {
                let part = view.part(&KeyRange {
                    prefix: &prefix,
                    after: after.as_ref(),
                    limit: limit.saturating_sub(seen.len()),
                })?;
                let found = part.found.into_iter();
                seen.extend(found.filter_map(|(key, _, last_seen)| {
                    let client_id = key.habitual_client()?;
                    Some(SeenClient {
                        client_id,
                        last_seen,
                    })
                }));
                // Of a part some may be over, or damaged.
                after = part.last;
                if after.is_none() {
                    break;
                }
            }
            Ok(seen)
        })
    }

    async fn find_habit(
        &self,
        habit: Habit,
        clients: &[ClientId],
    ) -> Result<Vec<Option<LastSeen>>, StoreError> {
        self.read(|view| {
            let found = clients.iter().map(|id| {
                let found = view.find(&Key::client_with(habit, id));
                or_if_damaged(found, || None)
            });
            found.collect()
        })
    }
}
