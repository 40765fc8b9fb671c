//! Who was seen with which habit.

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use crate::records::{Habit, LastSeen, SeenClient};
use crate::stores::{Observed, StoreError};

/// Keeps when clients were last seen with a habit, for [`LastSeen::REMEMBERED_SECS`].
#[async_trait]
pub trait HabitStore: Send + Sync {
    /// Notes that these were seen with a habit, each beside what is known of it ([`LastSeen::and`]); several servers may note
    /// at once.
    async fn note_habit(&self, habit: Habit, seen: &[SeenClient]) -> Result<(), StoreError>;

    /// Those that were seen with a habit, in the order of their ids: at most `limit` of those behind `after`, without those that
    /// cannot be read. Only where there are none does the list end.
    async fn list_habit(
        &self,
        habit: Habit,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<SeenClient>, StoreError>;

    /// When each of these clients was seen with a habit, in the order in which they are asked for.
    async fn find_habit(
        &self,
        habit: Habit,
        clients: &[ClientId],
    ) -> Result<Vec<Option<LastSeen>>, StoreError>;
}

#[async_trait]
impl HabitStore for Observed<dyn HabitStore> {
    async fn note_habit(&self, habit: Habit, seen: &[SeenClient]) -> Result<(), StoreError> {
        self.observe("note_habit", self.port.note_habit(habit, seen))
            .await
    }

    async fn list_habit(
        &self,
        habit: Habit,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<SeenClient>, StoreError> {
        self.observe("list_habit", self.port.list_habit(habit, after, limit))
            .await
    }

    async fn find_habit(
        &self,
        habit: Habit,
        clients: &[ClientId],
    ) -> Result<Vec<Option<LastSeen>>, StoreError> {
        self.observe("find_habit", self.port.find_habit(habit, clients))
            .await
    }
}
