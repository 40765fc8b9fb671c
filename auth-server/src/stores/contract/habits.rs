//! Rules on habits: who was seen when, for a while.

use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;

use super::bench::{Bench, CROWD};
use super::hold_against_every_store;
use crate::records::{Habit, LastSeen, SeenClient};
use crate::stores::HabitStore;

const HABIT: Habit = Habit::PasswordGrant;

fn seen(client_id: &str, at: Timestamp, uses: u64) -> SeenClient {
    SeenClient {
        client_id: ClientId::new(client_id),
        last_seen: LastSeen { at, uses },
    }
}

async fn note(store: &dyn HabitStore, some: &[SeenClient]) {
    store.note_habit(HABIT, some).await.unwrap();
}

/// All that were seen, `limit` at a time.
async fn all_of(store: &dyn HabitStore, habit: Habit, limit: usize) -> Vec<SeenClient> {
    let mut found: Vec<SeenClient> = Vec::new();
    loop {
        let after = found.last().map(|last| &last.client_id);
        let part = store.list_habit(habit, after, limit).await.unwrap();
        assert!(part.len() <= limit);
        if part.is_empty() {
            return found;
        }
        found.extend(part);
    }
}

pub(super) async fn the_later_time_counts_and_uses_of_one_day_add_up(bench: &Bench) {
    let (store, other) = (&bench.store().habits, &bench.other().habits);
    let now = bench.now();
    let yesterday = Timestamp::from_secs(now.as_secs() - 86_400);
    let earlier = Timestamp::from_secs(now.as_secs() - 1);
    for some in [
        [seen("a", yesterday, 7), seen("b", now, 1)],
        [seen("a", now, 2), seen("b", earlier, 3)],
        [seen("a", earlier, 3), seen("b", yesterday, 100)],
    ] {
        note(store.as_ref(), &some).await;
    }
    let expected = [seen("a", now, 5), seen("b", now, 4)];
    assert_eq!(all_of(other.as_ref(), HABIT, 10).await, expected);
    let asked = ["b", "c", "a"].map(ClientId::new);
    let found = other.find_habit(HABIT, &asked).await.unwrap();
    let [a, b] = expected.map(|one| one.last_seen);
    assert_eq!(found, [Some(b), None, Some(a)]);
    bench.assert_nothing_is_kept_for_ever().await;
}

async fn clients_and_habits_are_told_apart_and_listed_in_order(bench: &Bench) {
    let store = bench.store().habits.as_ref();
    let names = [
        "",
        " ",
        "(a",
        "A",
        "[b",
        "a",
        "a\u{0}",
        "ab {}/\u{e9}",
        "\u{5c0f}",
    ];
    for (habit, uses) in Habit::ALL.into_iter().zip(1..) {
        assert_eq!(all_of(store, habit, 4).await, []);
        let some = names.map(|name| seen(name, bench.now(), uses));
        store.note_habit(habit, &some).await.unwrap();
    }
    for (habit, uses) in Habit::ALL.into_iter().zip(1..) {
        for limit in [1, 4, names.len(), 100] {
            let expected = names.map(|name| seen(name, bench.now(), uses));
            assert_eq!(all_of(store, habit, limit).await, expected);
        }
    }
    assert_eq!(store.find_habit(HABIT, &[]).await.unwrap(), []);
    store.note_habit(HABIT, &[]).await.unwrap();
}

async fn who_was_not_seen_for_long_is_forgotten(bench: &Bench) {
    let store = bench.store().habits.as_ref();
    let first = bench.now();
    let many: Vec<SeenClient> = (0..40)
        .map(|number| seen(&format!("a{number:02}"), first, 1))
        .collect();
    note(store, &many).await;
    note(store, &[seen("b", first, 1)]).await;
    bench.advance_secs(LastSeen::REMEMBERED_SECS - 1);
    let again = seen("b", bench.now(), 1);
    note(store, std::slice::from_ref(&again)).await;
    assert_eq!(all_of(store, HABIT, 7).await.len(), 41);
    bench.advance_secs(1);
    for limit in [1, 7, 100] {
        assert_eq!(
            all_of(store, HABIT, limit).await,
            std::slice::from_ref(&again)
        );
    }
    let asked = [ClientId::new("a00")];
    assert_eq!(store.find_habit(HABIT, &asked).await.unwrap(), [None]);
    let kept = bench.how_many_are_kept().await;
    note(store, &[seen("b", bench.now(), 1)]).await;
    assert!(bench.how_many_are_kept().await <= kept);
}

async fn of_many_who_note_at_once_no_use_is_lost(bench: &Bench) {
    let now = bench.now();
    bench
        .crowd(|_, stores| async move {
            note(stores.habits.as_ref(), &[seen("a", now, 1)]).await;
        })
        .await;
    let found = all_of(bench.other().habits.as_ref(), HABIT, 10).await;
    assert_eq!(found, [seen("a", now, u64::try_from(CROWD).unwrap())]);
}

async fn what_is_damaged_is_left_out_until_it_is_noted_again(bench: &Bench) {
    let store = bench.store().habits.as_ref();
    let some = ["a", "b", "c"].map(|name| seen(name, bench.now(), 1));
    note(store, &some).await;
    bench.damage_everything().await;
    assert_eq!(all_of(store, HABIT, 2).await, []);
    let again = [seen("b", bench.now(), 2)];
    note(store, &again).await;
    assert_eq!(all_of(store, HABIT, 2).await, again);
}

hold_against_every_store!(
    the_later_time_counts_and_uses_of_one_day_add_up,
    clients_and_habits_are_told_apart_and_listed_in_order,
    who_was_not_seen_for_long_is_forgotten,
    of_many_who_note_at_once_no_use_is_lost,
    what_is_damaged_is_left_out_until_it_is_noted_again,
);
