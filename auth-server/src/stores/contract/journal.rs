//! Rules on the journal: what was added is read newest first, and each section has its bounds.

use std::collections::BTreeMap;

use symbolon::identifiers::ClientId;

use super::bench::{Bench, CROWD};
use super::hold_against_every_store;
use crate::records::{JournalEntry, JournalPlace, RefusalKind, Section, SectionBounds};
use crate::stores::JournalStore;

const WIDE: SectionBounds = SectionBounds {
    entries: 100_000,
    life_secs: 1000,
};

fn entry(bench: &Bench, number: usize) -> JournalEntry {
    JournalEntry {
        at: bench.now(),
        event: "token_refused".to_owned(),
        request_id: format!("request-{number}"),
        client_id: String::new(),
        owner: "li:\u{e9} {}".to_owned(),
        grant_id: String::new(),
        address: "2001:db8::1".to_owned(),
        details: BTreeMap::from([("reason".to_owned(), "UnknownCode".to_owned())]),
    }
}

fn entries(bench: &Bench, numbers: std::ops::Range<usize>) -> Vec<JournalEntry> {
    numbers.map(|number| entry(bench, number)).collect()
}

/// Everything in a section, `limit` at a time.
async fn all_of(store: &dyn JournalStore, section: &Section, limit: usize) -> Vec<JournalEntry> {
    let (mut found, mut before) = (Vec::new(), None::<JournalPlace>);
    loop {
        let part = store.read_journal(section, before, limit).await.unwrap();
        assert!(part.entries.len() <= limit);
        found.extend(part.entries.into_iter().map(|(_, entry)| entry));
        before = part.next;
        if before.is_none() {
            return found;
        }
    }
}

async fn what_was_added_is_read_newest_first_in_parts_of_any_size(bench: &Bench) {
    let (store, other) = (&bench.store().journal, &bench.other().journal);
    assert_eq!(all_of(store.as_ref(), &Section::Refused, 3).await, []);
    let mut added = entries(bench, 0..10);
    for some in added.chunks(4) {
        let done = store.add_to_journal(&Section::Refused, some, WIDE).await;
        done.unwrap();
    }
    added.reverse();
    for limit in [1, 3, 5, 10, 11] {
        assert_eq!(
            all_of(other.as_ref(), &Section::Refused, limit).await,
            added
        );
    }
}

async fn sections_are_told_apart(bench: &Bench) {
    let store = &bench.store().journal;
    let of_kind = |id: &str, kind| Section::RefusedTo(ClientId::new(id), kind);
    let client = |id: &str| of_kind(id, RefusalKind::Code);
    let sections = [
        Section::Refused,
        Section::Granted,
        Section::Changed,
        client("a"),
        client("a\u{0}"),
        client("ab {}/\u{e9}"),
        of_kind("a", RefusalKind::CodeChallenge),
        of_kind("a", RefusalKind::Credentials),
    ];
    for (number, section) in sections.iter().enumerate() {
        let one = [entry(bench, number)];
        store.add_to_journal(section, &one, WIDE).await.unwrap();
    }
    for (number, section) in sections.iter().enumerate() {
        let expected = [entry(bench, number)];
        assert_eq!(all_of(store.as_ref(), section, 10).await, expected);
    }
    assert_eq!(all_of(store.as_ref(), &client(""), 10).await, []);
}

async fn a_section_that_is_full_lets_go_of_its_oldest(bench: &Bench) {
    let store = &bench.store().journal;
    let narrow = SectionBounds {
        entries: 100,
        ..WIDE
    };
    for hundred in 0..10 {
        let some = entries(bench, hundred * 100..(hundred + 1) * 100);
        let added = store.add_to_journal(&Section::Refused, &some, narrow);
        added.await.unwrap();
    }
    let found = all_of(store.as_ref(), &Section::Refused, 70).await;
    let mut expected = entries(bench, 900..1000);
    expected.reverse();
    assert_eq!(found, expected);
    // Also of what is added at once.
    let burst = entries(bench, 1000..1250);
    let added = store.add_to_journal(&Section::Refused, &burst, narrow);
    added.await.unwrap();
    let found = all_of(store.as_ref(), &Section::Refused, 70).await;
    let mut expected = entries(bench, 1150..1250);
    expected.reverse();
    assert_eq!(found, expected);
}

async fn of_more_at_once_than_a_section_holds_the_newest_are_kept(bench: &Bench) {
    let store = &bench.store().journal;
    let narrow = SectionBounds {
        entries: 100,
        ..WIDE
    };
    let some = entries(bench, 0..250);
    let added = store.add_to_journal(&Section::Refused, &some, narrow);
    added.await.unwrap();
    let found = all_of(store.as_ref(), &Section::Refused, 70).await;
    let mut expected = entries(bench, 150..250);
    expected.reverse();
    assert_eq!(found, expected);
}

async fn what_is_too_old_is_let_go_of(bench: &Bench) {
    let store = &bench.store().journal;
    let old = entries(bench, 0..200);
    store
        .add_to_journal(&Section::Changed, &old, WIDE)
        .await
        .unwrap();
    bench.advance_secs(WIDE.life_secs + 1);
    let new = [entry(bench, 200)];
    store
        .add_to_journal(&Section::Changed, &new, WIDE)
        .await
        .unwrap();
    assert_eq!(all_of(store.as_ref(), &Section::Changed, 1000).await, new);
}

async fn many_who_add_at_once_lose_nothing(bench: &Bench) {
    let numbers = bench.crowd(|number, stores| {
        let one = [entry(bench, number)];
        async move {
            let added = stores.journal.add_to_journal(&Section::Granted, &one, WIDE);
            added.await.unwrap();
            number
        }
    });
    assert_eq!(numbers.await.len(), CROWD);
    let found = all_of(bench.other().journal.as_ref(), &Section::Granted, 7).await;
    let mut ids: Vec<String> = found.into_iter().map(|entry| entry.request_id).collect();
    ids.sort();
    let mut expected: Vec<String> = (0..CROWD).map(|it| format!("request-{it}")).collect();
    expected.sort();
    assert_eq!(ids, expected);
}

async fn what_is_damaged_is_left_out_and_stands_in_nobodys_way(bench: &Bench) {
    let store = &bench.store().journal;
    let old = entries(bench, 0..5);
    store
        .add_to_journal(&Section::Refused, &old, WIDE)
        .await
        .unwrap();
    bench.damage_everything().await;
    let new = [entry(bench, 5)];
    store
        .add_to_journal(&Section::Refused, &new, WIDE)
        .await
        .unwrap();
    assert_eq!(all_of(store.as_ref(), &Section::Refused, 2).await, new);
}

hold_against_every_store!(
    what_was_added_is_read_newest_first_in_parts_of_any_size,
    sections_are_told_apart,
    a_section_that_is_full_lets_go_of_its_oldest,
    of_more_at_once_than_a_section_holds_the_newest_are_kept,
    what_is_too_old_is_let_go_of,
    many_who_add_at_once_lose_nothing,
    what_is_damaged_is_left_out_and_stands_in_nobodys_way,
);
