//! What owners are asked, what they decide, and how long that is remembered.

use std::collections::BTreeSet;

use symbolon::authorization::AuthorizationOutcome;
use symbolon::error::ErrorCode;
use symbolon::token::{GrantType, TokenRequest};
use symbolon_auth_server::authorization::approval::Question;
use symbolon_auth_server::authorization::complete::Gives;
use symbolon_auth_server::authorization::decision::{Decision, DecisionAbout};
use symbolon_auth_server::authorization::{ApprovalRequest, AuthorizationError, Decided, Step};
use symbolon_auth_server::records::{ApprovalStatus, ClientRegistration};
use symbolon_auth_server::sessions::BrowserSession;
use symbolon_auth_server::stores::Stores;
use symbolon_auth_server::tokens::issue::IssueError;

use crate::bench::{Bench, ISSUER};
use crate::ports::down;
use crate::rooms::{Rooms, answer, yes_to};
use crate::samples::{OTHER_SHOP, SHOP, asks, by_code, scope, shop};

/// What alice answers who approves these of the scopes.
async fn approve(
    rooms: &Rooms,
    session: &BrowserSession,
    question: &ApprovalRequest,
    approved: &[&str],
) -> Decided {
    let decision = Decision {
        about: DecisionAbout::Named(question.id.clone()),
        denies_all: false,
        approves_all: false,
        approved: approved.iter().map(|name| (*name).to_owned()).collect(),
    };
    rooms.authorization.decide(session, decision).await.unwrap()
}

fn decisions(questions: &[Question]) -> Vec<(&str, Option<ApprovalStatus>)> {
    let pairs = questions.iter();
    pairs
        .map(|one| (one.scope.as_str(), one.last_decision))
        .collect()
}

#[tokio::test]
async fn what_is_approved_is_granted_and_its_code_returned() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    let unasked = [("read", None), ("write", None)];
    assert_eq!(decisions(&question.questions), unasked);
    let decided = approve(&rooms, &session, &question, &["read", "write"]).await;
    assert_eq!(decided.client_id.as_str(), SHOP);
    assert_eq!(decided.owner.as_deref(), Some("alice"));
    assert_eq!(decided.granted, Some(scope("read write")));
    let completed = decided.outcome.unwrap();
    let Gives::Code(issued) = &completed.gives else {
        panic!("{:?}", completed.gives);
    };
    assert_eq!(issued.grant_type, GrantType::AuthorizationCode);
    assert_eq!(issued.owner.as_deref(), Some("alice"));
    assert_eq!(issued.scope, scope("read write"));
    let response = answer(&completed);
    assert_eq!(response.state.as_deref(), Some("a state"));
    assert_eq!(response.iss.as_deref(), Some(ISSUER));
    let AuthorizationOutcome::Code(code) = response.outcome else {
        panic!("{response:?}");
    };
    let request = TokenRequest::AuthorizationCode(by_code(&code));
    let tokens = rooms.exchange(SHOP, request).await.unwrap();
    assert_eq!(tokens.issued.grant_id, issued.grant_id);
}

#[tokio::test]
async fn what_is_approved_in_part_is_granted_in_part() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    // Nobody is given what was not asked for.
    let decided = approve(&rooms, &session, &question, &["read", "delete"]).await;
    assert_eq!(decided.granted, Some(scope("read")));
    let Gives::Code(issued) = decided.outcome.unwrap().gives else {
        panic!("a code is given");
    };
    assert_eq!(issued.scope, scope("read"));
    // The whole is asked again, with what was decided.
    let question = rooms.question(&session, asks(SHOP)).await;
    let decided = [
        ("read", Some(ApprovalStatus::Approved)),
        ("write", Some(ApprovalStatus::Denied)),
    ];
    assert_eq!(decisions(&question.questions), decided);
}

#[tokio::test]
async fn what_is_denied_scope_by_scope_is_denied() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    let decided = approve(&rooms, &session, &question, &[]).await;
    assert_eq!(decided.owner.as_deref(), Some("alice"));
    assert_eq!(decided.granted, None);
    let completed = decided.outcome.unwrap();
    assert_eq!(completed.gives, Gives::Nothing);
    let AuthorizationOutcome::Error(error) = answer(&completed).outcome else {
        panic!("{completed:?}");
    };
    assert_eq!(error.error, ErrorCode::AccessDenied);
    let question = rooms.question(&session, asks(SHOP)).await;
    let denied = Some(ApprovalStatus::Denied);
    let denied = [("read", denied), ("write", denied)];
    assert_eq!(decisions(&question.questions), denied);
}

#[tokio::test]
async fn a_no_to_everything_outweighs_what_is_chosen_and_is_not_remembered() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    let decision = Decision {
        denies_all: true,
        ..yes_to(&question)
    };
    let decided = rooms.authorization.decide(&session, decision).await;
    let decided = decided.unwrap();
    assert_eq!(decided.granted, None);
    assert_eq!(decided.outcome.unwrap().gives, Gives::Nothing);
    let question = rooms.question(&session, asks(SHOP)).await;
    let unasked = [("read", None), ("write", None)];
    assert_eq!(decisions(&question.questions), unasked);
}

#[tokio::test]
async fn what_was_approved_is_not_asked_again_while_it_is_remembered() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    rooms.code(asks(SHOP)).await;
    bench.advance_secs(bench.remembered_secs.unwrap() - 1);
    let session = rooms.browser_of("alice").await;
    let step = rooms.start(&session, asks(SHOP)).await.unwrap();
    assert!(matches!(step, Step::Complete(_)), "{step:?}");
    // Less was asked for: that was approved too.
    let mut less = asks(SHOP);
    less.scope = Some("read".to_owned());
    let step = rooms.start(&session, less).await.unwrap();
    assert!(matches!(step, Step::Complete(_)), "{step:?}");
    bench.advance_secs(1);
    let question = rooms.question(&session, asks(SHOP)).await;
    let unasked = [("read", None), ("write", None)];
    assert_eq!(decisions(&question.questions), unasked);
}

#[tokio::test]
async fn what_was_approved_counts_for_that_owner_and_client_and_scope() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    rooms.code(asks(SHOP)).await;
    let session = rooms.browser_of("alice").await;
    let mut more = asks(SHOP);
    more.scope = Some("read write delete".to_owned());
    let question = rooms.question(&session, more).await;
    assert_eq!(question.questions.len(), 3);
    rooms.question(&session, asks(OTHER_SHOP)).await;
    let session = rooms.browser_of("bob").await;
    rooms.question(&session, asks(SHOP)).await;
}

#[tokio::test]
async fn without_memory_owners_are_asked_every_time() {
    let bench = Bench::new().await;
    bench.rooms().code(asks(SHOP)).await;
    // From now on nothing is remembered, and what was is not counted.
    let bench = Bench {
        remembered_secs: None,
        ..bench
    };
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    rooms.question(&session, asks(SHOP)).await;
    rooms.code(asks(OTHER_SHOP)).await;
    let question = rooms.question(&session, asks(OTHER_SHOP)).await;
    let unasked = [("read", None), ("write", None)];
    assert_eq!(decisions(&question.questions), unasked);
}

#[tokio::test]
async fn what_is_approved_automatically_is_not_asked_about() {
    let automatic = |names| ClientRegistration {
        auto_approve: scope(names),
        ..shop()
    };
    let bench = Bench::of([automatic("read write")]).await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let step = rooms.start(&session, asks(SHOP)).await.unwrap();
    let Step::Complete(completed) = step else {
        panic!("{step:?}");
    };
    assert!(matches!(completed.gives, Gives::Code(_)));
    bench.configure([automatic("read")]);
    let question = rooms.question(&session, asks(SHOP)).await;
    assert_eq!(decisions(&question.questions), [("write", None)]);
    let decided = approve(&rooms, &session, &question, &["write"]).await;
    assert_eq!(decided.granted, Some(scope("read write")));
}

#[tokio::test]
async fn when_all_that_is_asked_is_denied_what_is_automatic_is_not_granted_either() {
    let bench = Bench::of([ClientRegistration {
        auto_approve: scope("read"),
        ..shop()
    }])
    .await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    let decided = approve(&rooms, &session, &question, &[]).await;
    assert_eq!(decided.granted, None);
}

#[tokio::test]
async fn a_decision_stands_when_its_code_cannot_be_stored() {
    let bench = Bench::new().await;
    let rooms = bench.rooms_on(&Stores {
        codes: down().codes,
        ..bench.stores.clone()
    });
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    let decided = approve(&rooms, &session, &question, &["read", "write"]).await;
    assert_eq!(decided.owner.as_deref(), Some("alice"));
    assert_eq!(decided.granted, Some(scope("read write")));
    assert!(matches!(decided.outcome, Err(IssueError::Store(_))));
    // The form can be sent again, and she is not asked again.
    let rooms = bench.rooms();
    let decided = approve(&rooms, &session, &question, &["read", "write"]).await;
    assert!(!decided.again && decided.outcome.is_ok());
    let step = rooms.start(&session, asks(SHOP)).await.unwrap();
    assert!(matches!(step, Step::Complete(_)), "{step:?}");
}

#[tokio::test]
async fn a_request_that_needs_no_approval_and_cannot_be_answered_fails() {
    let bench = Bench::of([ClientRegistration {
        auto_approve: scope("read write"),
        ..shop()
    }])
    .await;
    let rooms = bench.rooms_on(&Stores {
        codes: down().codes,
        ..bench.stores.clone()
    });
    let session = rooms.browser_of("alice").await;
    let step = rooms.start(&session, asks(SHOP)).await;
    let Err(AuthorizationError::Issue(IssueError::Store(_))) = step else {
        panic!("{step:?}");
    };
}

#[tokio::test]
async fn without_the_memory_of_approvals_nothing_is_decided() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    let rooms = bench.rooms_on(&Stores {
        approvals: down().approvals,
        ..bench.stores.clone()
    });
    let step = rooms.start(&session, asks(SHOP)).await;
    assert!(matches!(step, Err(AuthorizationError::Store(_))));
    let decision = Decision {
        approved: BTreeSet::new(),
        ..yes_to(&question)
    };
    let decided = rooms.authorization.decide(&session, decision).await;
    assert!(matches!(decided, Err(AuthorizationError::Store(_))));
}
