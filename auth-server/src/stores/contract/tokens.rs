//! Rules on access tokens.

use super::bench::{Bench, CROWD};
use super::hold_against_every_store;
use super::samples::{ACCESS_SECS, REFRESH_SECS, Samples, new_grant};
use crate::stores::{Reuse, ReuseKey};

async fn issued_tokens_are_found_as_they_were_issued(bench: &Bench) {
    let tokens = bench.samples.tokens(new_grant());
    bench
        .store()
        .access_tokens
        .issue_tokens(&tokens)
        .await
        .unwrap();
    let access = bench
        .other()
        .access_tokens
        .find_access_token(&tokens.access_token_id);
    assert_eq!(access.await.unwrap(), Some(tokens.access_token));
    let (id, token) = tokens.refresh_token.unwrap();
    let refresh = bench
        .other()
        .refresh_tokens
        .find_refresh_token(&id)
        .await
        .unwrap();
    assert_eq!(refresh, Some(token));
}

async fn an_access_token_expires(bench: &Bench) {
    let tokens = bench.samples.access_token_only(new_grant());
    bench
        .store()
        .access_tokens
        .issue_tokens(&tokens)
        .await
        .unwrap();
    bench.advance_secs(ACCESS_SECS - 1);
    let id = &tokens.access_token_id;
    let found = bench
        .store()
        .access_tokens
        .find_access_token(id)
        .await
        .unwrap();
    assert!(found.is_some());
    bench.advance_secs(1);
    assert_eq!(
        bench
            .store()
            .access_tokens
            .find_access_token(id)
            .await
            .unwrap(),
        None
    );
}

async fn a_refresh_token_expires(bench: &Bench) {
    let tokens = bench.samples.tokens(new_grant());
    bench
        .store()
        .access_tokens
        .issue_tokens(&tokens)
        .await
        .unwrap();
    let (id, _) = tokens.refresh_token.unwrap();
    bench.advance_secs(REFRESH_SECS - 1);
    let found = bench
        .store()
        .refresh_tokens
        .find_refresh_token(&id)
        .await
        .unwrap();
    assert!(found.is_some());
    bench.advance_secs(1);
    assert_eq!(
        bench
            .store()
            .refresh_tokens
            .find_refresh_token(&id)
            .await
            .unwrap(),
        None
    );
}

async fn a_refresh_token_without_an_expiry_lasts(bench: &Bench) {
    let mut tokens = bench.samples.tokens(new_grant());
    if let Some((_, token)) = &mut tokens.refresh_token {
        token.expires_at = None;
    }
    bench
        .store()
        .access_tokens
        .issue_tokens(&tokens)
        .await
        .unwrap();
    bench.advance_secs(9 * 365 * 24 * 60 * 60);
    let (id, token) = tokens.refresh_token.unwrap();
    let found = bench
        .store()
        .refresh_tokens
        .find_refresh_token(&id)
        .await
        .unwrap();
    assert_eq!(found, Some(token));
}

pub(super) async fn revoking_one_access_token_leaves_the_others(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let grant_id = new_grant();
    let (one, other) = (samples.tokens(grant_id), samples.tokens(grant_id));
    store
        .access_tokens
        .issue_tokens_of_code(&one)
        .await
        .unwrap();
    store
        .access_tokens
        .issue_tokens_of_code(&other)
        .await
        .unwrap();
    store
        .access_tokens
        .revoke_access_token(&one.access_token_id)
        .await
        .unwrap();
    let found = store
        .access_tokens
        .find_access_token(&one.access_token_id)
        .await;
    assert_eq!(found.unwrap(), None);
    let found = store
        .access_tokens
        .find_access_token(&other.access_token_id)
        .await;
    assert_eq!(found.unwrap(), Some(other.access_token));
    let (id, _) = one.refresh_token.unwrap();
    assert!(
        store
            .refresh_tokens
            .find_refresh_token(&id)
            .await
            .unwrap()
            .is_some()
    );
}

async fn tokens_are_reused_while_they_are_good(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let key = ReuseKey([7; 32]);
    let first = samples.tokens(new_grant());
    let outcome = store
        .access_tokens
        .issue_or_reuse_tokens(&key, &first)
        .await
        .unwrap();
    assert_eq!(outcome, Reuse::Issued);

    let second = samples.tokens(new_grant());
    let outcome = bench
        .other()
        .access_tokens
        .issue_or_reuse_tokens(&key, &second)
        .await;
    let existing = Reuse::Existing {
        access_token_id: first.access_token_id,
        access_token: Box::new(first.access_token),
    };
    assert_eq!(outcome.unwrap(), existing);
    let found = store
        .access_tokens
        .find_access_token(&second.access_token_id)
        .await;
    assert_eq!(found.unwrap(), None);

    let elsewhere = store
        .access_tokens
        .issue_or_reuse_tokens(&ReuseKey([8; 32]), &second);
    assert_eq!(elsewhere.await.unwrap(), Reuse::Issued);
}

async fn tokens_that_ended_are_not_reused(bench: &Bench) {
    let store = bench.store();
    let key = ReuseKey([7; 32]);
    let issue = async |now| {
        let tokens = Samples::new(now).tokens(new_grant());
        let outcome = store
            .access_tokens
            .issue_or_reuse_tokens(&key, &tokens)
            .await
            .unwrap();
        assert_eq!(outcome, Reuse::Issued);
        let found = store
            .access_tokens
            .find_access_token(&tokens.access_token_id)
            .await;
        assert!(found.unwrap().is_some());
        tokens
    };
    let first = issue(bench.now()).await;
    let id = first.access_token_id;
    store.access_tokens.revoke_access_token(&id).await.unwrap();
    let second = issue(bench.now()).await;
    let grant_id = second.access_token_id.grant_id();
    store.grants.revoke_grant(&grant_id).await.unwrap();
    issue(bench.now()).await;
    bench.advance_secs(ACCESS_SECS);
    issue(bench.now()).await;
}

pub(super) async fn a_revoked_grant_gets_no_tokens_under_a_reuse_key(bench: &Bench) {
    let (store, tokens) = (bench.store(), bench.samples.tokens(new_grant()));
    let grant_id = tokens.access_token_id.grant_id();
    store.grants.revoke_grant(&grant_id).await.unwrap();
    let outcome = store
        .access_tokens
        .issue_or_reuse_tokens(&ReuseKey([9; 32]), &tokens);
    assert_eq!(outcome.await.unwrap(), Reuse::GrantRevoked);
    let found = store
        .access_tokens
        .find_access_token(&tokens.access_token_id);
    assert_eq!(found.await.unwrap(), None);
}

pub(super) async fn many_who_ask_for_the_same_tokens_get_the_same(bench: &Bench) {
    let samples = bench.samples;
    let key = ReuseKey([7; 32]);
    let outcomes = bench
        .crowd(|_, store| {
            let tokens = samples.tokens(new_grant());
            async move {
                let outcome = store
                    .access_tokens
                    .issue_or_reuse_tokens(&key, &tokens)
                    .await
                    .unwrap();
                (outcome, tokens)
            }
        })
        .await;
    let mut ids = Vec::new();
    for (outcome, tokens) in &outcomes {
        let own = tokens.access_token_id;
        let found = bench
            .store()
            .access_tokens
            .find_access_token(&own)
            .await
            .unwrap();
        match outcome {
            Reuse::Issued => ids.push(own),
            Reuse::Existing { .. } => assert_eq!(found, None, "two tokens were issued"),
            Reuse::GrantRevoked => panic!("nobody revoked this grant"),
        }
    }
    assert_eq!(ids.len(), 1);
    let same = outcomes.iter().filter(|(outcome, _)| {
        matches!(outcome, Reuse::Existing { access_token_id, .. } if *access_token_id == ids[0])
    });
    assert_eq!(same.count(), CROWD - 1);
}

hold_against_every_store!(
    issued_tokens_are_found_as_they_were_issued,
    an_access_token_expires,
    a_refresh_token_expires,
    a_refresh_token_without_an_expiry_lasts,
    revoking_one_access_token_leaves_the_others,
    tokens_are_reused_while_they_are_good,
    tokens_that_ended_are_not_reused,
    a_revoked_grant_gets_no_tokens_under_a_reuse_key,
    many_who_ask_for_the_same_tokens_get_the_same,
);
