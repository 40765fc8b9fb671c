//! Rules on authorization codes and on the end of grants.

use symbolon::random::{Random, SystemRandom};
use zeroize::Zeroizing;

use super::bench::{Bench, CROWD};
use super::hold_against_every_store;
use super::samples::{ACCESS_SECS, CODE_SECS, new_code_id, new_grant, replayed, shown};
use crate::keys::handles::{HandleKey, HandleKeys};
use crate::records::NewTokens;
use crate::stores::{Issuance, MEMORY_OF_THE_ENDED_SECS, Redemption, Renewal, Rotation, Stores};

pub(super) async fn a_code_is_good_for_one_redemption(bench: &Bench) {
    let (id, code) = (new_code_id(), bench.samples.code());
    bench.store().codes.store_code(&id, &code).await.unwrap();
    let first = bench
        .store()
        .codes
        .redeem_code(&id, &shown())
        .await
        .unwrap();
    assert_eq!(first, Redemption::Redeemed(code));
    let second = bench
        .other()
        .codes
        .redeem_code(&id, &shown())
        .await
        .unwrap();
    let grant_id = id.grant_id();
    assert_eq!(second, replayed(grant_id));
}

async fn of_many_who_redeem_a_code_one_gets_it(bench: &Bench) {
    let (id, code) = (new_code_id(), bench.samples.code());
    bench.store().codes.store_code(&id, &code).await.unwrap();
    let outcomes = bench
        .crowd(|_, store| async move { store.codes.redeem_code(&id, &shown()).await.unwrap() })
        .await;
    let grant_id = id.grant_id();
    let redeemed = outcomes
        .iter()
        .filter(|outcome| **outcome == Redemption::Redeemed(code.clone()))
        .count();
    let replayed = outcomes
        .iter()
        .filter(|outcome| **outcome == replayed(grant_id))
        .count();
    assert_eq!((redeemed, replayed), (1, CROWD - 1));
}

pub(super) async fn what_was_there_when_a_code_was_exchanged_is_remembered_with_it(bench: &Bench) {
    let (id, code) = (new_code_id(), bench.samples.code());
    let codes = &bench.store().codes;
    codes.store_code(&id, &code).await.unwrap();
    codes.redeem_code(&id, &shown()).await.unwrap();
    let older = new_grant();
    let outcome = codes.note_reuse(&id, &older).await.unwrap();
    assert_eq!(outcome, Issuance::Issued);
    let its = shown();
    let again = bench.other().codes.redeem_code(&id, &its);
    let expected = Redemption::Replayed {
        grant_id: id.grant_id(),
        reused: Some(older),
    };
    assert_eq!(again.await.unwrap(), expected);
    let grants = &bench.store().grants;
    grants.revoke_grant(&id.grant_id()).await.unwrap();
    let outcome = codes.note_reuse(&id, &older).await.unwrap();
    assert_eq!(outcome, Issuance::GrantRevoked);
}

async fn a_code_that_was_never_stored_is_unknown(bench: &Bench) {
    let outcome = bench
        .store()
        .codes
        .redeem_code(&new_code_id(), &shown())
        .await;
    assert_eq!(outcome.unwrap(), Redemption::Unknown);
}

async fn a_code_expires(bench: &Bench) {
    let (id, code) = (new_code_id(), bench.samples.code());
    bench.store().codes.store_code(&id, &code).await.unwrap();
    bench.advance_secs(CODE_SECS);
    let outcome = bench
        .store()
        .codes
        .redeem_code(&id, &shown())
        .await
        .unwrap();
    assert_eq!(outcome, Redemption::Unknown);
}

async fn a_used_code_is_recognized_for_a_day_after_its_expiry(bench: &Bench) {
    let (id, code) = (new_code_id(), bench.samples.code());
    bench.store().codes.store_code(&id, &code).await.unwrap();
    bench
        .store()
        .codes
        .redeem_code(&id, &shown())
        .await
        .unwrap();
    bench.advance_secs(CODE_SECS + MEMORY_OF_THE_ENDED_SECS - 1);
    let outcome = bench
        .store()
        .codes
        .redeem_code(&id, &shown())
        .await
        .unwrap();
    let grant_id = id.grant_id();
    assert_eq!(outcome, replayed(grant_id));
    bench.advance_secs(1);
    let outcome = bench
        .store()
        .codes
        .redeem_code(&id, &shown())
        .await
        .unwrap();
    assert_eq!(outcome, Redemption::Unknown);
}

pub(super) async fn the_tokens_of_a_code_are_good_when_they_were_issued(bench: &Bench) {
    let tokens = bench.samples.tokens(new_grant());
    let outcome = bench
        .store()
        .access_tokens
        .issue_tokens_of_code(&tokens)
        .await
        .unwrap();
    assert_eq!(outcome, Issuance::Issued);
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

async fn nothing_is_issued_into_a_grant_that_was_revoked(bench: &Bench) {
    let tokens = bench.samples.tokens(new_grant());
    let grant_id = tokens.access_token_id.grant_id();
    bench.store().grants.revoke_grant(&grant_id).await.unwrap();
    bench.advance_secs(ACCESS_SECS - 1);
    let outcome = bench
        .other()
        .access_tokens
        .issue_tokens_of_code(&tokens)
        .await
        .unwrap();
    assert_eq!(outcome, Issuance::GrantRevoked);
    assert_ended(bench.store(), &tokens).await;
}

pub(super) async fn of_all_who_end_a_grant_at_once_one_has_ended_it(bench: &Bench) {
    let tokens = bench.samples.tokens(new_grant());
    let grant_id = tokens.access_token_id.grant_id();
    let store = bench.store();
    store.access_tokens.issue_tokens(&tokens).await.unwrap();
    let told = bench
        .crowd(|_, store| async move { store.grants.revoke_grant(&grant_id).await.unwrap() })
        .await;
    assert_eq!(told.iter().filter(|is_first| **is_first).count(), 1);
    assert!(!store.grants.revoke_grant(&grant_id).await.unwrap());
}

pub(super) async fn revoking_a_grant_ends_every_token_of_it_and_no_other(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let grant_id = new_grant();
    let (first, second) = (samples.tokens(grant_id), samples.tokens(grant_id));
    let third = samples.access_token_only(grant_id);
    let stranger = samples.tokens(new_grant());
    for tokens in [&first, &second, &third, &stranger] {
        store
            .access_tokens
            .issue_tokens_of_code(tokens)
            .await
            .unwrap();
    }
    bench.other().grants.revoke_grant(&grant_id).await.unwrap();
    for tokens in [&first, &second, &third] {
        assert_ended(store, tokens).await;
    }
    let access = store
        .access_tokens
        .find_access_token(&stranger.access_token_id)
        .await;
    assert_eq!(access.unwrap(), Some(stranger.access_token));
}

async fn a_revoked_grant_cannot_be_refreshed(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let tokens = samples.tokens(new_grant());
    let grant_id = tokens.access_token_id.grant_id();
    store.access_tokens.issue_tokens(&tokens).await.unwrap();
    store.grants.revoke_grant(&grant_id).await.unwrap();
    let (id, _) = tokens.refresh_token.unwrap();
    let rotation = store
        .refresh_tokens
        .rotate_refresh_token(&id, &samples.tokens(grant_id), 10)
        .await;
    assert_eq!(rotation.unwrap(), Rotation::Unknown);
    let renewal = store
        .refresh_tokens
        .renew_access_token(&id, &samples.access_token_only(grant_id))
        .await;
    assert_eq!(renewal.unwrap(), Renewal::Unknown);
}

#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
pub(super) async fn whatever_races_with_a_revocation_no_token_survives_it(bench: &Bench) {
    let samples = bench.samples;
    let first = samples.tokens(new_grant());
    let grant_id = first.access_token_id.grant_id();
    bench
        .store()
        .access_tokens
        .issue_tokens(&first)
        .await
        .unwrap();
    let (id, _) = first.refresh_token.clone().unwrap();
    let tried = bench
        .crowd(|number, store| {
            let tokens = match number % 4 {
                1 => samples.access_token_only(grant_id),
                _ => samples.tokens(grant_id),
            };
            async move {
                let (access, refresh) = (store.access_tokens, store.refresh_tokens);
                match number % 4 {
                    _ if number == 17 => {
                        store.grants.revoke_grant(&grant_id).await.unwrap();
                    }
                    0 => drop(
                        refresh
                            .rotate_refresh_token(&id, &tokens, 10)
                            .await
                            .unwrap(),
                    ),
                    1 => drop(refresh.renew_access_token(&id, &tokens).await.unwrap()),
                    _ => drop(access.issue_tokens_of_code(&tokens).await.unwrap()),
                }
                tokens
            }
        })
        .await;
    for tokens in tried.iter().chain([&first]) {
        assert_ended(bench.store(), tokens).await;
    }
}

async fn assert_ended(store: &Stores, tokens: &NewTokens) {
    let id = &tokens.access_token_id;
    let access = store.access_tokens.find_access_token(id).await;
    assert_eq!(access.unwrap(), None);
    if let Some((id, _)) = &tokens.refresh_token {
        let refresh = store.refresh_tokens.find_refresh_token(id).await;
        assert_eq!(refresh.unwrap(), None);
    }
}

async fn what_is_kept_cannot_be_presented(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let code_id = new_code_id();
    store
        .codes
        .store_code(&code_id, &samples.code())
        .await
        .unwrap();
    let mut tokens = samples.tokens(code_id.grant_id());
    store.access_tokens.issue_tokens(&tokens).await.unwrap();
    let keys = handle_keys();
    let mut handles = vec![keys.write(&code_id).unwrap()];
    for _ in 0..3 {
        let (id, _) = tokens.refresh_token.clone().unwrap();
        handles.push(keys.write(&tokens.access_token_id).unwrap());
        handles.push(keys.write(&id).unwrap());
        tokens = samples.tokens(code_id.grant_id());
        let rotation = store
            .refresh_tokens
            .rotate_refresh_token(&id, &tokens, 10)
            .await
            .unwrap();
        assert_eq!(rotation, Rotation::Rotated);
    }
    let Some(everything) = bench.everything().await else {
        return;
    };
    let holds = |text: &str| {
        everything
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(holds("xiaoming"), "the records are not where we look");
    for handle in handles {
        // The check is what makes a handle of an id: the last 21 characters and a bit.
        assert!(!holds(handle.expose()) && !holds(&handle.expose()[43..]));
    }
}

/// Keys of all generations, so that every id has its handle.
fn handle_keys() -> HandleKeys {
    let random: &dyn Random = &SystemRandom;
    let key = |generation| HandleKey {
        generation,
        key: Zeroizing::new(random.bytes()),
    };
    HandleKeys::new(&[0, 1, 2, 3].map(key)).unwrap()
}

hold_against_every_store!(
    a_code_is_good_for_one_redemption,
    of_many_who_redeem_a_code_one_gets_it,
    what_was_there_when_a_code_was_exchanged_is_remembered_with_it,
    a_code_that_was_never_stored_is_unknown,
    a_code_expires,
    a_used_code_is_recognized_for_a_day_after_its_expiry,
    the_tokens_of_a_code_are_good_when_they_were_issued,
    nothing_is_issued_into_a_grant_that_was_revoked,
    of_all_who_end_a_grant_at_once_one_has_ended_it,
    revoking_a_grant_ends_every_token_of_it_and_no_other,
    a_revoked_grant_cannot_be_refreshed,
    whatever_races_with_a_revocation_no_token_survives_it,
    what_is_kept_cannot_be_presented,
);
