//! The refresh token grant (RFC 6749 §6), with rotation (RFC 9700 §4.14.2) and with the Spring habit.

use std::sync::Arc;

use symbolon::error::ErrorCode;
use symbolon::secret::Secret;
use symbolon::token::GrantType;
use symbolon_auth_server::grants::TokenError;
use symbolon_auth_server::grants::scope::ScopeError;
use symbolon_auth_server::records::ClientRegistration;
use symbolon_auth_server::resource_owners::registration::register;
use symbolon_auth_server::stores::{StoreError, Stores};
use symbolon_auth_server::tokens::issue::{IssueError, IssuedTokens};

use crate::bench::{Bench, Plan, REFRESH_TOKEN_SECS};
use crate::ports::{EndedMeanwhile, down};
use crate::samples::{OTHER_SHOP, SHOP, alice, by_password, other_shop, scope, shop};

/// As with Spring: the refresh token stays.
fn shop_without_rotation() -> ClientRegistration {
    ClientRegistration {
        rotate_refresh_tokens: Some(false),
        ..shop()
    }
}

fn refresh_token(tokens: &IssuedTokens) -> Secret {
    tokens.response.refresh_token.clone().unwrap()
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_for_a_new_pair_in_the_same_grant() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let first = rooms.tokens(SHOP).await;
    let next = rooms.refresh(SHOP, &refresh_token(&first), None).await;
    let next = next.unwrap();
    assert_eq!(next.issued.grant_id, first.issued.grant_id);
    assert_eq!(next.issued.grant_type, GrantType::RefreshToken);
    assert_eq!(next.issued.owner.as_deref(), Some("alice"));
    assert_eq!(next.issued.scope, scope("delete read write"));
    assert_ne!(refresh_token(&next), refresh_token(&first));
    let is_good = async |tokens: &IssuedTokens| {
        let checked = rooms.checker.access_token(&tokens.response.access_token);
        checked.await.is_ok()
    };
    assert!(is_good(&next).await);
    assert!(!is_good(&first).await);
}

#[tokio::test]
async fn the_scope_is_narrowed_for_the_access_token_alone() {
    for client in [shop(), shop_without_rotation()] {
        let bench = Bench::of([client]).await;
        let rooms = bench.rooms();
        let first = refresh_token(&rooms.tokens(SHOP).await);
        let narrow = rooms.refresh(SHOP, &first, Some("read")).await.unwrap();
        assert_eq!(narrow.issued.scope, scope("read"));
        let wide = rooms.refresh(SHOP, &refresh_token(&narrow), None).await;
        assert_eq!(wide.unwrap().issued.scope, scope("delete read write"));
    }
}

#[tokio::test]
async fn the_scope_is_never_widened() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let first = rooms.exchange(SHOP, by_password(Some("read")));
    let first = first.await.unwrap();
    for asked in ["read write", "\"read\""] {
        let error = rooms
            .refresh(SHOP, &refresh_token(&first), Some(asked))
            .await;
        let error = error.unwrap_err();
        let TokenError::ScopeWidened { granted } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(*granted, scope("read"));
        assert_eq!(error.code(), ErrorCode::InvalidScope);
    }
    // It was not used up by that.
    assert!(
        rooms
            .refresh(SHOP, &refresh_token(&first), None)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn what_a_client_is_not_registered_for_any_more_is_not_granted_again() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let first = rooms.tokens(SHOP).await;
    bench.configure([ClientRegistration {
        scope: scope("read print"),
        ..shop()
    }]);
    let next = rooms.refresh(SHOP, &refresh_token(&first), None).await;
    let next = next.unwrap();
    assert_eq!(next.issued.scope, scope("read"));
    bench.configure([ClientRegistration {
        scope: scope("print"),
        ..shop()
    }]);
    let error = rooms.refresh(SHOP, &refresh_token(&next), None).await;
    let error = error.unwrap_err();
    assert!(matches!(error, TokenError::Scope(ScopeError::Empty)));
    assert_eq!(error.code(), ErrorCode::InvalidScope);
}

#[tokio::test]
async fn new_tokens_carry_the_authorities_that_the_owner_has_now() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let first = rooms.tokens(SHOP).await;
    let mut promoted = register(&alice(), None).unwrap();
    promoted.authorities = vec!["ROLE_ADMIN".to_owned()];
    bench.configured_owners.replace(vec![promoted]);
    let next = rooms.refresh(SHOP, &refresh_token(&first), None).await;
    let access_token = next.unwrap().response.access_token;
    let (_, token) = rooms.checker.access_token(&access_token).await.unwrap();
    assert_eq!(token.grant.authorities, ["ROLE_ADMIN"]);
    assert_eq!(token.grant.audience, ["photos"]);
}

#[tokio::test]
async fn an_owner_whose_account_is_gone_gets_no_new_tokens() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let first = rooms.tokens(SHOP).await;
    bench.configured_owners.replace(Vec::new());
    let error = rooms.refresh(SHOP, &refresh_token(&first), None).await;
    let error = error.unwrap_err();
    assert!(matches!(error, TokenError::OwnerGone), "{error:?}");
    assert_eq!(error.code(), ErrorCode::InvalidGrant);
}

#[tokio::test]
async fn a_repeated_rotation_gets_the_same_successor_while_its_grace_lasts() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let first = refresh_token(&rooms.tokens(SHOP).await);
    let next = rooms.refresh(SHOP, &first, Some("read")).await.unwrap();
    bench.advance_secs(bench.grace_secs);
    let repeated = rooms.refresh(SHOP, &first, Some("read")).await.unwrap();
    let (next, repeated) = (next.response, repeated.response);
    assert_eq!(repeated.access_token, next.access_token);
    assert_eq!(repeated.refresh_token, next.refresh_token);
    assert_eq!(repeated.scope, next.scope);
}

#[tokio::test]
async fn a_refresh_token_that_is_reused_ends_its_grant() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let first = rooms.tokens(SHOP).await;
    let next = rooms.refresh(SHOP, &refresh_token(&first), None).await;
    let next = next.unwrap();
    bench.advance_secs(bench.grace_secs + 1);
    let error = rooms.refresh(SHOP, &refresh_token(&first), None).await;
    let error = error.unwrap_err();
    let TokenError::RefreshTokenReused { grant_id, owner } = &error else {
        panic!("{error:?}");
    };
    assert_eq!(*grant_id, first.issued.grant_id);
    assert_eq!(owner.as_deref(), Some("alice"));
    assert_eq!(error.code(), ErrorCode::InvalidGrant);
    let access_token = &next.response.access_token;
    assert!(rooms.checker.access_token(access_token).await.is_err());
    let robbed = rooms.refresh(SHOP, &refresh_token(&next), None).await;
    assert!(matches!(robbed, Err(TokenError::UnknownRefreshToken)));
}

#[tokio::test]
async fn the_grace_ends_when_the_successor_is_used() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let first = refresh_token(&rooms.tokens(SHOP).await);
    let next = rooms.refresh(SHOP, &first, None).await.unwrap();
    rooms
        .refresh(SHOP, &refresh_token(&next), None)
        .await
        .unwrap();
    let error = rooms.refresh(SHOP, &first, None).await;
    assert!(matches!(error, Err(TokenError::RefreshTokenReused { .. })));
}

#[tokio::test]
async fn without_grace_a_repeated_rotation_is_reuse_a_second_later() {
    let bench = Bench::planned(Plan {
        grace_secs: 0,
        ..Plan::default()
    })
    .await;
    let rooms = bench.rooms();
    let first = refresh_token(&rooms.tokens(SHOP).await);
    rooms.refresh(SHOP, &first, None).await.unwrap();
    bench.advance_secs(1);
    let error = rooms.refresh(SHOP, &first, None).await;
    assert!(matches!(error, Err(TokenError::RefreshTokenReused { .. })));
}

#[tokio::test]
async fn without_rotation_the_refresh_token_stays() {
    let bench = Bench::of([shop_without_rotation()]).await;
    let rooms = bench.rooms();
    let first = rooms.tokens(SHOP).await;
    bench.advance_secs(bench.grace_secs + 1);
    let next = rooms.refresh(SHOP, &refresh_token(&first), None).await;
    let next = next.unwrap();
    assert_eq!(refresh_token(&next), refresh_token(&first));
    assert_eq!(next.issued.grant_id, first.issued.grant_id);
    assert_ne!(next.response.access_token, first.response.access_token);
    let earlier = rooms.checker.access_token(&first.response.access_token);
    assert!(earlier.await.is_err());
    let again = rooms.refresh(SHOP, &refresh_token(&first), None).await;
    assert!(again.is_ok());
}

#[tokio::test]
async fn a_refresh_token_that_nobody_issued_is_unknown() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let access_token = rooms.tokens(SHOP).await.response.access_token;
    for nonsense in [Secret::new(""), Secret::new("nonsense"), access_token] {
        let error = rooms.refresh(SHOP, &nonsense, None).await.unwrap_err();
        assert!(matches!(error, TokenError::UnknownRefreshToken));
        assert_eq!(error.code(), ErrorCode::InvalidGrant);
    }
}

#[tokio::test]
async fn a_refresh_token_expires() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let first = refresh_token(&rooms.tokens(SHOP).await);
    bench.advance_secs(REFRESH_TOKEN_SECS);
    let error = rooms.refresh(SHOP, &first, None).await;
    assert!(matches!(error, Err(TokenError::UnknownRefreshToken)));
}

#[tokio::test]
async fn a_refresh_token_that_ends_under_way_is_unknown() {
    for client in [shop(), shop_without_rotation()] {
        let bench = Bench::of([client]).await;
        let first = refresh_token(&bench.rooms().tokens(SHOP).await);
        let rooms = bench.rooms_on(&Stores {
            refresh_tokens: Arc::new(EndedMeanwhile(bench.stores.clone())),
            ..bench.stores.clone()
        });
        let error = rooms.refresh(SHOP, &first, None).await;
        assert!(matches!(error, Err(TokenError::UnknownRefreshToken)));
    }
}

#[tokio::test]
async fn a_refresh_token_of_another_client_is_refused_and_stays_good() {
    let bench = Bench::of([shop(), other_shop()]).await;
    let rooms = bench.rooms();
    let first = refresh_token(&rooms.tokens(SHOP).await);
    let error = rooms.refresh(OTHER_SHOP, &first, None).await.unwrap_err();
    assert!(matches!(error, TokenError::RefreshTokenOfOtherClient));
    assert_eq!(error.code(), ErrorCode::InvalidGrant);
    assert!(rooms.refresh(SHOP, &first, None).await.is_ok());
}

#[tokio::test]
async fn a_client_exchanges_refresh_tokens_only_if_it_is_registered_for_it() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let first = refresh_token(&rooms.tokens(SHOP).await);
    bench.configure([ClientRegistration {
        grant_types: vec![GrantType::Password],
        ..shop()
    }]);
    let error = rooms.refresh(SHOP, &first, None).await;
    assert!(matches!(error, Err(TokenError::GrantNotRegistered)));
}

#[tokio::test]
async fn a_store_that_fails_is_not_taken_for_a_bad_refresh_token() {
    let bench = Bench::new().await;
    let first = refresh_token(&bench.rooms().tokens(SHOP).await);
    let rooms = bench.rooms_on(&Stores {
        refresh_tokens: down().refresh_tokens,
        ..bench.stores.clone()
    });
    let error = rooms.refresh(SHOP, &first, None).await.unwrap_err();
    let TokenError::Issue(IssueError::Store(StoreError::Unavailable(_))) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(error.code(), ErrorCode::TemporarilyUnavailable);
}
