//! Counting in memory: one lock for each worker, which only the writer ever contends for.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use symbolon::identifiers::ClientId;

use crate::records::Habit;

/// How many clients are remembered between two writes. Of more the others are noted when they come again.
const MOST_CLIENTS: usize = 10_000;

/// Uses of each habit, by its place.
type Uses = [u32; Habit::ALL.len()];

/// What one worker has seen since the last write.
#[derive(Clone, Debug, Default)]
pub struct WorkerCounts(Arc<Mutex<HashMap<ClientId, Uses>>>);

impl WorkerCounts {
    /// Notes that a client has used a habit; `None`: whoever says no name.
    pub fn note(&self, habit: Habit, client: Option<&ClientId>) {
        match client {
            Some(client) => self.add(habit, client, 1),
            None => self.add(habit, &ClientId::new(""), 1),
        }
    }

    fn add(&self, habit: Habit, client: &ClientId, uses: u32) {
        let mut counts = self.counts();
        if let Some(known) = counts.get_mut(client) {
            if let Some(count) = known.get_mut(habit.place()) {
                *count = count.saturating_add(uses);
            }
            return;
        }
        if counts.len() >= MOST_CLIENTS {
            return;
        }
        let mut new = Uses::default();
        if let Some(count) = new.get_mut(habit.place()) {
            *count = uses;
        }
        counts.insert(client.clone(), new);
    }

    fn take(&self) -> HashMap<ClientId, Uses> {
        std::mem::take(&mut *self.counts())
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<ClientId, Uses>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What all workers of a server have seen since the last write.
#[derive(Clone, Debug, Default)]
pub struct HabitCounts(Arc<Mutex<Vec<WorkerCounts>>>);

impl HabitCounts {
    /// For one more worker.
    pub fn of_a_worker(&self) -> WorkerCounts {
        let worker = WorkerCounts::default();
        self.workers().push(worker.clone());
        worker
    }

    /// Takes what was seen out, by habit.
    pub(super) fn take(&self) -> BTreeMap<Habit, BTreeMap<ClientId, u32>> {
        let mut all = BTreeMap::<Habit, BTreeMap<ClientId, u32>>::new();
        for worker in self.workers().iter() {
            for (client, uses) in worker.take() {
                let used = Habit::ALL.into_iter().zip(uses);
                for (habit, uses) in used.filter(|(_, uses)| *uses > 0) {
                    let clients = all.entry(habit).or_default();
                    let count = clients.entry(client.clone()).or_default();
                    *count = count.saturating_add(uses);
                }
            }
        }
        all
    }

    /// Puts back what could not be written.
    pub(super) fn put_back(&self, habit: Habit, clients: &BTreeMap<ClientId, u32>) {
        if let Some(worker) = self.workers().first() {
            for (client, uses) in clients {
                worker.add(habit, client, *uses);
            }
        }
    }

    fn workers(&self) -> MutexGuard<'_, Vec<WorkerCounts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> ClientId {
        ClientId::new(name)
    }

    #[test]
    fn what_all_workers_saw_is_taken_out_once() {
        let all = HabitCounts::default();
        let workers = [all.of_a_worker(), all.of_a_worker()];
        for worker in &workers {
            worker.note(Habit::CheckToken, Some(&id("a")));
            worker.note(Habit::CheckToken, Some(&id("a")));
            worker.note(Habit::TokenKey, None);
        }
        let taken = all.take();
        let of = |habit| taken.get(&habit).cloned().unwrap_or_default();
        assert_eq!(of(Habit::CheckToken), BTreeMap::from([(id("a"), 4)]));
        assert_eq!(of(Habit::TokenKey), BTreeMap::from([(id(""), 2)]));
        assert_eq!(taken.len(), 2);
        assert!(all.take().is_empty());
    }

    #[test]
    fn what_is_put_back_is_there_beside_what_came_meanwhile() {
        let all = HabitCounts::default();
        let worker = all.of_a_worker();
        worker.note(Habit::CheckToken, Some(&id("a")));
        let taken = all.take();
        worker.note(Habit::CheckToken, Some(&id("a")));
        all.put_back(Habit::CheckToken, &taken[&Habit::CheckToken]);
        let both = BTreeMap::from([(id("a"), 2)]);
        assert_eq!(all.take()[&Habit::CheckToken], both);
    }

    #[test]
    fn memory_is_bounded_whoever_comes() {
        let worker = WorkerCounts::default();
        for number in 0..MOST_CLIENTS + 10 {
            worker.note(Habit::CheckToken, Some(&id(&number.to_string())));
        }
        worker.note(Habit::CheckToken, Some(&id("0")));
        let taken = worker.take();
        assert_eq!(taken.len(), MOST_CLIENTS);
        assert_eq!(taken[&id("0")][Habit::CheckToken.place()], 2);
    }
}
