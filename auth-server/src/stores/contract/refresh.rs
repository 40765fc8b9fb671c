//! Rules on rotation and renewal.

use super::bench::{Bench, CROWD};
use super::hold_against_every_store;
use super::samples::{ACCESS_SECS, REFRESH_SECS, Samples, new_grant};
use crate::records::NewTokens;
use crate::records::RefreshTokenId;
use crate::stores::{Renewal, Rotation, Successor};

const GRACE_SECS: u64 = 10;

async fn issued(bench: &Bench) -> NewTokens {
    let tokens = bench.samples.tokens(new_grant());
    bench
        .store()
        .access_tokens
        .issue_tokens(&tokens)
        .await
        .unwrap();
    tokens
}

fn refresh_id(tokens: &NewTokens) -> RefreshTokenId {
    tokens.refresh_token.as_ref().unwrap().0
}

fn successor_of(bench: &Bench, tokens: &NewTokens) -> NewTokens {
    let samples = Samples::new(bench.now());
    samples.tokens(tokens.access_token_id.grant_id())
}

async fn rotate(bench: &Bench, from: &NewTokens, to: &NewTokens, grace_secs: u64) -> Rotation {
    let id = refresh_id(from);
    let rotation = bench
        .store()
        .refresh_tokens
        .rotate_refresh_token(&id, to, grace_secs);
    rotation.await.unwrap()
}

async fn is_good(bench: &Bench, tokens: &NewTokens) -> (bool, bool) {
    let access = bench
        .other()
        .access_tokens
        .find_access_token(&tokens.access_token_id);
    let access = access.await.unwrap();
    if let Some(found) = &access {
        assert_eq!(*found, tokens.access_token);
    }
    let refresh = match &tokens.refresh_token {
        Some((id, _)) => bench
            .other()
            .refresh_tokens
            .find_refresh_token(id)
            .await
            .unwrap(),
        None => None,
    };
    (access.is_some(), refresh.is_some())
}

fn as_answered(tokens: &NewTokens) -> Rotation {
    Rotation::SameSuccessor(Box::new(Successor {
        access_token_id: tokens.access_token_id,
        access_token: tokens.access_token.clone(),
        refresh_token_id: refresh_id(tokens),
    }))
}

pub(super) async fn rotation_replaces_the_token_and_ends_earlier_access_tokens(bench: &Bench) {
    let first = issued(bench).await;
    let second = successor_of(bench, &first);
    let rotation = rotate(bench, &first, &second, GRACE_SECS).await;
    assert_eq!(rotation, Rotation::Rotated);
    assert_eq!(is_good(bench, &second).await, (true, true));
    // The used one is still found: what it was used for is decided by the next rotation.
    assert_eq!(is_good(bench, &first).await, (false, true));
    let third = successor_of(bench, &second);
    let rotation = rotate(bench, &second, &third, GRACE_SECS).await;
    assert_eq!(rotation, Rotation::Rotated);
    assert_eq!(is_good(bench, &second).await, (false, true));
    assert_eq!(is_good(bench, &third).await, (true, true));
}

async fn a_repeated_rotation_gets_the_same_successor_within_the_grace(bench: &Bench) {
    let first = issued(bench).await;
    let second = successor_of(bench, &first);
    rotate(bench, &first, &second, GRACE_SECS).await;
    bench.advance_secs(GRACE_SECS);
    let other = successor_of(bench, &first);
    let rotation = rotate(bench, &first, &other, GRACE_SECS).await;
    assert_eq!(rotation, as_answered(&second));
    let of_nobody = refresh_id(&other);
    let store = &bench.store().refresh_tokens;
    assert!(store.is_refresh_token_used(&of_nobody).await.unwrap());
    assert!(!is_good(bench, &other).await.0);
    assert_eq!(is_good(bench, &second).await, (true, true));
}

async fn a_used_token_after_the_grace_ends_the_family(bench: &Bench) {
    let first = issued(bench).await;
    let second = successor_of(bench, &first);
    rotate(bench, &first, &second, GRACE_SECS).await;
    bench.advance_secs(GRACE_SECS + 1);
    let rotation = rotate(bench, &first, &successor_of(bench, &first), GRACE_SECS).await;
    assert_eq!(rotation, Rotation::Reused);
    assert_eq!(is_good(bench, &first).await, (false, false));
    assert_eq!(is_good(bench, &second).await, (false, false));
    let rotation = rotate(bench, &second, &successor_of(bench, &second), GRACE_SECS).await;
    assert_eq!(rotation, Rotation::Unknown);
}

pub(super) async fn a_token_whose_successor_was_used_ends_the_family(bench: &Bench) {
    let first = issued(bench).await;
    let second = successor_of(bench, &first);
    rotate(bench, &first, &second, GRACE_SECS).await;
    let third = successor_of(bench, &second);
    rotate(bench, &second, &third, GRACE_SECS).await;
    let rotation = rotate(bench, &first, &successor_of(bench, &first), GRACE_SECS).await;
    assert_eq!(rotation, Rotation::Reused);
    assert_eq!(is_good(bench, &third).await, (false, false));
}

async fn a_token_whose_successor_was_revoked_ends_the_family(bench: &Bench) {
    let first = issued(bench).await;
    let second = successor_of(bench, &first);
    rotate(bench, &first, &second, GRACE_SECS).await;
    let revocation = bench
        .store()
        .access_tokens
        .revoke_access_token(&second.access_token_id);
    revocation.await.unwrap();
    let rotation = rotate(bench, &first, &successor_of(bench, &first), GRACE_SECS).await;
    assert_eq!(rotation, Rotation::Reused);
    assert_eq!(is_good(bench, &second).await, (false, false));
}

pub(super) async fn of_many_who_rotate_one_wins_and_all_get_its_successor(bench: &Bench) {
    let first = issued(bench).await;
    let id = refresh_id(&first);
    let outcomes = bench
        .crowd(|_, store| {
            let successor = successor_of(bench, &first);
            async move {
                let rotation = store
                    .refresh_tokens
                    .rotate_refresh_token(&id, &successor, GRACE_SECS)
                    .await;
                (rotation.unwrap(), successor)
            }
        })
        .await;
    let winners: Vec<&NewTokens> = outcomes
        .iter()
        .filter(|(rotation, _)| *rotation == Rotation::Rotated)
        .map(|(_, successor)| successor)
        .collect();
    assert_eq!(winners.len(), 1);
    let same = as_answered(winners[0]);
    let followers = outcomes.iter().filter(|(rotation, _)| *rotation == same);
    assert_eq!(followers.count(), CROWD - 1);
}

async fn without_a_grace_many_who_rotate_later_end_the_family(bench: &Bench) {
    let first = issued(bench).await;
    let second = successor_of(bench, &first);
    rotate(bench, &first, &second, 0).await;
    bench.advance_secs(1);
    let id = refresh_id(&first);
    let outcomes = bench
        .crowd(|_, store| {
            let successor = successor_of(bench, &first);
            async move {
                let rotation = store
                    .refresh_tokens
                    .rotate_refresh_token(&id, &successor, 0)
                    .await;
                (rotation.unwrap(), successor)
            }
        })
        .await;
    let count = |wanted: &Rotation| {
        let equal = outcomes.iter().filter(|(rotation, _)| rotation == wanted);
        equal.count()
    };
    assert_eq!(count(&Rotation::Reused), 1);
    assert_eq!(count(&Rotation::Unknown), CROWD - 1);
    for tokens in outcomes
        .iter()
        .map(|(_, tokens)| tokens)
        .chain([&first, &second])
    {
        assert_eq!(is_good(bench, tokens).await, (false, false));
    }
}

async fn a_used_token_is_remembered_until_it_would_have_expired(bench: &Bench) {
    let first = issued(bench).await;
    let second = successor_of(bench, &first);
    rotate(bench, &first, &second, GRACE_SECS).await;
    bench.advance_secs(REFRESH_SECS - 1);
    let id = refresh_id(&first);
    let found = bench
        .store()
        .refresh_tokens
        .find_refresh_token(&id)
        .await
        .unwrap();
    assert!(found.is_some());
    assert!(
        bench
            .other()
            .refresh_tokens
            .is_refresh_token_used(&id)
            .await
            .unwrap()
    );
    let fresh = refresh_id(&second);
    assert!(
        !bench
            .other()
            .refresh_tokens
            .is_refresh_token_used(&fresh)
            .await
            .unwrap()
    );
    bench.advance_secs(1);
    let rotation = rotate(bench, &first, &successor_of(bench, &first), GRACE_SECS).await;
    assert_eq!(rotation, Rotation::Unknown);
}

/// Rotates from `tokens` on, so many times; the last ones.
async fn rotate_often(bench: &Bench, mut tokens: NewTokens, times: usize) -> NewTokens {
    for _ in 0..times {
        let next = successor_of(bench, &tokens);
        let rotation = rotate(bench, &tokens, &next, GRACE_SECS).await;
        assert_eq!(rotation, Rotation::Rotated);
        tokens = next;
    }
    tokens
}

async fn a_grant_keeps_as_much_however_often_it_is_refreshed(bench: &Bench) {
    let tokens = rotate_often(bench, issued(bench).await, 3).await;
    let kept = bench.how_many_are_kept().await;
    let tokens = rotate_often(bench, tokens, 60).await;
    assert_eq!(bench.how_many_are_kept().await, kept);
    assert_eq!(is_good(bench, &tokens).await, (true, true));
}

pub(super) async fn a_token_that_was_used_long_ago_ends_the_family(bench: &Bench) {
    for times in [2, 3, 12] {
        let first = issued(bench).await;
        let last = rotate_often(bench, first.clone(), times).await;
        let id = refresh_id(&first);
        let store = &bench.other().refresh_tokens;
        // Whose it was is known for as long as the grant goes on, also after its own end.
        bench.advance_secs(1);
        let found = store.find_refresh_token(&id).await.unwrap().unwrap();
        let (_, token) = last.refresh_token.as_ref().unwrap();
        assert_eq!(found.grant, token.grant);
        assert!(store.is_refresh_token_used(&id).await.unwrap());
        let next = successor_of(bench, &first);
        let renewal = store.renew_access_token(&id, &next).await.unwrap();
        assert_eq!(renewal, Renewal::Unknown);
        assert_eq!(is_good(bench, &last).await, (true, true));
        let rotation = rotate(bench, &first, &next, GRACE_SECS).await;
        assert_eq!(rotation, Rotation::Reused);
        assert_eq!(is_good(bench, &last).await, (false, false));
        assert_eq!(is_good(bench, &next).await, (false, false));
        let rotation = rotate(bench, &first, &next, GRACE_SECS).await;
        assert_eq!(rotation, Rotation::Unknown);
    }
}

async fn a_used_token_is_known_after_its_own_end_while_its_grant_goes_on(bench: &Bench) {
    let first = issued(bench).await;
    bench.advance_secs(REFRESH_SECS - 1);
    let second = rotate_often(bench, first.clone(), 1).await;
    bench.advance_secs(1);
    let rotation = rotate(bench, &first, &successor_of(bench, &first), GRACE_SECS).await;
    assert_eq!(rotation, Rotation::Reused);
    assert_eq!(is_good(bench, &second).await, (false, false));
}

async fn a_token_that_was_never_issued_is_unknown(bench: &Bench) {
    let strange = bench.samples.tokens(new_grant());
    let successor = successor_of(bench, &strange);
    let rotation = rotate(bench, &strange, &successor, GRACE_SECS).await;
    assert_eq!(rotation, Rotation::Unknown);
    assert_eq!(is_good(bench, &successor).await, (false, false));
    let renewal = bench
        .store()
        .refresh_tokens
        .renew_access_token(&refresh_id(&strange), &successor)
        .await;
    assert_eq!(renewal.unwrap(), Renewal::Unknown);
}

pub(super) async fn renewal_keeps_the_refresh_token_and_ends_earlier_access_tokens(bench: &Bench) {
    let first = issued(bench).await;
    let id = refresh_id(&first);
    let grant_id = id.grant_id();
    bench.advance_secs(ACCESS_SECS / 2);
    let mut before = first.clone();
    for _ in 0..3 {
        let samples = Samples::new(bench.now());
        let next = samples.access_token_only(grant_id);
        let renewal = bench
            .store()
            .refresh_tokens
            .renew_access_token(&id, &next)
            .await
            .unwrap();
        assert_eq!(renewal, Renewal::Renewed);
        assert!(!is_good(bench, &before).await.0);
        assert!(is_good(bench, &next).await.0);
        before = next;
    }
    let found = bench
        .store()
        .refresh_tokens
        .find_refresh_token(&id)
        .await
        .unwrap();
    assert_eq!(found, first.refresh_token.map(|(_, token)| token));
}

async fn a_used_token_renews_nothing(bench: &Bench) {
    let first = issued(bench).await;
    let second = successor_of(bench, &first);
    rotate(bench, &first, &second, GRACE_SECS).await;
    let next = bench.samples.access_token_only(new_grant());
    let renewal = bench
        .store()
        .refresh_tokens
        .renew_access_token(&refresh_id(&first), &next)
        .await;
    assert_eq!(renewal.unwrap(), Renewal::Unknown);
    assert_eq!(is_good(bench, &second).await, (true, true));
}

hold_against_every_store!(
    rotation_replaces_the_token_and_ends_earlier_access_tokens,
    a_repeated_rotation_gets_the_same_successor_within_the_grace,
    a_used_token_after_the_grace_ends_the_family,
    a_token_whose_successor_was_used_ends_the_family,
    a_token_whose_successor_was_revoked_ends_the_family,
    of_many_who_rotate_one_wins_and_all_get_its_successor,
    without_a_grace_many_who_rotate_later_end_the_family,
    a_used_token_is_remembered_until_it_would_have_expired,
    a_grant_keeps_as_much_however_often_it_is_refreshed,
    a_token_that_was_used_long_ago_ends_the_family,
    a_used_token_is_known_after_its_own_end_while_its_grant_goes_on,
    a_token_that_was_never_issued_is_unknown,
    renewal_keeps_the_refresh_token_and_ends_earlier_access_tokens,
    a_used_token_renews_nothing,
);
