//! Rules on records that cannot be read any more: a disk, a person or another program has written into them.

use symbolon::identifiers::ClientId;
use symbolon::random::SystemRandom;

use super::bench::Bench;
use super::hold_against_every_store;
use super::samples::{new_answer, new_code_id, new_grant, new_session, shown};
use crate::records::{ApprovalStatus, PendingId};
use crate::stores::{Answering, Issuance, Reuse, ReuseKey, StoreError};

async fn a_damaged_access_token_is_told_and_can_be_ended(bench: &Bench) {
    let store = &bench.store().access_tokens;
    let tokens = bench.samples.tokens(new_grant());
    let id = &tokens.access_token_id;
    store.issue_tokens(&tokens).await.unwrap();
    bench.damage_everything().await;
    let found = store.find_access_token(id).await;
    assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
    store.revoke_access_token(id).await.unwrap();
    assert_eq!(store.find_access_token(id).await.unwrap(), None);
}

async fn a_damaged_refresh_token_is_told_and_its_grant_can_be_ended(bench: &Bench) {
    let store = bench.store();
    let tokens = bench.samples.tokens(new_grant());
    let (id, _) = tokens.refresh_token.clone().unwrap();
    store.access_tokens.issue_tokens(&tokens).await.unwrap();
    bench.damage_everything().await;
    let found = store.refresh_tokens.find_refresh_token(&id).await;
    assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
    store.grants.revoke_grant(&id.grant_id()).await.unwrap();
    let found = store.refresh_tokens.find_refresh_token(&id).await;
    assert_eq!(found.unwrap(), None);
}

async fn a_damaged_code_is_told(bench: &Bench) {
    let (store, id) = (&bench.store().codes, new_code_id());
    store.store_code(&id, &bench.samples.code()).await.unwrap();
    bench.damage_everything().await;
    let redeemed = store.redeem_code(&id, &shown()).await;
    let Err(StoreError::Damaged(_)) = redeemed else {
        panic!("{redeemed:?}");
    };
}

async fn a_damaged_index_of_what_an_owner_gave_is_no_hindrance(bench: &Bench) {
    let store = bench.store();
    for _ in 0..2 {
        let tokens = bench.samples.tokens(new_grant());
        store.access_tokens.issue_tokens(&tokens).await.unwrap();
        let listed = store.grants.list_grants("xiaoming").await.unwrap();
        assert_eq!(listed.len(), 1);
        bench.damage_everything().await;
        let listed = store.grants.list_grants("xiaoming").await.unwrap();
        assert_eq!(listed, []);
    }
}

async fn a_damaged_mark_of_a_revocation_is_still_one(bench: &Bench) {
    let (store, tokens) = (bench.store(), bench.samples.tokens(new_grant()));
    let grant_id = tokens.access_token_id.grant_id();
    store.grants.revoke_grant(&grant_id).await.unwrap();
    bench.damage_everything().await;
    let outcome = store.access_tokens.issue_tokens_of_code(&tokens).await;
    assert_eq!(outcome.unwrap(), Issuance::GrantRevoked);
}

async fn where_the_reuse_key_or_its_token_is_damaged_new_tokens_are_issued(bench: &Bench) {
    let (store, key) = (&bench.store().access_tokens, ReuseKey([7; 32]));
    for _ in 0..2 {
        let tokens = bench.samples.tokens(new_grant());
        let outcome = store.issue_or_reuse_tokens(&key, &tokens).await.unwrap();
        assert_eq!(outcome, Reuse::Issued);
        let found = store.find_access_token(&tokens.access_token_id).await;
        assert_eq!(found.unwrap(), Some(tokens.access_token));
        bench.damage_everything().await;
    }
}

async fn a_damaged_session_is_told_and_can_be_renewed_and_ended(bench: &Bench) {
    let (store, session) = (&bench.store().sessions, bench.samples.session());
    let (old, new, other) = (new_session(), new_session(), new_session());
    for id in [&old, &other] {
        store.store_session(id, &session).await.unwrap();
    }
    bench.damage_everything().await;
    for id in [&old, &other] {
        let found = store.find_session(id).await;
        assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
    }
    store.renew_session(&old, &new, &session).await.unwrap();
    assert_eq!(store.find_session(&old).await.unwrap(), None);
    assert_eq!(store.find_session(&new).await.unwrap(), Some(session));
    store.delete_session(&other).await.unwrap();
    assert_eq!(store.find_session(&other).await.unwrap(), None);
}

async fn damaged_requests_are_left_out_and_others_wait_beside_them(bench: &Bench) {
    let store = &bench.store().sessions;
    let (old, new) = (new_session(), new_session());
    let (first, second) = (
        PendingId::mint(&SystemRandom),
        PendingId::mint(&SystemRandom),
    );
    let pending = bench.samples.pending("a");
    store.store_pending(&old, &first, &pending).await.unwrap();
    bench.damage_everything().await;
    assert_eq!(store.list_pending(&old).await.unwrap(), []);
    store.store_pending(&old, &second, &pending).await.unwrap();
    let waiting = [(second.clone(), pending.clone())];
    assert_eq!(store.list_pending(&old).await.unwrap(), waiting);
    let session = bench.samples.session();
    store.renew_session(&old, &new, &session).await.unwrap();
    assert_eq!(store.list_pending(&new).await.unwrap(), waiting);
    let (answer, forget_at) = (new_answer(), pending.expires_at);
    let answered = store.answer_pending(&new, &second, &answer, forget_at);
    assert_eq!(answered.await.unwrap(), Answering::Answered);
}

async fn where_all_that_waits_is_damaged_a_session_can_be_renewed(bench: &Bench) {
    let store = &bench.store().sessions;
    let (old, new) = (new_session(), new_session());
    let id = PendingId::mint(&SystemRandom);
    let pending = bench.samples.pending("a");
    store.store_pending(&old, &id, &pending).await.unwrap();
    bench.damage_everything().await;
    let session = bench.samples.session();
    store.renew_session(&old, &new, &session).await.unwrap();
    assert_eq!(store.find_session(&new).await.unwrap(), Some(session));
    assert_eq!(store.list_pending(&new).await.unwrap(), []);
}

async fn damaged_approvals_are_left_out_and_decided_anew(bench: &Bench) {
    let (store, client) = (&bench.store().approvals, ClientId::new("print-photo"));
    let yes = |scope| bench.samples.approval(scope, ApprovalStatus::Approved);
    let both = [yes("photo.read"), yes("profile")];
    let recorded = store.record_approvals("xiaoming", &client, &both).await;
    recorded.unwrap();
    bench.damage_everything().await;
    let found = store.find_approvals("xiaoming", &client).await;
    assert_eq!(found.unwrap(), []);
    let [one, _] = both;
    let again = [one];
    let recorded = store.record_approvals("xiaoming", &client, &again).await;
    recorded.unwrap();
    let found = store.find_approvals("xiaoming", &client).await;
    assert_eq!(found.unwrap(), again);
}

async fn damaged_keys_are_told_and_never_taken_for_none(bench: &Bench) {
    let store = &bench.store().keys;
    store.add_key(&bench.samples.key("a"), &[]).await.unwrap();
    bench.damage_everything().await;
    let found = store.list_keys().await;
    assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
}

hold_against_every_store!(
    a_damaged_access_token_is_told_and_can_be_ended,
    a_damaged_refresh_token_is_told_and_its_grant_can_be_ended,
    a_damaged_code_is_told,
    a_damaged_index_of_what_an_owner_gave_is_no_hindrance,
    a_damaged_mark_of_a_revocation_is_still_one,
    where_the_reuse_key_or_its_token_is_damaged_new_tokens_are_issued,
    a_damaged_session_is_told_and_can_be_renewed_and_ended,
    damaged_requests_are_left_out_and_others_wait_beside_them,
    where_all_that_waits_is_damaged_a_session_can_be_renewed,
    damaged_approvals_are_left_out_and_decided_anew,
    damaged_keys_are_told_and_never_taken_for_none,
);
