//! Rules on what an owner gave: it can be listed and ended as a whole.

use symbolon::identifiers::ClientId;

use super::bench::Bench;
use super::hold_against_every_store;
use super::samples::{
    ACCESS_SECS, CODE_SECS, REFRESH_SECS, its_client, new_code_id, new_grant, new_session,
};
use crate::records::{ApprovalStatus, AuthenticatedOwner, GrantId, Session};

/// Whose all samples are.
const OWNER: &str = "xiaoming";

async fn listed(bench: &Bench, owner: &str) -> Vec<GrantId> {
    let grants = &bench.other().grants;
    let found = grants.list_grants(owner).await.unwrap();
    // Part by part it is the same.
    let (mut in_parts, mut from) = (Vec::new(), None);
    loop {
        let part = grants.list_grants_from(owner, from.as_ref()).await.unwrap();
        in_parts.extend(part.found);
        from = part.next;
        if from.is_none() {
            break;
        }
    }
    in_parts.sort_by_key(|one| one.grant_id);
    assert_eq!(in_parts, found);
    found.into_iter().map(|one| one.grant_id).collect()
}

/// More than a store looks at in one part.
const MANY: usize = 600;

async fn of_many_grants_each_is_in_one_part(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    for _ in 0..MANY {
        let tokens = samples.access_token_only(new_grant());
        store.access_tokens.issue_tokens(&tokens).await.unwrap();
    }
    let first = store.grants.list_grants_from(OWNER, None).await.unwrap();
    assert!(first.found.len() < MANY && first.next.is_some());
    assert_eq!(listed(bench, OWNER).await.len(), MANY);
}

pub(super) async fn what_an_owner_gave_is_listed_until_it_ends(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let (code_id, code) = (new_code_id(), samples.code());
    store.codes.store_code(&code_id, &code).await.unwrap();
    let (given_back, kept) = (new_grant(), samples.tokens(new_grant()));
    let tokens = samples.tokens(given_back);
    store.access_tokens.issue_tokens(&tokens).await.unwrap();
    let issued = store.access_tokens.issue_tokens_of_code(&kept).await;
    issued.unwrap();
    let mut expected = vec![
        code_id.grant_id(),
        given_back,
        kept.access_token_id.grant_id(),
    ];
    expected.sort();
    assert_eq!(listed(bench, OWNER).await, expected);
    assert_eq!(listed(bench, "xiaomin").await, []);
    assert_eq!(listed(bench, "xiaoming2").await, []);

    store.grants.revoke_grant(&given_back).await.unwrap();
    store
        .grants
        .revoke_grant(&code_id.grant_id())
        .await
        .unwrap();
    let found = store.grants.list_grants(OWNER).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].grant_id, kept.access_token_id.grant_id());
    assert_eq!(found[0].given.client_id, its_client());
    assert_eq!(found[0].given.scope, kept.access_token.grant.scope);
    let (refresh_token_id, refresh_token) = kept.refresh_token.unwrap();
    assert_eq!(Some(found[0].expires_at), refresh_token.expires_at);

    // A renewal does not shorten what is known of it.
    let renewed = samples.access_token_only(refresh_token_id.grant_id());
    let renewal = store
        .refresh_tokens
        .renew_access_token(&refresh_token_id, &renewed);
    renewal.await.unwrap();
    let found = store.grants.list_grants(OWNER).await.unwrap();
    assert_eq!(Some(found[0].expires_at), refresh_token.expires_at);
}

async fn what_has_expired_is_not_listed(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let (code_id, code) = (new_code_id(), samples.code());
    store.codes.store_code(&code_id, &code).await.unwrap();
    let short = samples.access_token_only(new_grant());
    store.access_tokens.issue_tokens(&short).await.unwrap();
    let long = samples.tokens(new_grant());
    store.access_tokens.issue_tokens(&long).await.unwrap();
    assert_eq!(listed(bench, OWNER).await.len(), 3);
    for (secs, left) in [
        (CODE_SECS, 2),
        (ACCESS_SECS - CODE_SECS, 1),
        (REFRESH_SECS - ACCESS_SECS, 0),
    ] {
        bench.advance_secs(secs);
        assert_eq!(listed(bench, OWNER).await.len(), left);
    }
}

async fn an_access_token_that_was_given_back_is_not_listed(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let tokens = samples.access_token_only(new_grant());
    store.access_tokens.issue_tokens(&tokens).await.unwrap();
    let id = &tokens.access_token_id;
    store.access_tokens.revoke_access_token(id).await.unwrap();
    assert_eq!(listed(bench, OWNER).await, []);
}

async fn what_a_client_has_for_itself_is_nobodys_gift(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let mut tokens = samples.access_token_only(new_grant());
    tokens.access_token.grant.owner = None;
    store.access_tokens.issue_tokens(&tokens).await.unwrap();
    assert_eq!(listed(bench, "").await, []);
}

async fn the_sessions_of_an_owner_end_together_and_later_ones_are_good(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let signed_in = |name: &str| Session {
        owner: Some(AuthenticatedOwner {
            name: name.to_owned(),
            authenticated_at: bench.now(),
            password_mark: None,
        }),
        ..samples.session()
    };
    let [one, two, others, nobodys] = [(); 4].map(|()| new_session());
    for (id, session) in [
        (&one, signed_in(OWNER)),
        (&two, signed_in(OWNER)),
        (&others, signed_in("lihua")),
        (&nobodys, samples.session()),
    ] {
        store.sessions.store_session(id, &session).await.unwrap();
    }
    store.sessions.end_sessions_of(OWNER).await.unwrap();
    for (id, is_there) in [
        (&one, false),
        (&two, false),
        (&others, true),
        (&nobodys, true),
    ] {
        let found = bench.other().sessions.find_session(id).await.unwrap();
        assert_eq!(found.is_some(), is_there);
    }
    bench.advance_secs(1);
    let later = new_session();
    let session = signed_in(OWNER);
    store
        .sessions
        .store_session(&later, &session)
        .await
        .unwrap();
    let found = bench.other().sessions.find_session(&later).await.unwrap();
    assert_eq!(found, Some(session));
}

async fn approvals_are_forgotten_for_one_client(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let other = ClientId::new("other");
    let decided = [samples.approval("photo.read", ApprovalStatus::Approved)];
    let client_id = its_client();
    for client in [&client_id, &other] {
        let approvals = &store.approvals;
        let recorded = approvals.record_approvals(OWNER, client, &decided);
        recorded.await.unwrap();
    }
    let approvals = &bench.other().approvals;
    approvals.forget_approvals(OWNER, &client_id).await.unwrap();
    let of = async |client| approvals.find_approvals(OWNER, client).await.unwrap();
    assert_eq!(of(&client_id).await, []);
    assert_eq!(of(&other).await, decided);
}

async fn the_clients_that_an_owner_has_decided_about_are_known(bench: &Bench) {
    let (store, samples) = (&bench.store().approvals, &bench.samples);
    let other = &bench.other().approvals;
    let known = async |owner| other.approved_clients(owner).await.unwrap();
    assert_eq!(known(OWNER).await, []);
    let decided = [
        samples.approval("photo.read", ApprovalStatus::Approved),
        samples.approval("profile", ApprovalStatus::Denied),
    ];
    let clients = ["b", "a/longer", "{c}"].map(ClientId::new);
    for client in &clients {
        let recorded = store.record_approvals(OWNER, client, &decided);
        recorded.await.unwrap();
    }
    let [b, longer, c] = clients;
    let theirs = ClientId::new("theirs");
    for owner in ["somebody", "xiaominga", ""] {
        let recorded = store.record_approvals(owner, &theirs, &decided);
        recorded.await.unwrap();
    }
    assert_eq!(known(OWNER).await, [&longer, &b, &c].map(Clone::clone));
    assert_eq!(known("").await, [theirs]);
    store.forget_approvals(OWNER, &b).await.unwrap();
    assert_eq!(known(OWNER).await, [longer, c]);
}

hold_against_every_store!(
    of_many_grants_each_is_in_one_part,
    what_an_owner_gave_is_listed_until_it_ends,
    what_has_expired_is_not_listed,
    an_access_token_that_was_given_back_is_not_listed,
    what_a_client_has_for_itself_is_nobodys_gift,
    the_sessions_of_an_owner_end_together_and_later_ones_are_good,
    approvals_are_forgotten_for_one_client,
    the_clients_that_an_owner_has_decided_about_are_known,
);
