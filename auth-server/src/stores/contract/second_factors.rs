//! Rules on second factors: one for each owner, changed by whoever knows what is there, kept until it is removed.

use super::bench::{Bench, CROWD};
use super::hold_against_every_store;
use crate::records::SecondFactor;
use crate::stores::{LONGEST_LIFE_SECS, StoreError};

fn factor(bench: &Bench, owner: &str) -> SecondFactor {
    SecondFactor {
        owner: owner.to_owned(),
        secret: format!("sealed:{owner}"),
        enrolled_at: bench.now(),
        last_step: None,
        recovery_codes: vec!["one".to_owned(), "two".to_owned()],
    }
}

async fn a_second_factor_is_kept_until_it_is_removed(bench: &Bench) {
    let (store, other) = (&bench.store().second_factors, &bench.other().second_factors);
    let (wang, li) = (factor(bench, "wang"), factor(bench, "li:\u{e9} {}"));
    assert_eq!(store.find_second_factor("wang").await.unwrap(), None);
    assert!(!store.remove_second_factor("wang").await.unwrap());
    for factor in [&wang, &li] {
        assert!(store.add_second_factor(factor).await.unwrap());
    }
    bench.advance_secs(LONGEST_LIFE_SECS * 2);
    for factor in [&wang, &li] {
        let found = other.find_second_factor(&factor.owner).await.unwrap();
        assert_eq!(found.as_ref(), Some(factor));
    }
    assert!(other.remove_second_factor("wang").await.unwrap());
    assert_eq!(store.find_second_factor("wang").await.unwrap(), None);
    assert_eq!(store.find_second_factor(&li.owner).await.unwrap(), Some(li));
}

async fn the_first_of_an_owner_stays(bench: &Bench) {
    let store = &bench.store().second_factors;
    let first = factor(bench, "wang");
    let second = SecondFactor {
        secret: "sealed:another".to_owned(),
        ..first.clone()
    };
    assert!(store.add_second_factor(&first).await.unwrap());
    assert!(!store.add_second_factor(&second).await.unwrap());
    assert_eq!(store.find_second_factor("wang").await.unwrap(), Some(first));
}

async fn only_what_is_there_is_replaced(bench: &Bench) {
    let (store, other) = (&bench.store().second_factors, &bench.other().second_factors);
    let known = factor(bench, "wang");
    let new = SecondFactor {
        last_step: Some(7),
        recovery_codes: Vec::new(),
        ..known.clone()
    };
    assert!(!store.replace_second_factor(&known, &new).await.unwrap());
    assert!(store.add_second_factor(&known).await.unwrap());
    assert!(other.replace_second_factor(&known, &new).await.unwrap());
    assert!(!store.replace_second_factor(&known, &new).await.unwrap());
    assert_eq!(store.find_second_factor("wang").await.unwrap(), Some(new));
}

async fn of_many_who_replace_the_same_one_does(bench: &Bench) {
    let known = factor(bench, "wang");
    let added = bench.store().second_factors.add_second_factor(&known);
    assert!(added.await.unwrap());
    let outcomes = bench.crowd(|number, stores| {
        let (known, number) = (known.clone(), u64::try_from(number).unwrap());
        async move {
            let new = SecondFactor {
                last_step: Some(number),
                ..known.clone()
            };
            let store = &stores.second_factors;
            let replaced = store.replace_second_factor(&known, &new).await.unwrap();
            replaced.then_some(number)
        }
    });
    let outcomes = outcomes.await;
    assert_eq!(outcomes.len(), CROWD);
    let winners: Vec<u64> = outcomes.into_iter().flatten().collect();
    let found = bench.other().second_factors.find_second_factor("wang");
    assert_eq!(winners, [found.await.unwrap().unwrap().last_step.unwrap()]);
}

async fn a_damaged_one_is_told_and_can_be_removed(bench: &Bench) {
    let store = &bench.store().second_factors;
    let known = factor(bench, "wang");
    assert!(store.add_second_factor(&known).await.unwrap());
    bench.damage_everything().await;
    let found = store.find_second_factor("wang").await;
    assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
    assert!(!store.add_second_factor(&known).await.unwrap());
    assert!(store.remove_second_factor("wang").await.unwrap());
    assert_eq!(store.find_second_factor("wang").await.unwrap(), None);
}

hold_against_every_store!(
    a_second_factor_is_kept_until_it_is_removed,
    the_first_of_an_owner_stays,
    only_what_is_there_is_replaced,
    of_many_who_replace_the_same_one_does,
    a_damaged_one_is_told_and_can_be_removed,
);
