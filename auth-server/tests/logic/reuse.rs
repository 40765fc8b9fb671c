//! Clients that get the access token again which is there: a habit of Spring's servers.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use symbolon::token::{GrantType, TokenRequest};
use symbolon_auth_server::grants::TokenError;
use symbolon_auth_server::records::{AccessTokenId, ClientRegistration};
use symbolon_auth_server::stores::Stores;
use symbolon_auth_server::tokens::issue::IssueError;

use crate::bench::{ACCESS_TOKEN_SECS, Bench};
use crate::ports::{RevokedMeanwhile, down};
use crate::samples::{OTHER_SHOP, SHOP, asks, by_code, by_password, for_itself, other_shop, shop};

fn reusing(client: ClientRegistration) -> ClientRegistration {
    ClientRegistration {
        reuse_access_tokens: Some(true),
        ..client
    }
}

#[tokio::test]
async fn asking_twice_gives_the_same_tokens_with_the_time_that_is_left() {
    let bench = Bench::of([reusing(shop())]).await;
    let rooms = bench.rooms();
    let first = rooms.tokens(SHOP).await;
    bench.advance_secs(100);
    let second = rooms.tokens(SHOP).await;
    assert_eq!(second.issued, first.issued);
    let (second, first) = (second.response, first.response);
    assert_eq!(second.access_token, first.access_token);
    assert_eq!(second.refresh_token, first.refresh_token);
    assert_eq!(second.expires_in, Some(ACCESS_TOKEN_SECS - 100));
}

#[tokio::test]
async fn the_answer_says_how_the_client_came_to_it_this_time() {
    let bench = Bench::of([reusing(shop())]).await;
    let rooms = bench.rooms();
    let first = rooms.tokens(SHOP).await;
    let code = rooms.code(asks(SHOP)).await;
    let request = TokenRequest::AuthorizationCode(by_code(&code));
    let second = rooms.exchange(SHOP, request).await.unwrap();
    assert_eq!(second.issued.grant_type, GrantType::AuthorizationCode);
    // Another scope: another token.
    assert_ne!(second.issued.grant_id, first.issued.grant_id);
    let third = rooms.exchange(SHOP, by_password(Some("read write"))).await;
    let third = third.unwrap();
    assert_eq!(third.issued.grant_type, GrantType::Password);
    assert_eq!(third.response.access_token, second.response.access_token);
}

#[tokio::test]
async fn tokens_of_another_scope_client_or_owner_are_others() {
    let bench = Bench::of([reusing(shop()), reusing(other_shop())]).await;
    let rooms = bench.rooms();
    let mut tokens = Vec::new();
    for (client, request) in [
        (SHOP, by_password(None)),
        (SHOP, by_password(Some("read"))),
        (SHOP, for_itself(None)),
        (OTHER_SHOP, by_password(None)),
    ] {
        let issued = rooms.exchange(client, request).await.unwrap();
        let access_token = issued.response.access_token;
        assert!(!tokens.contains(&access_token));
        tokens.push(access_token);
    }
}

#[tokio::test]
async fn a_token_that_has_ended_is_not_given_again() {
    let bench = Bench::of([reusing(shop())]).await;
    let rooms = bench.rooms();
    let first = rooms.tokens(SHOP).await.response.access_token;
    bench.advance_secs(ACCESS_TOKEN_SECS);
    let second = rooms.tokens(SHOP).await.response.access_token;
    assert_ne!(second, first);
    let client = rooms.client(SHOP).await;
    rooms.revoker.revoke(&client, &second).await.unwrap();
    let third = rooms.tokens(SHOP).await.response.access_token;
    assert_ne!(third, second);
}

#[tokio::test]
async fn without_the_habit_every_request_gets_tokens_of_its_own() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let first = rooms.tokens(SHOP).await;
    let second = rooms.tokens(SHOP).await;
    assert_ne!(second.response.access_token, first.response.access_token);
    assert_ne!(second.issued.grant_id, first.issued.grant_id);
}

#[tokio::test]
async fn a_grant_that_is_gone_before_anybody_knows_it_is_the_servers_fault() {
    let bench = Bench::of([reusing(shop())]).await;
    let rooms = bench.rooms_on(&Stores {
        access_tokens: Arc::new(RevokedMeanwhile(bench.stores.clone())),
        ..bench.stores.clone()
    });
    let error = rooms.exchange(SHOP, for_itself(None)).await.unwrap_err();
    let TokenError::Issue(IssueError::GrantGone) = error else {
        panic!("{error:?}");
    };
}

#[tokio::test]
async fn a_store_that_fails_gives_nothing() {
    let bench = Bench::of([reusing(shop())]).await;
    let rooms = bench.rooms_on(&Stores {
        access_tokens: down().access_tokens,
        ..bench.stores.clone()
    });
    let error = rooms.exchange(SHOP, for_itself(None)).await.unwrap_err();
    assert!(matches!(error, TokenError::Issue(IssueError::Store(_))));
}

#[tokio::test]
async fn a_token_whose_handle_no_key_can_write_is_not_answered_with() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let access_token = rooms.tokens(SHOP).await.response.access_token;
    let (_, token) = rooms.checker.access_token(&access_token).await.unwrap();
    // Of a generation of which there is no key.
    let id = AccessTokenId::from_text(&URL_SAFE_NO_PAD.encode([0xFF; 32])).unwrap();
    let client = rooms.client(SHOP).await;
    let grant_type = GrantType::Password;
    let answered = rooms.issuer.token_answer(&client, grant_type, &id, &token);
    assert!(matches!(answered.await, Err(IssueError::HandleKeyGone)));
}

/// RFC 6749 §4.1.2: what was given for the code ends, though it was there before the code.
#[tokio::test]
async fn a_code_that_is_used_again_ends_the_token_that_was_there_already() {
    let bench = Bench::of([reusing(shop())]).await;
    let rooms = bench.rooms();
    let first = rooms.exchange(SHOP, by_password(Some("read write"))).await;
    let first = first.unwrap();
    let code = rooms.code(asks(SHOP)).await;
    let request = || TokenRequest::AuthorizationCode(by_code(&code));
    let again = rooms.exchange(SHOP, request()).await.unwrap();
    let token = &again.response.access_token;
    assert_eq!(*token, first.response.access_token);
    assert!(rooms.checker.access_token(token).await.is_ok());
    let error = rooms.exchange(SHOP, request()).await.unwrap_err();
    let TokenError::CodeReplayed { grant_id } = error else {
        panic!("{error:?}");
    };
    // The grant that the auditor knows from when the token was issued.
    assert_eq!(grant_id, first.issued.grant_id);
    assert!(rooms.checker.access_token(token).await.is_err());
    let refresh_token = first.response.refresh_token.unwrap();
    let refreshed = rooms.refresh(SHOP, &refresh_token, None).await;
    assert!(refreshed.is_err());
}
