//! Rules on passkeys: one record for each owner, found by name and by handle, changed by whoever knows what is there, kept until
//! it is removed; and on challenges, which are good once.

use symbolon::clock::Timestamp;

use super::bench::Bench;
use super::hold_against_every_store;
use crate::records::{OwnerPasskeys, Passkey, UserHandle};
use crate::stores::{ChallengeId, LONGEST_LIFE_SECS, StoreError};

const CHALLENGE: ChallengeId = ChallengeId([1; 32]);

fn passkeys(bench: &Bench, owner: &str, handle: u8) -> OwnerPasskeys {
    OwnerPasskeys {
        owner: owner.to_owned(),
        user_handle: UserHandle::from_bytes([handle; 16]),
        passkeys: vec![Passkey {
            id: format!("id of {owner}"),
            name: "电话".to_owned(),
            added_at: bench.now(),
            last_used_at: None,
            public_key: "key".to_owned(),
            sign_count: 7,
        }],
    }
}

fn used_at(known: &OwnerPasskeys, time: Timestamp) -> OwnerPasskeys {
    let mut used = known.clone();
    used.passkeys[0].last_used_at = Some(time);
    used
}

async fn passkeys_are_found_by_name_and_by_handle_until_they_are_removed(bench: &Bench) {
    let (store, other) = (&bench.store().passkeys, &bench.other().passkeys);
    let (wang, li) = (
        passkeys(bench, "wang", 1),
        passkeys(bench, "li:\u{e9} {}", 2),
    );
    assert_eq!(store.find_passkeys("wang").await.unwrap(), None);
    assert!(!store.remove_passkeys("wang").await.unwrap());
    for of_owner in [&wang, &li] {
        assert!(store.replace_passkeys(None, of_owner).await.unwrap());
    }
    bench.advance_secs(LONGEST_LIFE_SECS * 2);
    for of_owner in [&wang, &li] {
        let found = other.find_passkeys(&of_owner.owner).await.unwrap();
        assert_eq!(found.as_ref(), Some(of_owner));
        let found = other.find_passkeys_by_handle(&of_owner.user_handle);
        assert_eq!(found.await.unwrap().as_ref(), Some(of_owner));
    }
    assert!(other.remove_passkeys("wang").await.unwrap());
    assert_eq!(store.find_passkeys("wang").await.unwrap(), None);
    let found = store.find_passkeys_by_handle(&wang.user_handle);
    assert_eq!(found.await.unwrap(), None);
    assert_eq!(store.find_passkeys(&li.owner).await.unwrap(), Some(li));
}

async fn only_the_passkeys_that_are_there_are_replaced(bench: &Bench) {
    let (store, other) = (&bench.store().passkeys, &bench.other().passkeys);
    let known = passkeys(bench, "wang", 1);
    let used = used_at(&known, bench.now());
    assert!(!store.replace_passkeys(Some(&known), &used).await.unwrap());
    assert!(store.replace_passkeys(None, &known).await.unwrap());
    assert!(!other.replace_passkeys(None, &used).await.unwrap());
    assert!(other.replace_passkeys(Some(&known), &used).await.unwrap());
    assert!(!store.replace_passkeys(Some(&known), &used).await.unwrap());
    let found = store.find_passkeys_by_handle(&known.user_handle);
    assert_eq!(found.await.unwrap(), Some(used));
}

async fn a_handle_that_somebody_else_wanted_too_leads_to_nobody(bench: &Bench) {
    let store = &bench.store().passkeys;
    let first = passkeys(bench, "wang", 1);
    let late = passkeys(bench, "wang", 2);
    assert!(store.replace_passkeys(None, &first).await.unwrap());
    assert!(!store.replace_passkeys(None, &late).await.unwrap());
    let found = store.find_passkeys_by_handle(&late.user_handle);
    assert_eq!(found.await.unwrap(), None);
    let found = store.find_passkeys_by_handle(&first.user_handle);
    assert_eq!(found.await.unwrap().as_ref(), Some(&first));
    assert!(store.replace_passkeys(Some(&first), &late).await.unwrap());
    let found = store.find_passkeys_by_handle(&first.user_handle);
    assert_eq!(found.await.unwrap(), None);
    let found = store.find_passkeys_by_handle(&late.user_handle);
    assert_eq!(found.await.unwrap(), Some(late));
}

pub(super) async fn of_many_who_replace_the_same_one_does(bench: &Bench) {
    let known = passkeys(bench, "wang", 1);
    let added = bench.store().passkeys.replace_passkeys(None, &known);
    assert!(added.await.unwrap());
    let outcomes = bench.crowd(|number, stores| {
        let (known, number) = (known.clone(), u64::try_from(number).unwrap());
        async move {
            let new = used_at(&known, Timestamp::from_secs(number));
            let replaced = stores.passkeys.replace_passkeys(Some(&known), &new);
            replaced.await.unwrap().then_some(new)
        }
    });
    let winners: Vec<OwnerPasskeys> = outcomes.await.into_iter().flatten().collect();
    let found = bench.other().passkeys.find_passkeys("wang").await.unwrap();
    assert_eq!(winners, [found.unwrap()]);
}

async fn damaged_passkeys_are_told_and_can_be_removed(bench: &Bench) {
    let store = &bench.store().passkeys;
    let known = passkeys(bench, "wang", 1);
    assert!(store.replace_passkeys(None, &known).await.unwrap());
    bench.damage_everything().await;
    let found = store.find_passkeys("wang").await;
    assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
    assert!(store.remove_passkeys("wang").await.unwrap());
    assert_eq!(store.find_passkeys("wang").await.unwrap(), None);
    assert!(store.replace_passkeys(None, &known).await.unwrap());
}

async fn of_many_who_answer_a_challenge_one_is_the_first(bench: &Bench) {
    let until = bench.now().plus_secs(60);
    let answers = bench.crowd(|_, stores| async move {
        let spent = stores.passkeys.spend_challenge(&CHALLENGE, until);
        spent.await.unwrap()
    });
    let answers = answers.await;
    assert_eq!(answers.into_iter().filter(|is_first| *is_first).count(), 1);
    let other = ChallengeId([2; 32]);
    let spent = bench.other().passkeys.spend_challenge(&other, until);
    assert!(spent.await.unwrap());
}

async fn a_damaged_mark_of_a_challenge_is_still_one(bench: &Bench) {
    let (store, until) = (&bench.store().passkeys, bench.now().plus_secs(60));
    assert!(store.spend_challenge(&CHALLENGE, until).await.unwrap());
    bench.damage_everything().await;
    assert!(!store.spend_challenge(&CHALLENGE, until).await.unwrap());
}

hold_against_every_store!(
    passkeys_are_found_by_name_and_by_handle_until_they_are_removed,
    only_the_passkeys_that_are_there_are_replaced,
    a_handle_that_somebody_else_wanted_too_leads_to_nobody,
    of_many_who_replace_the_same_one_does,
    damaged_passkeys_are_told_and_can_be_removed,
    of_many_who_answer_a_challenge_one_is_the_first,
    a_damaged_mark_of_a_challenge_is_still_one,
);
