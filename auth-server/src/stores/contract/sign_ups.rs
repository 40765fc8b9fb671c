//! Rules on accounts that people make for themselves.

use symbolon::random::SystemRandom;

use super::bench::Bench;
use super::hold_against_every_store;
use super::samples::{new_id, owner};
use crate::records::{EmailAddress, GrantId, LinkId, OwnerRegistration, SignUp};
use crate::stores::SignUpOutcome;

const SECS: u64 = 60;

fn sign_up(bench: &Bench) -> (LinkId, SignUp) {
    let sign_up = SignUp {
        email: EmailAddress::parse("wang@example.org").unwrap(),
        expires_at: bench.now().plus_secs(SECS),
    };
    (new_id(GrantId::mint(&SystemRandom)), sign_up)
}

fn account(name: &str) -> OwnerRegistration {
    OwnerRegistration {
        email: EmailAddress::parse("wang@example.org"),
        ..owner(name)
    }
}

pub(super) async fn of_many_who_use_one_link_one_gets_an_account(bench: &Bench) {
    let (id, one) = sign_up(bench);
    let store = bench.store();
    store.sign_ups.store_sign_up(&id, &one).await.unwrap();
    let found = bench.other().sign_ups.find_sign_up(&id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&one));
    let outcomes = bench.crowd(move |number, stores| async move {
        let account = account(&format!("wang {number}"));
        let completed = stores.sign_ups.complete_sign_up(&id, &account).await;
        completed.unwrap()
    });
    let outcomes = outcomes.await;
    let count = |outcome| outcomes.iter().filter(|one| **one == outcome).count();
    assert_eq!(count(SignUpOutcome::Added), 1);
    assert_eq!(count(SignUpOutcome::Taken), 0);
    let all = store.owners.list_owners(None, 10).await.unwrap();
    assert_eq!(all.len(), 1);
    // It is found like any other.
    let there = store.owners.list_owners_by_email(&one.email, None, 10);
    assert_eq!(there.await.unwrap(), all);
    assert_eq!(store.sign_ups.find_sign_up(&id).await.unwrap(), None);
    assert!(store.owners.remove_owner(&all[0].name).await.unwrap());
}

pub(super) async fn a_name_that_is_taken_uses_no_link_up(bench: &Bench) {
    let (id, one) = sign_up(bench);
    let store = bench.store();
    store.sign_ups.store_sign_up(&id, &one).await.unwrap();
    let taken = OwnerRegistration {
        authorities: vec!["ROLE_FIRST".to_owned()],
        ..owner("wang")
    };
    store.owners.store_owner(&taken).await.unwrap();
    let complete = async |name| {
        let completed = store.sign_ups.complete_sign_up(&id, &account(name)).await;
        completed.unwrap()
    };
    assert_eq!(complete("wang").await, SignUpOutcome::Taken);
    let found = store.owners.find_owner("wang").await.unwrap();
    assert_eq!(found, Some(taken));
    assert_eq!(complete("wang2").await, SignUpOutcome::Added);
    assert_eq!(complete("wang3").await, SignUpOutcome::Over);
    assert_eq!(store.owners.find_owner("wang3").await.unwrap(), None);
    for name in ["wang", "wang2"] {
        assert!(store.owners.remove_owner(name).await.unwrap());
    }
}

async fn of_many_who_want_one_name_one_gets_it(bench: &Bench) {
    let links: Vec<_> = (0..super::bench::CROWD).map(|_| sign_up(bench)).collect();
    for (id, one) in &links {
        bench.store().sign_ups.store_sign_up(id, one).await.unwrap();
    }
    let ids: Vec<LinkId> = links.iter().map(|(id, _)| *id).collect();
    let outcomes = bench.crowd(move |number, stores| {
        let id = ids[number];
        async move {
            let completed = stores
                .sign_ups
                .complete_sign_up(&id, &account("wang"))
                .await;
            completed.unwrap()
        }
    });
    let outcomes = outcomes.await;
    let added = outcomes.iter().filter(|one| **one == SignUpOutcome::Added);
    assert_eq!(added.count(), 1);
    assert!(!outcomes.contains(&SignUpOutcome::Over));
}

async fn a_link_for_an_account_is_none_of_a_sign_up_and_the_other_way_round(bench: &Bench) {
    let (id, one) = sign_up(bench);
    let store = bench.store();
    store.sign_ups.store_sign_up(&id, &one).await.unwrap();
    assert_eq!(store.links.find_link(&id).await.unwrap(), None);
    assert!(!store.links.redeem_link(&id).await.unwrap());
    assert_eq!(store.sign_ups.find_sign_up(&id).await.unwrap(), Some(one));
}

async fn a_sign_up_that_is_over_or_damaged_makes_no_account(bench: &Bench) {
    let ((id, one), (damaged, other)) = (sign_up(bench), sign_up(bench));
    let store = &bench.store().sign_ups;
    store.store_sign_up(&damaged, &other).await.unwrap();
    bench.damage_everything().await;
    store.store_sign_up(&id, &one).await.unwrap();
    bench.advance_secs(SECS - 1);
    assert_eq!(store.find_sign_up(&id).await.unwrap(), Some(one));
    bench.advance_secs(1);
    for id in [&id, &damaged] {
        assert_eq!(store.find_sign_up(id).await.unwrap(), None);
        let completed = store.complete_sign_up(id, &account("wang")).await;
        assert_eq!(completed.unwrap(), SignUpOutcome::Over);
    }
    let found = bench.store().owners.find_owner("wang").await.unwrap();
    assert_eq!(found, None);
}

hold_against_every_store!(
    of_many_who_use_one_link_one_gets_an_account,
    a_name_that_is_taken_uses_no_link_up,
    of_many_who_want_one_name_one_gets_it,
    a_link_for_an_account_is_none_of_a_sign_up_and_the_other_way_round,
    a_sign_up_that_is_over_or_damaged_makes_no_account,
);
