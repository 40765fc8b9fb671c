//! Rules on what a client holds: it is found without an index, and can be ended as a whole.

use std::collections::BTreeSet;

use symbolon::identifiers::ClientId;
use symbolon::token::GrantType;

use super::bench::Bench;
use super::hold_against_every_store;
use super::samples::{
    ACCESS_SECS, CODE_SECS, REFRESH_SECS, its_client, new_code_id, new_grant, shown,
};
use crate::records::{Approval, ApprovalStatus, GrantId, NewTokens, RefreshTokenId};
use crate::stores::{GivenGrant, Rotation, Stores};

/// More than a store looks at in one part.
const MANY: usize = 600;

/// Every part, one after the other.
async fn search(store: &Stores, client_id: &ClientId) -> Vec<GivenGrant> {
    let (mut found, mut from) = (Vec::new(), None);
    loop {
        let part = store.grants.search_grants(client_id, from.as_ref()).await;
        let part = part.unwrap();
        found.extend(part.found);
        from = part.next;
        if from.is_none() {
            found.sort_by_key(|one| one.grant_id);
            return found;
        }
    }
}

fn ids(found: &[GivenGrant]) -> Vec<GrantId> {
    found.iter().map(|one| one.grant_id).collect()
}

fn of_client(client_id: &ClientId, mut tokens: NewTokens) -> NewTokens {
    tokens.access_token.grant.client_id = client_id.clone();
    if let Some((_, token)) = &mut tokens.refresh_token {
        token.grant.client_id = client_id.clone();
    }
    tokens
}

fn for_itself(mut tokens: NewTokens) -> NewTokens {
    tokens.access_token.grant.owner = None;
    tokens.access_token.grant.grant_type = GrantType::ClientCredentials;
    tokens
}

pub(super) async fn what_a_client_holds_is_found_until_it_ends(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let (code_id, used, code) = (new_code_id(), new_code_id(), samples.code());
    for id in [&code_id, &used] {
        store.codes.store_code(id, &code).await.unwrap();
    }
    store.codes.redeem_code(&used, &shown()).await.unwrap();
    let own = for_itself(samples.access_token_only(new_grant()));
    let tokens = samples.tokens(new_grant());
    let other = ClientId::new("print-photo2");
    let others = of_client(&other, samples.tokens(new_grant()));
    for tokens in [&own, &tokens, &others] {
        store.access_tokens.issue_tokens(tokens).await.unwrap();
    }
    let found = search(bench.other(), &its_client()).await;
    let mut expected = vec![
        code_id.grant_id(),
        own.access_token_id.grant_id(),
        tokens.access_token_id.grant_id(),
    ];
    expected.sort();
    assert_eq!(ids(&found), expected);
    for one in &found {
        let is_own = one.grant_id == own.access_token_id.grant_id();
        let owner = (!is_own).then(|| "xiaoming".to_owned());
        assert_eq!((&one.owner, &one.given.client_id), (&owner, &its_client()));
        let by_index = store.grants.list_grants("xiaoming").await.unwrap();
        assert_eq!(is_own, !by_index.contains(one), "{one:?} {by_index:?}");
    }
    assert_eq!(search(store, &other).await.len(), 1);
    assert_eq!(search(store, &ClientId::new("nobody")).await, []);

    for grant_id in [&expected[0], &expected[1]] {
        store.grants.revoke_grant(grant_id).await.unwrap();
    }
    assert_eq!(ids(&search(store, &its_client()).await), expected[2..]);
}

async fn a_grant_that_has_tokens_is_found_by_its_id(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let grants = &bench.other().grants;
    let code_id = new_code_id();
    store
        .codes
        .store_code(&code_id, &samples.code())
        .await
        .unwrap();
    let own = for_itself(samples.access_token_only(new_grant()));
    let tokens = samples.tokens(new_grant());
    for tokens in [&own, &tokens] {
        store.access_tokens.issue_tokens(tokens).await.unwrap();
    }
    for grant_id in [new_grant(), code_id.grant_id()] {
        assert_eq!(grants.find_grant(&grant_id).await.unwrap(), None);
    }
    let searched = search(store, &its_client()).await;
    for tokens in [&own, &tokens] {
        let grant_id = tokens.access_token_id.grant_id();
        let found = grants.find_grant(&grant_id).await.unwrap();
        assert!(searched.contains(found.as_ref().unwrap()), "{found:?}");
        store.grants.revoke_grant(&grant_id).await.unwrap();
        assert_eq!(grants.find_grant(&grant_id).await.unwrap(), None);
    }
}

async fn what_has_expired_is_not_found(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let (code_id, code) = (new_code_id(), samples.code());
    store.codes.store_code(&code_id, &code).await.unwrap();
    let short = for_itself(samples.access_token_only(new_grant()));
    for tokens in [&short, &samples.tokens(new_grant())] {
        store.access_tokens.issue_tokens(tokens).await.unwrap();
    }
    assert_eq!(search(store, &its_client()).await.len(), 3);
    for (secs, left) in [
        (CODE_SECS, 2),
        (ACCESS_SECS - CODE_SECS, 1),
        (REFRESH_SECS - ACCESS_SECS, 0),
    ] {
        bench.advance_secs(secs);
        assert_eq!(search(store, &its_client()).await.len(), left);
    }
}

async fn of_many_grants_all_of_one_client_are_found_and_can_be_ended(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let other = ClientId::new("other");
    let mut its = BTreeSet::new();
    for number in 0..MANY {
        let grant_id = new_grant();
        let tokens = match number % 3 {
            0 => samples.tokens(grant_id),
            1 => for_itself(samples.access_token_only(grant_id)),
            _ => of_client(&other, samples.tokens(grant_id)),
        };
        if number % 3 < 2 {
            its.insert(grant_id);
        }
        store.access_tokens.issue_tokens(&tokens).await.unwrap();
    }
    let found = search(store, &its_client()).await;
    assert_eq!(ids(&found).into_iter().collect::<BTreeSet<_>>(), its);
    for grant_id in &its {
        store.grants.revoke_grant(grant_id).await.unwrap();
    }
    assert_eq!(search(store, &its_client()).await, []);
    let others: BTreeSet<_> = ids(&search(store, &other).await).into_iter().collect();
    assert_eq!(others.len(), MANY / 3);
}

/// Whatever becomes of its tokens meanwhile.
async fn a_grant_that_is_there_all_the_time_is_found(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let mut refresh_tokens = Vec::new();
    for _ in 0..MANY / 2 {
        let tokens = samples.tokens(new_grant());
        store.access_tokens.issue_tokens(&tokens).await.unwrap();
        refresh_tokens.push(tokens.refresh_token.unwrap().0);
    }
    let expected: BTreeSet<GrantId> = refresh_tokens
        .iter()
        .map(RefreshTokenId::grant_id)
        .collect();
    let client_id = its_client();
    let (mut found, mut from) = (BTreeSet::new(), None);
    loop {
        let part = store.grants.search_grants(&client_id, from.as_ref());
        let part = part.await.unwrap();
        found.extend(ids(&part.found));
        from = part.next;
        if from.is_none() {
            break;
        }
        for id in &mut refresh_tokens {
            let next = samples.tokens(id.grant_id());
            let rotating = store.refresh_tokens.rotate_refresh_token(id, &next, 0);
            assert_eq!(rotating.await.unwrap(), Rotation::Rotated);
            *id = next.refresh_token.unwrap().0;
        }
    }
    assert_eq!(found, expected);
}

pub(super) async fn approvals_of_all_owners_are_forgotten_for_one_client(bench: &Bench) {
    let approvals = &bench.store().approvals;
    let (its, other) = (its_client(), ClientId::new("print-photo2"));
    let decided = [decision(bench)];
    let owners: Vec<String> = (0..MANY / 2)
        .map(|number| format!("{number}/{its}:"))
        .collect();
    for owner in &owners {
        for client_id in [&its, &other] {
            let recorded = approvals.record_approvals(owner, client_id, &decided);
            recorded.await.unwrap();
        }
    }
    let mut from = approvals.forget_approvals_of_all(&its, None).await.unwrap();
    while let Some(place) = from {
        let next = approvals.forget_approvals_of_all(&its, Some(&place));
        from = next.await.unwrap();
    }
    for owner in &owners {
        let approvals = &bench.other().approvals;
        assert_eq!(approvals.find_approvals(owner, &its).await.unwrap(), []);
        let of_other = approvals.find_approvals(owner, &other).await.unwrap();
        assert_eq!(of_other, decided);
    }
}

fn decision(bench: &Bench) -> Approval {
    bench
        .samples
        .approval("photo.read", ApprovalStatus::Approved)
}

async fn what_is_damaged_stops_no_search(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let tokens = samples.tokens(new_grant());
    store.access_tokens.issue_tokens(&tokens).await.unwrap();
    let (code_id, code) = (new_code_id(), samples.code());
    store.codes.store_code(&code_id, &code).await.unwrap();
    let decided = [decision(bench)];
    let client_id = its_client();
    let recorded = store.approvals.record_approvals("a", &client_id, &decided);
    recorded.await.unwrap();
    bench.damage_everything().await;
    let good = for_itself(samples.access_token_only(new_grant()));
    store.access_tokens.issue_tokens(&good).await.unwrap();
    let found = search(store, &client_id).await;
    assert_eq!(ids(&found), [good.access_token_id.grant_id()]);
    let approvals = &store.approvals;
    let next = approvals.forget_approvals_of_all(&client_id, None).await;
    assert_eq!(next.unwrap(), None);
}

hold_against_every_store!(
    a_grant_that_has_tokens_is_found_by_its_id,
    what_a_client_holds_is_found_until_it_ends,
    what_has_expired_is_not_found,
    of_many_grants_all_of_one_client_are_found_and_can_be_ended,
    a_grant_that_is_there_all_the_time_is_found,
    approvals_of_all_owners_are_forgotten_for_one_client,
    what_is_damaged_stops_no_search,
);
