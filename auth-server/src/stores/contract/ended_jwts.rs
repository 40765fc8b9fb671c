//! Rules on JWTs of another server that have ended here.

use super::bench::Bench;
use super::hold_against_every_store;
use crate::stores::{EndedJwtId, LONGEST_LIFE_SECS};

const ONE: EndedJwtId = EndedJwtId([1; 32]);
const OTHER: EndedJwtId = EndedJwtId([2; 32]);

async fn of_many_who_end_a_jwt_one_is_the_first(bench: &Bench) {
    let until = Some(bench.now().plus_secs(60));
    let (here, there) = (&bench.store().ended_jwts, &bench.other().ended_jwts);
    let both = [here, there];
    let asked = (0..8)
        .flat_map(|_| both)
        .map(|store| store.end_jwt(&ONE, until));
    let answers = futures_util::future::join_all(asked).await;
    let first = answers
        .into_iter()
        .filter(|answer| *answer.as_ref().unwrap());
    assert_eq!(first.count(), 1);
    assert!(there.is_jwt_ended(&ONE).await.unwrap());
    assert!(!there.is_jwt_ended(&OTHER).await.unwrap());
}

async fn that_a_jwt_has_ended_is_remembered_until_it_ends_by_itself(bench: &Bench) {
    let store = &bench.store().ended_jwts;
    let until = Some(bench.now().plus_secs(60));
    assert!(store.end_jwt(&ONE, until).await.unwrap());
    assert!(store.end_jwt(&OTHER, None).await.unwrap());
    bench.advance_secs(59);
    assert!(store.is_jwt_ended(&ONE).await.unwrap());
    bench.advance_secs(1);
    assert!(!store.is_jwt_ended(&ONE).await.unwrap());
    bench.advance_secs(LONGEST_LIFE_SECS - 61);
    assert!(store.is_jwt_ended(&OTHER).await.unwrap());
}

async fn a_damaged_mark_of_a_jwt_that_has_ended_is_still_one(bench: &Bench) {
    let store = &bench.store().ended_jwts;
    let until = Some(bench.now().plus_secs(60));
    assert!(store.end_jwt(&ONE, until).await.unwrap());
    bench.damage_everything().await;
    assert!(store.is_jwt_ended(&ONE).await.unwrap());
    assert!(!store.end_jwt(&ONE, until).await.unwrap());
}

hold_against_every_store!(
    of_many_who_end_a_jwt_one_is_the_first,
    that_a_jwt_has_ended_is_remembered_until_it_ends_by_itself,
    a_damaged_mark_of_a_jwt_that_has_ended_is_still_one,
);
