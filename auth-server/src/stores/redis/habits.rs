//! Who was seen with which habit: for each habit a hash, its names in order, and its names by time.

use async_trait::async_trait;
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;

use super::RedisStore;
use crate::records::{Habit, LastSeen, SeenClient};
use crate::stores::{HabitStore, StoreError};

#[async_trait]
impl HabitStore for RedisStore {
    async fn note_habit(&self, habit: Habit, seen: &[SeenClient]) -> Result<(), StoreError> {
        if seen.is_empty() {
            return Ok(());
        }
        let keys = self.keys.habit(habit);
        let remembered_secs = LastSeen::REMEMBERED_SECS;
        let over = self.now().as_secs().saturating_sub(remembered_secs);
        let mut script = self.scripts.note_habit.key(keys.records);
        script.key(keys.names).key(keys.times);
        script.arg(over).arg(remembered_secs);
        for one in seen {
            script.arg(one.client_id.as_str());
            script.arg(one.last_seen.at.as_secs());
            script.arg(one.last_seen.uses);
        }
        let _forgotten: u64 = self.connection.invoke(&script).await?;
        Ok(())
    }

    async fn list_habit(
        &self,
        habit: Habit,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<SeenClient>, StoreError> {
        let (mut after, mut seen) = (after.cloned(), Vec::new());
        while seen.len() < limit {
            let missing = limit.saturating_sub(seen.len());
            let clients = self.names_with(habit, after.as_ref(), missing).await?;
            let found = self.find_habit(habit, &clients).await?;
            after = clients.last().cloned();
            let found = clients.into_iter().zip(found);
            // Who was not seen for long is still there, or what is known of it is damaged.
            seen.extend(found.filter_map(|(client_id, last_seen)| {
                let last_seen = last_seen?;
                Some(SeenClient {
                    client_id,
                    last_seen,
                })
            }));
            if after.is_none() {
                break;
            }
        }
        Ok(seen)
    }

    async fn find_habit(
        &self,
        habit: Habit,
        clients: &[ClientId],
    ) -> Result<Vec<Option<LastSeen>>, StoreError> {
        if clients.is_empty() {
            return Ok(Vec::new());
        }
        let mut command = redis::cmd("HMGET");
        command.arg(self.keys.habit(habit).records);
        for client in clients {
            command.arg(client.as_str());
        }
        let found: Vec<Option<String>> = self.connection.query(&command).await?;
        let now = self.now();
        let read = found.into_iter().map(|text| {
            let last_seen = read(&text?)?;
            (now < last_seen.forget_at()).then_some(last_seen)
        });
        Ok(read.collect())
    }
}

impl RedisStore {
    async fn names_with(
        &self,
        habit: Habit,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientId>, StoreError> {
        let start = after.map_or_else(|| "-".to_owned(), |id| format!("({id}"));
        let mut command = redis::cmd("ZRANGEBYLEX");
        command.arg(self.keys.habit(habit).names).arg(start);
        command.arg("+").arg("LIMIT").arg(0).arg(limit);
        let names: Vec<String> = self.connection.query(&command).await?;
        Ok(names.into_iter().map(ClientId::new).collect())
    }
}

/// As the script writes it.
fn read(text: &str) -> Option<LastSeen> {
    let (at, uses) = text.split_once(' ')?;
    Some(LastSeen {
        at: Timestamp::from_secs(at.parse().ok()?),
        uses: uses.parse().ok()?,
    })
}
