//! Giving tokens back (RFC 7009).

use symbolon::secret::Secret;
use symbolon_auth_server::grants::TokenError;
use symbolon_auth_server::records::{ClientRegistration, TokenFormat};
use symbolon_auth_server::stores::{StoreError, Stores};
use symbolon_auth_server::tokens::revoke::{Ended, Revocation};

use crate::bench::{ACCESS_TOKEN_SECS, Bench};
use crate::ports::down;
use crate::rooms::Rooms;
use crate::samples::{OTHER_SHOP, SHOP, for_itself, shop};

async fn revoke(rooms: &Rooms, id: &str, presented: &Secret) -> Revocation {
    let client = rooms.client(id).await;
    rooms.revoker.revoke(&client, presented).await.unwrap()
}

#[tokio::test]
async fn an_access_token_ends_alone() {
    for token_format in [TokenFormat::Opaque, TokenFormat::Jwt] {
        let bench = Bench::of([ClientRegistration {
            token_format: Some(token_format),
            ..shop()
        }])
        .await;
        let rooms = bench.rooms();
        let tokens = rooms.tokens(SHOP).await;
        let access_token = tokens.response.access_token;
        let ended = Ended {
            grant_id: tokens.issued.grant_id,
            owner: Some("alice".to_owned()),
        };
        let revocation = revoke(&rooms, SHOP, &access_token).await;
        assert_eq!(revocation, Revocation::AccessToken(ended));
        assert!(rooms.checker.access_token(&access_token).await.is_err());
        let refresh_token = tokens.response.refresh_token.unwrap();
        assert!(rooms.refresh(SHOP, &refresh_token, None).await.is_ok());
    }
}

#[tokio::test]
async fn the_token_of_a_client_for_itself_has_no_owner() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let tokens = rooms.exchange(SHOP, for_itself(None)).await.unwrap();
    let ended = Ended {
        grant_id: tokens.issued.grant_id,
        owner: None,
    };
    let revocation = revoke(&rooms, SHOP, &tokens.response.access_token).await;
    assert_eq!(revocation, Revocation::AccessToken(ended));
}

#[tokio::test]
async fn a_refresh_token_takes_its_grant_with_it() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let tokens = rooms.tokens(SHOP).await;
    let refresh_token = tokens.response.refresh_token.unwrap();
    let ended = Ended {
        grant_id: tokens.issued.grant_id,
        owner: Some("alice".to_owned()),
    };
    let revocation = revoke(&rooms, SHOP, &refresh_token).await;
    assert_eq!(revocation, Revocation::Grant(ended));
    let access_token = &tokens.response.access_token;
    assert!(rooms.checker.access_token(access_token).await.is_err());
    let refreshed = rooms.refresh(SHOP, &refresh_token, None).await;
    assert!(matches!(refreshed, Err(TokenError::UnknownRefreshToken)));
}

#[tokio::test]
async fn the_tokens_of_another_client_stay() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let tokens = rooms.tokens(SHOP).await;
    let grant_id = tokens.issued.grant_id;
    let access_token = tokens.response.access_token;
    let refresh_token = tokens.response.refresh_token.unwrap();
    for presented in [&access_token, &refresh_token] {
        let revocation = revoke(&rooms, OTHER_SHOP, presented).await;
        assert_eq!(revocation, Revocation::OtherClient { grant_id });
    }
    assert!(rooms.checker.access_token(&access_token).await.is_ok());
    assert!(rooms.refresh(SHOP, &refresh_token, None).await.is_ok());
}

#[tokio::test]
async fn there_is_nothing_to_end_of_what_is_no_good_token() {
    let bench = Bench::of([ClientRegistration {
        token_format: Some(TokenFormat::Jwt),
        ..shop()
    }])
    .await;
    let rooms = bench.rooms();
    let expired = rooms.tokens(SHOP).await.response.access_token;
    bench.advance_secs(ACCESS_TOKEN_SECS);
    let ended = rooms.tokens(SHOP).await.response.refresh_token.unwrap();
    revoke(&rooms, SHOP, &ended).await;
    for presented in [Secret::new("nonsense"), expired, ended] {
        let revocation = revoke(&rooms, SHOP, &presented).await;
        assert_eq!(revocation, Revocation::NothingToEnd);
    }
}

#[tokio::test]
async fn a_store_that_fails_has_ended_nothing() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let client = rooms.client(SHOP).await;
    let tokens = rooms.tokens(SHOP).await.response;
    let refresh_token = tokens.refresh_token.unwrap();
    let rooms = bench.rooms_on(&Stores {
        access_tokens: down().access_tokens,
        refresh_tokens: down().refresh_tokens,
        ..bench.stores.clone()
    });
    for presented in [&tokens.access_token, &refresh_token] {
        let revoked = rooms.revoker.revoke(&client, presented).await;
        assert!(matches!(revoked, Err(StoreError::Unavailable(_))));
    }
    let rooms = bench.rooms_on(&Stores {
        grants: down().grants,
        ..bench.stores.clone()
    });
    let revoked = rooms.revoker.revoke(&client, &refresh_token).await;
    assert!(matches!(revoked, Err(StoreError::Unavailable(_))));
    let rooms = bench.rooms();
    assert!(
        rooms
            .checker
            .access_token(&tokens.access_token)
            .await
            .is_ok()
    );
}
