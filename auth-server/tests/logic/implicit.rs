//! The implicit grant (RFC 6749 §4.2).

use std::sync::Arc;

use symbolon::authorization::{AuthorizationOutcome, AuthorizationRequest, AuthorizationResponse};
use symbolon::token::{GrantType, TokenResponse};
use symbolon_auth_server::authorization::complete::{Completed, Gives};
use symbolon_auth_server::authorization::{AuthorizationError, Step};
use symbolon_auth_server::records::ClientRegistration;
use symbolon_auth_server::stores::Stores;
use symbolon_auth_server::tokens::issue::IssueError;

use crate::bench::{ACCESS_TOKEN_SECS, Bench, ISSUER};
use crate::ports::{RevokedMeanwhile, down};
use crate::rooms::{Rooms, yes_to};
use crate::samples::{SHOP, asks, by_password, scope, shop};

fn asks_for_a_token() -> AuthorizationRequest {
    AuthorizationRequest {
        response_type: Some("token".to_owned()),
        code_challenge: None,
        code_challenge_method: None,
        ..asks(SHOP)
    }
}

async fn approved(rooms: &Rooms) -> Result<Completed, IssueError> {
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks_for_a_token()).await;
    let decision = yes_to(&question);
    let decided = rooms.authorization.decide(&session, decision).await;
    decided.unwrap().outcome
}

fn token_in(completed: &Completed) -> TokenResponse {
    let (_, fragment) = completed.redirection.location.split_once('#').unwrap();
    let response = AuthorizationResponse::decode_fragment(fragment.as_bytes()).unwrap();
    assert_eq!(response.state.as_deref(), Some("a state"));
    assert_eq!(response.iss.as_deref(), Some(ISSUER));
    let AuthorizationOutcome::Token(token) = response.outcome else {
        panic!("{response:?}");
    };
    *token
}

#[tokio::test]
async fn the_token_comes_in_the_fragment_and_without_a_refresh_token() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let completed = approved(&rooms).await.unwrap();
    let Gives::Token(issued) = &completed.gives else {
        panic!("{:?}", completed.gives);
    };
    assert_eq!(issued.grant_type, GrantType::Implicit);
    assert_eq!(issued.owner.as_deref(), Some("alice"));
    assert_eq!(issued.scope, scope("read write"));
    let token = token_in(&completed);
    assert_eq!(token.expires_in, Some(ACCESS_TOKEN_SECS));
    let (id, checked) = rooms
        .checker
        .access_token(&token.access_token)
        .await
        .unwrap();
    assert_eq!(id.grant_id(), issued.grant_id);
    assert_eq!(checked.refresh_token_id, None);
}

#[tokio::test]
async fn what_is_approved_automatically_is_given_at_once() {
    let bench = Bench::of([ClientRegistration {
        auto_approve: scope("read write"),
        ..shop()
    }])
    .await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let step = rooms.start(&session, asks_for_a_token()).await.unwrap();
    let Step::Complete(completed) = step else {
        panic!("{step:?}");
    };
    assert!(matches!(completed.gives, Gives::Token(_)));
    token_in(&completed);
}

#[tokio::test]
async fn the_refresh_token_of_a_token_that_is_reused_stays_away() {
    let bench = Bench::of([ClientRegistration {
        reuse_access_tokens: Some(true),
        ..shop()
    }])
    .await;
    let rooms = bench.rooms();
    let by_password = rooms.exchange(SHOP, by_password(Some("read write"))).await;
    let by_password = by_password.unwrap().response;
    assert!(by_password.refresh_token.is_some());
    let completed = approved(&rooms).await.unwrap();
    let token = token_in(&completed);
    assert_eq!(token.access_token, by_password.access_token);
    // Not only the redirect says nothing of it: the grant does not give it away.
    let client = rooms.client(SHOP).await;
    let checked = rooms.checker.access_token(&token.access_token).await;
    let (_, stored) = checked.unwrap();
    assert!(stored.refresh_token_id.is_some());
    let implicit = &rooms.authorization.completion.implicit;
    let issued = implicit.issue(&client, stored.grant).await.unwrap();
    assert_eq!(issued.response.access_token, token.access_token);
    assert_eq!(issued.response.refresh_token, None);
}

#[tokio::test]
async fn a_token_that_cannot_be_issued_ends_the_request_without_an_answer() {
    let bench = Bench::of([ClientRegistration {
        reuse_access_tokens: Some(true),
        auto_approve: scope("read write"),
        ..shop()
    }])
    .await;
    let revoked = Stores {
        access_tokens: Arc::new(RevokedMeanwhile(bench.stores.clone())),
        ..bench.stores.clone()
    };
    let failing = Stores {
        access_tokens: down().access_tokens,
        ..bench.stores.clone()
    };
    let error_on = async |stores| {
        let rooms = bench.rooms_on(stores);
        let session = rooms.browser_of("alice").await;
        let step = rooms.start(&session, asks_for_a_token()).await;
        let Err(AuthorizationError::Issue(error)) = step else {
            panic!("{step:?}");
        };
        error
    };
    assert!(matches!(error_on(&revoked).await, IssueError::GrantGone));
    assert!(matches!(error_on(&failing).await, IssueError::Store(_)));
}
