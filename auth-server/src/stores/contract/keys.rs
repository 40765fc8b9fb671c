//! Rules on the server's own keys.

use super::bench::{Bench, CROWD};
use super::hold_against_every_store;
use super::samples::Samples;
use crate::stores::{Addition, LONGEST_LIFE_SECS};

pub(super) async fn keys_are_listed_by_age_then_name(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let old = samples.key("z");
    let later = Samples::new(bench.now().plus_secs(1));
    let (first, second) = (later.key("a"), later.key("b"));
    let mut seen = Vec::new();
    for key in [&second, &old, &first] {
        let addition = store.keys.add_key(key, &seen).await.unwrap();
        assert_eq!(addition, Addition::Added);
        seen.insert(0, key.key_id.clone());
    }
    let found = bench.other().keys.list_keys().await.unwrap();
    assert_eq!(found, [old, first, second]);
}

async fn of_many_who_add_the_first_key_one_does(bench: &Bench) {
    let samples = bench.samples;
    let outcomes = bench
        .crowd(|number, store| {
            let key = samples.key(&number.to_string());
            async move { store.keys.add_key(&key, &[]).await.unwrap() }
        })
        .await;
    let added = outcomes.iter().filter(|one| **one == Addition::Added);
    assert_eq!(added.count(), 1);
    let raced = outcomes.iter().filter(|one| **one == Addition::Raced);
    assert_eq!(raced.count(), CROWD - 1);
    assert_eq!(bench.store().keys.list_keys().await.unwrap().len(), 1);
}

async fn a_ring_that_changed_takes_no_key(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let text = str::to_owned;
    store.keys.add_key(&samples.key("a"), &[]).await.unwrap();
    let b = samples.key("b");
    for seen in [vec![], vec![text("x")], vec![text("a"), text("x")]] {
        let addition = store.keys.add_key(&b, &seen).await.unwrap();
        assert_eq!(addition, Addition::Raced, "{seen:?}");
    }
    let addition = store
        .keys
        .add_key(&b, &[text("a"), text("a")])
        .await
        .unwrap();
    assert_eq!(addition, Addition::Added);
    // A key that is there is not replaced either.
    let again = store
        .keys
        .add_key(&b, &[text("b"), text("a")])
        .await
        .unwrap();
    assert_eq!(again, Addition::Raced);
}

async fn a_removed_key_is_gone(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    store.keys.add_key(&samples.key("a"), &[]).await.unwrap();
    let seen = ["a".to_owned()];
    store.keys.add_key(&samples.key("b"), &seen).await.unwrap();
    store.keys.remove_key("a").await.unwrap();
    store.keys.remove_key("never there").await.unwrap();
    assert_eq!(store.keys.list_keys().await.unwrap(), [samples.key("b")]);
}

async fn a_key_ends_after_the_longest_life(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    store.keys.add_key(&samples.key("a"), &[]).await.unwrap();
    bench.advance_secs(LONGEST_LIFE_SECS - 1);
    assert_eq!(store.keys.list_keys().await.unwrap().len(), 1);
    bench.advance_secs(1);
    assert_eq!(store.keys.list_keys().await.unwrap(), []);
    let addition = store.keys.add_key(&samples.key("b"), &[]).await.unwrap();
    assert_eq!(addition, Addition::Added);
}

hold_against_every_store!(
    keys_are_listed_by_age_then_name,
    of_many_who_add_the_first_key_one_does,
    a_ring_that_changed_takes_no_key,
    a_removed_key_is_gone,
    a_key_ends_after_the_longest_life,
);
