//! What is seen reaches the store, at the latest when it answers again.

use std::sync::Arc;

use symbolon::clock::{Clock as _, SettableClock, Timestamp};
use symbolon::identifiers::ClientId;
use symbolon_auth_server::habits::{HabitCounts, HabitWriter};
use symbolon_auth_server::records::{Habit, LastSeen};
use symbolon_auth_server::stores::Stores;
use symbolon_auth_server::stores::embedded::{EmbeddedLocation, EmbeddedStore};

use crate::ports::down;

#[tokio::test]
async fn what_the_store_does_not_take_is_written_with_the_next() {
    let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_800_000_000)));
    let store = EmbeddedStore::open(&EmbeddedLocation::Memory, clock.clone()).unwrap();
    let up = Stores::of(&Arc::new(store)).habits;
    let counts = HabitCounts::default();
    let worker = counts.of_a_worker();
    let writer = |store| HabitWriter {
        counts: counts.clone(),
        store,
        clock: clock.clone(),
    };
    let client = ClientId::new("a");
    worker.note(Habit::PasswordGrant, Some(&client));
    worker.note(Habit::CheckToken, Some(&client));
    assert!(writer(down().habits).write().await.is_err());
    worker.note(Habit::PasswordGrant, Some(&client));
    clock.advance_secs(60);
    writer(up.clone()).write().await.unwrap();
    for (habit, uses) in [(Habit::PasswordGrant, 2), (Habit::CheckToken, 1)] {
        let found = up.find_habit(habit, std::slice::from_ref(&client)).await;
        let at = clock.now();
        assert_eq!(found.unwrap(), [Some(LastSeen { at, uses })]);
    }
}
