//! Requests that wait in a session: for a sign-in, for a decision, in more tabs than one.

use std::collections::BTreeSet;

use symbolon::random::SystemRandom;
use symbolon::secret::Secret;
use symbolon_auth_server::authorization::complete::Gives;
use symbolon_auth_server::authorization::decision::{Decision, DecisionAbout};
use symbolon_auth_server::authorization::request::RequestError;
use symbolon_auth_server::authorization::{AuthorizationError, Decided, Step};
use symbolon_auth_server::records::{ClientRegistration, PendingId};
use symbolon_auth_server::sessions::BrowserSession;
use symbolon_auth_server::stores::{PENDING_AUTHORIZATIONS_PER_SESSION, Stores};

use crate::bench::Bench;
use crate::ports::down;
use crate::rooms::{Rooms, WAIT_SECS, yes_to};
use crate::samples::{OTHER_SHOP, SHOP, asks, other_shop, scope, shop};

/// Seconds that an answer is remembered.
const ANSWER_SECS: u64 = 30;

/// Approves both scopes of [`asks`].
fn yes(about: DecisionAbout) -> Decision {
    Decision {
        about,
        denies_all: false,
        approves_all: false,
        approved: ["read", "write"].map(str::to_owned).into(),
    }
}

fn no(about: DecisionAbout) -> Decision {
    Decision {
        about,
        denies_all: true,
        approves_all: false,
        approved: BTreeSet::new(),
    }
}

fn assert_nothing_waits<T: std::fmt::Debug>(came: Result<T, AuthorizationError>) {
    match came {
        Err(AuthorizationError::NothingWaits) => {}
        other => panic!("{other:?}"),
    }
}

/// The name under which a request waits for a sign-in.
async fn waiting(rooms: &Rooms, session: &BrowserSession, id: &str) -> PendingId {
    let step = rooms.start(session, asks(id)).await.unwrap();
    let Step::SignIn(id, _) = step else {
        panic!("{step:?}");
    };
    id
}

async fn decide(
    rooms: &Rooms,
    session: &BrowserSession,
    decision: Decision,
) -> Result<Decided, AuthorizationError> {
    rooms.authorization.decide(session, decision).await
}

fn automatic(client: ClientRegistration) -> ClientRegistration {
    ClientRegistration {
        auto_approve: scope("read write"),
        ..client
    }
}

#[tokio::test]
async fn a_request_waits_for_the_sign_in_and_goes_on_after_it() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser().await;
    let id = waiting(&rooms, &session, SHOP).await;
    // Nobody has signed in yet.
    let step = rooms.authorization.resume(&session, id.clone()).await;
    assert!(matches!(step, Ok(Step::SignIn(same, _)) if same == id));
    let alice = rooms.owners.find("alice").await.unwrap().unwrap();
    let session = rooms.sessions.renew(session, &alice).await.unwrap();
    let step = rooms.authorization.resume(&session, id.clone()).await;
    let Ok(Step::Ask(question)) = step else {
        panic!("{step:?}");
    };
    assert_eq!(question.id, id);
    assert_eq!(question.owner.name, "alice");
    assert_eq!(question.request.state.as_deref(), Some("a state"));
    let names = question.questions.iter().map(|one| one.scope.as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["read", "write"]);
    // A page that is asked for again asks again.
    let step = rooms.authorization.resume(&session, id).await;
    assert!(matches!(step, Ok(Step::Ask(_))));
}

#[tokio::test]
async fn a_request_that_needs_no_approval_is_complete_after_the_sign_in() {
    let bench = Bench::of([automatic(shop())]).await;
    let rooms = bench.rooms();
    let session = rooms.browser().await;
    let id = waiting(&rooms, &session, SHOP).await;
    let alice = rooms.owners.find("alice").await.unwrap().unwrap();
    let session = rooms.sessions.renew(session, &alice).await.unwrap();
    let (one, another) = tokio::join!(
        rooms.authorization.resume(&session, id.clone()),
        rooms.authorization.resume(&session, id.clone()),
    );
    // Two at once, and who asks again, get the same code; only the first is given something.
    let again = rooms.authorization.resume(&session, id.clone()).await;
    let completed = [one, another, again].map(|step| match step {
        Ok(Step::Complete(completed)) => completed,
        other => panic!("{other:?}"),
    });
    let [first, second, third] = &completed;
    assert_eq!(first.redirection, second.redirection);
    assert_eq!(first.redirection, third.redirection);
    let given = completed.iter().filter(|one| one.gives != Gives::Nothing);
    assert_eq!(given.count(), 1);
    bench.advance_secs(ANSWER_SECS);
    assert_nothing_waits(rooms.authorization.resume(&session, id).await);
}

#[tokio::test]
async fn a_request_that_nobody_made_does_not_go_on() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let id = PendingId::mint(&SystemRandom);
    assert_nothing_waits(rooms.authorization.resume(&session, id.clone()).await);
    let decision = yes(DecisionAbout::Named(id));
    assert_nothing_waits(decide(&rooms, &session, decision).await);
    let decision = yes(DecisionAbout::TheOnlyOne);
    assert_nothing_waits(decide(&rooms, &session, decision).await);
}

#[tokio::test]
async fn a_request_waits_in_its_own_session_only() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    let other = rooms.browser_of("bob").await;
    let resumed = rooms.authorization.resume(&other, question.id.clone());
    assert_nothing_waits(resumed.await);
    assert_nothing_waits(decide(&rooms, &other, yes_to(&question)).await);
    assert!(decide(&rooms, &session, yes_to(&question)).await.is_ok());
}

#[tokio::test]
async fn a_request_does_not_wait_for_ever() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    bench.advance_secs(WAIT_SECS);
    let resumed = rooms.authorization.resume(&session, question.id.clone());
    assert_nothing_waits(resumed.await);
    assert_nothing_waits(decide(&rooms, &session, yes_to(&question)).await);
}

#[tokio::test]
async fn a_decision_is_made_once() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    let (one, another) = tokio::join!(
        decide(&rooms, &session, yes_to(&question)),
        decide(&rooms, &session, yes_to(&question)),
    );
    let (one, another) = (one.unwrap(), another.unwrap());
    assert_ne!(one.again, another.again);
    let first = one.outcome.unwrap().redirection;
    assert_eq!(first, another.outcome.unwrap().redirection);
    // Whatever a later form says, the answer stays as it is, and after a while there is none.
    let later = no(DecisionAbout::Named(question.id.clone()));
    let later = decide(&rooms, &session, later).await.unwrap();
    assert!(later.again);
    assert_eq!(later.outcome.unwrap().redirection, first);
    bench.advance_secs(ANSWER_SECS);
    assert_nothing_waits(decide(&rooms, &session, yes_to(&question)).await);
}

#[tokio::test]
async fn an_answer_is_repeated_to_the_owner_who_got_it_and_to_nobody_else() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    decide(&rooms, &session, yes_to(&question)).await.unwrap();
    let bob = rooms.owners.find("bob").await.unwrap().unwrap();
    let session = rooms.sessions.renew(session, &bob).await.unwrap();
    assert_nothing_waits(decide(&rooms, &session, yes_to(&question)).await);
    let resumed = rooms.authorization.resume(&session, question.id.clone());
    assert_nothing_waits(resumed.await);
}

#[tokio::test]
async fn a_denial_is_repeated_too() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser().await;
    let id = waiting(&rooms, &session, SHOP).await;
    let decision = || no(DecisionAbout::Named(id.clone()));
    let first = decide(&rooms, &session, decision()).await.unwrap();
    let again = decide(&rooms, &session, decision()).await.unwrap();
    let locations = [first, again].map(|decided| decided.outcome.unwrap().redirection);
    assert_eq!(locations[0], locations[1]);
}

#[tokio::test]
async fn asking_anew_asks_also_about_what_was_approved_and_gives_nothing() {
    let bench = Bench::of([automatic(shop())]).await;
    let rooms = bench.rooms();
    let session = rooms.browser().await;
    let id = waiting(&rooms, &session, SHOP).await;
    let step = rooms.authorization.ask(&session, id.clone()).await;
    assert!(matches!(step, Ok(Step::SignIn(same, _)) if same == id));
    let alice = rooms.owners.find("alice").await.unwrap().unwrap();
    let session = rooms.sessions.renew(session, &alice).await.unwrap();
    let step = rooms.authorization.ask(&session, id.clone()).await;
    assert!(matches!(step, Ok(Step::Ask(question)) if question.id == id));
    let step = rooms.authorization.resume(&session, id.clone()).await;
    assert!(matches!(step, Ok(Step::Complete(_))));
    assert_nothing_waits(rooms.authorization.ask(&session, id).await);
}

#[tokio::test]
async fn a_name_that_cannot_be_names_nothing() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    for decision in [yes(DecisionAbout::Nonsense), no(DecisionAbout::Nonsense)] {
        assert_nothing_waits(decide(&rooms, &session, decision).await);
    }
    // The one that waits does so still.
    assert!(decide(&rooms, &session, yes_to(&question)).await.is_ok());
}

#[tokio::test]
async fn a_decision_without_a_name_is_about_the_only_one_that_waits() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    rooms.question(&session, asks(SHOP)).await;
    let decided = decide(&rooms, &session, yes(DecisionAbout::TheOnlyOne)).await;
    assert_eq!(decided.unwrap().client_id.as_str(), SHOP);
}

#[tokio::test]
async fn of_two_that_wait_a_decision_must_name_one() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let first = rooms.question(&session, asks(SHOP)).await;
    rooms.question(&session, asks(OTHER_SHOP)).await;
    let decision = || yes(DecisionAbout::TheOnlyOne);
    assert_nothing_waits(decide(&rooms, &session, decision()).await);
    decide(&rooms, &session, yes_to(&first)).await.unwrap();
    let decided = decide(&rooms, &session, decision()).await.unwrap();
    assert_eq!(decided.client_id.as_str(), OTHER_SHOP);
}

#[tokio::test]
async fn two_tabs_do_not_disturb_each_other() {
    let bench = Bench::of([shop(), other_shop()]).await;
    let rooms = bench.rooms();
    let session = rooms.browser().await;
    let first = waiting(&rooms, &session, SHOP).await;
    let second = waiting(&rooms, &session, OTHER_SHOP).await;
    assert_ne!(first, second);
    // One signs in, the other is there too.
    let alice = rooms.owners.find("alice").await.unwrap().unwrap();
    let session = rooms.sessions.renew(session, &alice).await.unwrap();
    for (id, client) in [(second, OTHER_SHOP), (first, SHOP)] {
        let step = rooms.authorization.resume(&session, id).await;
        let Ok(Step::Ask(question)) = step else {
            panic!("{step:?}");
        };
        let decided = decide(&rooms, &session, yes_to(&question)).await.unwrap();
        assert_eq!(decided.client_id.as_str(), client);
        assert!(decided.outcome.is_ok());
    }
}

#[tokio::test]
async fn of_too_many_that_wait_the_oldest_goes() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let oldest = rooms.question(&session, asks(SHOP)).await;
    for _ in 0..PENDING_AUTHORIZATIONS_PER_SESSION {
        rooms.question(&session, asks(OTHER_SHOP)).await;
    }
    assert_nothing_waits(decide(&rooms, &session, yes_to(&oldest)).await);
}

#[tokio::test]
async fn nobody_approves_without_signing_in_but_everybody_may_say_no() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser().await;
    let id = waiting(&rooms, &session, SHOP).await;
    let decision = yes(DecisionAbout::Named(id.clone()));
    assert_nothing_waits(decide(&rooms, &session, decision).await);
    let decision = no(DecisionAbout::Named(id));
    let decided = decide(&rooms, &session, decision).await.unwrap();
    assert_eq!((decided.owner, decided.granted), (None, None));
    assert!(decided.outcome.is_ok());
}

#[tokio::test]
async fn a_client_that_changed_meanwhile_is_judged_as_it_is_now() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    bench.configure([]);
    let resumed = rooms.authorization.resume(&session, question.id.clone());
    let error = resumed.await.unwrap_err();
    let AuthorizationError::Request(RequestError::Unsafe { .. }) = error else {
        panic!("{error:?}");
    };
    let error = decide(&rooms, &session, yes_to(&question))
        .await
        .unwrap_err();
    assert!(matches!(error, AuthorizationError::Request(_)));
}

#[tokio::test]
async fn a_session_store_that_fails_is_not_taken_for_an_empty_one() {
    let bench = Bench::new().await;
    let session = bench.rooms().browser_of("alice").await;
    let rooms = bench.rooms_on(&Stores {
        sessions: down().sessions,
        ..bench.stores.clone()
    });
    let step = rooms.start(&session, asks(SHOP)).await;
    assert!(matches!(step, Err(AuthorizationError::Store(_))));
    let id = PendingId::mint(&SystemRandom);
    let step = rooms.authorization.resume(&session, id).await;
    assert!(matches!(step, Err(AuthorizationError::Store(_))));
    let decided = decide(&rooms, &session, yes(DecisionAbout::TheOnlyOne)).await;
    assert!(matches!(decided, Err(AuthorizationError::Store(_))));
    assert!(rooms.sessions.find(Some(Secret::new("any"))).await.is_err());
}
