//! Rules on whose store it is.

use super::bench::Bench;
use super::hold_against_every_store;
use crate::stores::LONGEST_LIFE_SECS;

const ONE: &str = "https://login.example";
const OTHER: &str = "https://login.example/uaa";

async fn whoever_begins_hears_of_the_issuer_before(bench: &Bench) {
    let note = async |issuer| bench.other().issuers.note_issuer(issuer).await.unwrap();
    assert_eq!(note(ONE).await, None);
    assert_eq!(note(ONE).await.as_deref(), Some(ONE));
    assert_eq!(note(OTHER).await.as_deref(), Some(ONE));
    assert_eq!(note(OTHER).await.as_deref(), Some(OTHER));
}

async fn an_issuer_is_remembered_for_the_longest_life(bench: &Bench) {
    let note = async |issuer| bench.store().issuers.note_issuer(issuer).await.unwrap();
    note(ONE).await;
    bench.advance_secs(LONGEST_LIFE_SECS - 1);
    assert_eq!(note(ONE).await.as_deref(), Some(ONE));
    bench.advance_secs(LONGEST_LIFE_SECS - 1);
    assert_eq!(note(OTHER).await.as_deref(), Some(ONE));
}

hold_against_every_store!(
    whoever_begins_hears_of_the_issuer_before,
    an_issuer_is_remembered_for_the_longest_life,
);
