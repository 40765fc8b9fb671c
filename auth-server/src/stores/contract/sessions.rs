//! Rules on sessions, on what waits in them, and on approvals.

use symbolon::identifiers::ClientId;
use symbolon::random::SystemRandom;

use super::bench::{Bench, CROWD};
use super::hold_against_every_store;
use super::samples::{
    ANSWER_SECS, APPROVAL_SECS, PENDING_SECS, SESSION_SECS, Samples, new_answer, new_session,
};
use crate::records::{
    Approval, ApprovalStatus, AuthenticatedOwner, PendingAuthorization, PendingId, SessionId,
};
use crate::stores::{Answering, PENDING_AUTHORIZATIONS_PER_SESSION};

async fn a_session_lasts_until_its_time(bench: &Bench) {
    let (id, session) = (new_session(), bench.samples.session());
    assert_eq!(
        bench.store().sessions.find_session(&id).await.unwrap(),
        None
    );
    bench
        .store()
        .sessions
        .store_session(&id, &session)
        .await
        .unwrap();
    let found = bench.other().sessions.find_session(&id).await.unwrap();
    assert_eq!(found, Some(session));
    bench.advance_secs(SESSION_SECS);
    assert_eq!(
        bench.store().sessions.find_session(&id).await.unwrap(),
        None
    );
}

async fn a_session_that_is_stored_again_lasts_longer(bench: &Bench) {
    let (id, mut session) = (new_session(), bench.samples.session());
    bench
        .store()
        .sessions
        .store_session(&id, &session)
        .await
        .unwrap();
    session.expires_at = session.expires_at.plus_secs(SESSION_SECS);
    bench
        .store()
        .sessions
        .store_session(&id, &session)
        .await
        .unwrap();
    bench.advance_secs(SESSION_SECS);
    // A write, so that a sweeper has its chance to take too much.
    let other = new_session();
    bench
        .store()
        .sessions
        .store_session(&other, &session)
        .await
        .unwrap();
    let found = bench.store().sessions.find_session(&id).await.unwrap();
    assert_eq!(found, Some(session));
}

pub(super) async fn a_deleted_session_is_gone_with_what_waits_in_it(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let (id, kept) = (new_session(), new_session());
    for session in [&id, &kept] {
        store
            .sessions
            .store_session(session, &samples.session())
            .await
            .unwrap();
        wait_in(bench, session, "a").await;
    }
    store.sessions.delete_session(&id).await.unwrap();
    assert_eq!(store.sessions.find_session(&id).await.unwrap(), None);
    assert_eq!(states(bench, &id).await, [""; 0]);
    assert!(store.sessions.find_session(&kept).await.unwrap().is_some());
    assert_eq!(states(bench, &kept).await, ["a"]);
}

pub(super) async fn a_renewed_session_takes_over_what_waits_and_the_old_one_ends(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let (old, new) = (new_session(), new_session());
    store
        .sessions
        .store_session(&old, &samples.session())
        .await
        .unwrap();
    let first = wait_in(bench, &old, "first").await;
    wait_in(bench, &old, "second").await;
    let mut session = samples.session();
    session.owner = Some(AuthenticatedOwner {
        name: "xiaoming".to_owned(),
        authenticated_at: bench.now(),
        password_mark: None,
    });
    store
        .sessions
        .renew_session(&old, &new, &session)
        .await
        .unwrap();
    assert_eq!(store.sessions.find_session(&old).await.unwrap(), None);
    assert_eq!(states(bench, &old).await, [""; 0]);
    assert_eq!(
        store.sessions.find_session(&new).await.unwrap(),
        Some(session)
    );
    assert_eq!(states(bench, &new).await, ["first", "second"]);
    assert_eq!(answer(bench, &old, &first).await, Answering::Unknown);
    assert_eq!(answer(bench, &new, &first).await, Answering::Answered);
}

async fn a_session_in_which_nothing_waits_can_be_renewed(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let (old, new) = (new_session(), new_session());
    let session = samples.session();
    store
        .sessions
        .renew_session(&old, &new, &session)
        .await
        .unwrap();
    assert_eq!(
        store.sessions.find_session(&new).await.unwrap(),
        Some(session)
    );
    assert_eq!(states(bench, &new).await, [""; 0]);
}

async fn what_waits_is_listed_the_oldest_first_and_expires(bench: &Bench) {
    let session = new_session();
    wait_in(bench, &session, "one").await;
    wait_in(bench, &session, "two").await;
    bench.advance_secs(1);
    let later = Samples::new(bench.now()).pending("three");
    let id = PendingId::mint(&SystemRandom);
    let stored = bench.other().sessions.store_pending(&session, &id, &later);
    stored.await.unwrap();
    assert_eq!(states(bench, &session).await, ["one", "two", "three"]);
    bench.advance_secs(PENDING_SECS - 1);
    assert_eq!(states(bench, &session).await, ["three"]);
    bench.advance_secs(1);
    assert_eq!(states(bench, &session).await, [""; 0]);
    assert_eq!(answer(bench, &session, &id).await, Answering::Unknown);
}

async fn beyond_the_limit_the_oldest_request_gives_way(bench: &Bench) {
    let session = new_session();
    let mut expected = Vec::new();
    for number in 0..PENDING_AUTHORIZATIONS_PER_SESSION + 3 {
        let state = number.to_string();
        wait_in(bench, &session, &state).await;
        expected.push(state);
    }
    assert_eq!(states(bench, &session).await, expected[3..]);
}

async fn many_requests_at_once_stay_within_the_limit(bench: &Bench) {
    let session = new_session();
    let pending = bench.samples.pending("x");
    bench
        .crowd(|_, store| {
            let pending = pending.clone();
            async move {
                let id = PendingId::mint(&SystemRandom);
                store
                    .sessions
                    .store_pending(&session, &id, &pending)
                    .await
                    .unwrap();
            }
        })
        .await;
    let waiting = states(bench, &session).await;
    assert_eq!(waiting.len(), PENDING_AUTHORIZATIONS_PER_SESSION);
}

pub(super) async fn of_many_who_answer_a_request_one_does_and_the_others_learn_how(bench: &Bench) {
    let session = new_session();
    let id = wait_in(bench, &session, "a").await;
    let forget_at = bench.now().plus_secs(ANSWER_SECS);
    let outcomes = bench
        .crowd(|_, store| {
            let (id, given) = (id.clone(), new_answer());
            async move {
                let store = store.sessions;
                let answered = store.answer_pending(&session, &id, &given, forget_at);
                let came = answered.await.unwrap();
                (given, came)
            }
        })
        .await;
    let is_answered = |outcome: &Answering| *outcome == Answering::Answered;
    let (answered, others): (Vec<_>, Vec<_>) = outcomes
        .into_iter()
        .partition(|(_, outcome)| is_answered(outcome));
    let [(given, _)] = answered.as_slice() else {
        panic!("{answered:?}");
    };
    let before = Answering::AnsweredBefore(given.clone());
    assert!(others.iter().all(|(_, outcome)| *outcome == before));
    let kept = bench.store().sessions.list_pending(&session).await.unwrap();
    let answered = PendingAuthorization {
        answer: Some(given.clone()),
        ..bench.samples.pending("a")
    };
    assert_eq!(kept, [(id, answered)]);
}

async fn a_request_is_answered_only_in_its_session(bench: &Bench) {
    let (session, other) = (new_session(), new_session());
    let id = wait_in(bench, &session, "a").await;
    assert_eq!(answer(bench, &other, &id).await, Answering::Unknown);
    let waiting = bench.store().sessions.list_pending(&session).await.unwrap();
    assert_eq!(waiting, [(id, bench.samples.pending("a"))]);
}

async fn an_answer_is_remembered_for_a_while_and_also_when_the_session_is_renewed(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let (old, new) = (new_session(), new_session());
    let id = wait_in(bench, &old, "a").await;
    assert_eq!(answer(bench, &old, &id).await, Answering::Answered);
    store
        .sessions
        .renew_session(&old, &new, &samples.session())
        .await
        .unwrap();
    bench.advance_secs(ANSWER_SECS - 1);
    let again = answer(bench, &new, &id).await;
    assert!(matches!(again, Answering::AnsweredBefore(_)), "{again:?}");
    bench.advance_secs(1);
    assert_eq!(answer(bench, &new, &id).await, Answering::Unknown);
    assert_eq!(states(bench, &new).await, [""; 0]);
}

async fn an_answer_is_not_remembered_longer_than_its_request_would_have_waited(bench: &Bench) {
    let session = new_session();
    let id = wait_in(bench, &session, "a").await;
    bench.advance_secs(PENDING_SECS - 1);
    assert_eq!(answer(bench, &session, &id).await, Answering::Answered);
    bench.advance_secs(1);
    assert_eq!(answer(bench, &session, &id).await, Answering::Unknown);
}

async fn a_decision_replaces_the_earlier_one_on_its_scope_only(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let client = ClientId::new("print-photo");
    let yes = |scope| samples.approval(scope, ApprovalStatus::Approved);
    let no = |scope| samples.approval(scope, ApprovalStatus::Denied);
    let first = [yes("profile"), yes("photo.read")];
    store
        .approvals
        .record_approvals("xiaoming", &client, &first)
        .await
        .unwrap();
    let second = [no("photo.read"), no("a")];
    bench
        .other()
        .approvals
        .record_approvals("xiaoming", &client, &second)
        .await
        .unwrap();
    let found = store
        .approvals
        .find_approvals("xiaoming", &client)
        .await
        .unwrap();
    assert_eq!(found, [no("a"), no("photo.read"), yes("profile")]);
}

async fn an_approval_expires(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let client = ClientId::new("print-photo");
    let short = samples.approval("profile", ApprovalStatus::Approved);
    let mut long = samples.approval("photo.read", ApprovalStatus::Approved);
    long.expires_at = long.expires_at.plus_secs(1);
    let decisions = [short, long.clone()];
    store
        .approvals
        .record_approvals("xiaoming", &client, &decisions)
        .await
        .unwrap();
    bench.advance_secs(APPROVAL_SECS);
    let found = store
        .approvals
        .find_approvals("xiaoming", &client)
        .await
        .unwrap();
    assert_eq!(found, [long]);
    bench.advance_secs(1);
    let found: Vec<Approval> = store
        .approvals
        .find_approvals("xiaoming", &client)
        .await
        .unwrap();
    assert_eq!(found, []);
}

pub(super) async fn names_with_any_character_are_told_apart(bench: &Bench) {
    let (store, samples) = (bench.store(), &bench.samples);
    let names = [
        ("a", "b"),
        ("a/", "b"),
        ("a", "/b"),
        ("a}", "{b"),
        ("", "ab"),
        ("ab", ""),
        ("小明", "照片"),
        ("a\0", "b"),
        ("a\n", "*"),
    ];
    for (number, (owner, client)) in names.iter().enumerate() {
        let approval = samples.approval(&number.to_string(), ApprovalStatus::Approved);
        store
            .approvals
            .record_approvals(owner, &ClientId::new(*client), &[approval])
            .await
            .unwrap();
    }
    for (number, (owner, client)) in names.iter().enumerate() {
        let found = store
            .approvals
            .find_approvals(owner, &ClientId::new(*client))
            .await;
        let expected = samples.approval(&number.to_string(), ApprovalStatus::Approved);
        assert_eq!(found.unwrap(), [expected]);
    }
}

/// Answers a request with a code of its own.
async fn answer(bench: &Bench, session: &SessionId, id: &PendingId) -> Answering {
    let forget_at = bench.now().plus_secs(ANSWER_SECS);
    let store = &bench.other().sessions;
    let given = new_answer();
    let answered = store.answer_pending(session, id, &given, forget_at);
    answered.await.unwrap()
}

async fn wait_in(bench: &Bench, session: &SessionId, state: &str) -> PendingId {
    let id = PendingId::mint(&SystemRandom);
    let pending = bench.samples.pending(state);
    let stored = bench.store().sessions.store_pending(session, &id, &pending);
    stored.await.unwrap();
    id
}

async fn states(bench: &Bench, session: &SessionId) -> Vec<String> {
    let waiting = bench.store().sessions.list_pending(session).await.unwrap();
    waiting
        .into_iter()
        .map(|(_, pending)| pending.request.state.unwrap())
        .collect()
}

#[test]
fn a_crowd_is_more_than_may_wait() {
    const { assert!(CROWD > PENDING_AUTHORIZATIONS_PER_SESSION) };
}

hold_against_every_store!(
    a_session_lasts_until_its_time,
    a_session_that_is_stored_again_lasts_longer,
    a_deleted_session_is_gone_with_what_waits_in_it,
    a_renewed_session_takes_over_what_waits_and_the_old_one_ends,
    a_session_in_which_nothing_waits_can_be_renewed,
    what_waits_is_listed_the_oldest_first_and_expires,
    beyond_the_limit_the_oldest_request_gives_way,
    many_requests_at_once_stay_within_the_limit,
    of_many_who_answer_a_request_one_does_and_the_others_learn_how,
    a_request_is_answered_only_in_its_session,
    an_answer_is_remembered_for_a_while_and_also_when_the_session_is_renewed,
    an_answer_is_not_remembered_longer_than_its_request_would_have_waited,
    a_decision_replaces_the_earlier_one_on_its_scope_only,
    an_approval_expires,
    names_with_any_character_are_told_apart,
);
