//! Whether a token is good, and who may know.

use std::sync::Arc;

use symbolon::identifiers::ClientId;
use symbolon::jwk::SigningAlgorithm;
use symbolon::secret::Secret;
use symbolon_auth_server::records::{
    AccessToken, AccessTokenId, ClientRegistration, Dialect, TokenFormat,
};
use symbolon_auth_server::stores::{StoreError, Stores};
use symbolon_auth_server::tokens::check::CheckError;
use symbolon_auth_server::tokens::jwt::sign_access_token;

use crate::bench::{ACCESS_TOKEN_SECS, Bench, ISSUER, Plan, REFRESH_TOKEN_SECS};
use crate::ports::down;
use crate::rooms::Rooms;
use crate::samples::{OTHER_SHOP, SHOP, confidential, other_shop, scope, script, shop};

fn with_jwts(client: ClientRegistration) -> ClientRegistration {
    ClientRegistration {
        token_format: Some(TokenFormat::Jwt),
        ..client
    }
}

fn resource_server() -> ClientRegistration {
    ClientRegistration {
        may_introspect: true,
        ..confidential("photos")
    }
}

async fn check(
    rooms: &Rooms,
    presented: &Secret,
) -> Result<(AccessTokenId, AccessToken), CheckError> {
    rooms.checker.access_token(presented).await
}

async fn assert_not_recognised(rooms: &Rooms, presented: &Secret) {
    let checked = check(rooms, presented).await;
    assert!(
        matches!(checked, Err(CheckError::NotRecognised)),
        "{checked:?}"
    );
}

#[tokio::test]
async fn an_opaque_token_stands_for_what_was_granted() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let tokens = rooms.tokens(SHOP).await;
    let presented = &tokens.response.access_token;
    assert!(!presented.expose().contains('.'));
    let (id, token) = check(&rooms, presented).await.unwrap();
    assert_eq!(id.grant_id(), tokens.issued.grant_id);
    assert_eq!(token.format, TokenFormat::Opaque);
    assert_eq!(token.grant.client_id, ClientId::new(SHOP));
    assert_eq!(token.grant.owner.as_deref(), Some("alice"));
    assert_eq!(token.grant.scope, scope("delete read write"));
    assert_eq!(token.issued_at, bench.now());
    let end = bench.now().plus_secs(ACCESS_TOKEN_SECS);
    assert_eq!(token.expires_at, end);
}

#[tokio::test]
async fn a_jwt_of_each_algorithm_and_dialect_stands_for_what_was_granted() {
    for algorithm in SigningAlgorithm::ALL {
        let spring = ClientRegistration {
            dialect: Some(Dialect::Spring),
            ..with_jwts(other_shop())
        };
        let bench = Bench::planned(Plan {
            clients: vec![with_jwts(shop()), spring],
            algorithm,
            ..Plan::default()
        })
        .await;
        let rooms = bench.rooms();
        for client in [SHOP, OTHER_SHOP] {
            let tokens = rooms.tokens(client).await;
            let presented = &tokens.response.access_token;
            let (id, token) = check(&rooms, presented).await.unwrap();
            assert_eq!(id.grant_id(), tokens.issued.grant_id);
            assert_eq!(token.format, TokenFormat::Jwt);
            assert_eq!(token.grant.client_id, ClientId::new(client));
        }
    }
}

#[tokio::test]
async fn nonsense_is_not_recognised() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let refresh_token = rooms.tokens(SHOP).await.response.refresh_token.unwrap();
    let nonsense = ["", "nonsense", "a.b.c", "..", &"A".repeat(64)].map(Secret::new);
    for presented in nonsense.into_iter().chain([refresh_token]) {
        assert_not_recognised(&rooms, &presented).await;
    }
}

#[tokio::test]
async fn a_token_of_another_servers_key_is_not_recognised() {
    for client in [shop(), with_jwts(shop())] {
        let bench = Bench::of([client.clone()]).await;
        let other = Bench::of([client]).await;
        let foreign = other.rooms().tokens(SHOP).await.response.access_token;
        assert!(check(&other.rooms(), &foreign).await.is_ok());
        assert_not_recognised(&bench.rooms(), &foreign).await;
    }
}

#[tokio::test]
async fn a_jwt_that_was_changed_is_not_recognised() {
    let bench = Bench::of([with_jwts(shop())]).await;
    let rooms = bench.rooms();
    let first = rooms.tokens(SHOP).await.response.access_token;
    let second = rooms.tokens(SHOP).await.response.access_token;
    let (claims, _) = first.expose().rsplit_once('.').unwrap();
    let (_, signature) = second.expose().rsplit_once('.').unwrap();
    let mixed = Secret::new(format!("{claims}.{signature}"));
    assert_not_recognised(&rooms, &mixed).await;
}

#[tokio::test]
async fn an_opaque_token_that_expired_is_not_recognised() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let presented = rooms.tokens(SHOP).await.response.access_token;
    bench.advance_secs(ACCESS_TOKEN_SECS - 1);
    assert!(check(&rooms, &presented).await.is_ok());
    bench.advance_secs(1);
    assert_not_recognised(&rooms, &presented).await;
}

#[tokio::test]
async fn a_jwt_that_expired_says_so() {
    let bench = Bench::of([with_jwts(shop())]).await;
    let rooms = bench.rooms();
    let presented = rooms.tokens(SHOP).await.response.access_token;
    bench.advance_secs(ACCESS_TOKEN_SECS - 1);
    assert!(check(&rooms, &presented).await.is_ok());
    bench.advance_secs(1);
    let checked = check(&rooms, &presented).await;
    assert!(matches!(checked, Err(CheckError::Expired)), "{checked:?}");
}

#[tokio::test]
async fn a_token_that_was_revoked_is_not_recognised_in_either_format() {
    for client in [shop(), with_jwts(shop())] {
        let bench = Bench::of([client]).await;
        let rooms = bench.rooms();
        let presented = rooms.tokens(SHOP).await.response.access_token;
        let client = rooms.client(SHOP).await;
        rooms.revoker.revoke(&client, &presented).await.unwrap();
        assert_not_recognised(&rooms, &presented).await;
    }
}

#[tokio::test]
async fn a_token_whose_client_is_gone_is_not_recognised() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let tokens = rooms.tokens(SHOP).await.response;
    bench.configure([other_shop()]);
    assert_not_recognised(&rooms, &tokens.access_token).await;
    let refresh_token = tokens.refresh_token.unwrap();
    let checked = rooms.checker.refresh_token(&refresh_token).await;
    assert!(matches!(checked, Err(CheckError::NotRecognised)));
}

#[tokio::test]
async fn a_token_is_good_only_in_the_format_in_which_it_was_issued() {
    let bench = Bench::of([shop(), with_jwts(other_shop())]).await;
    let rooms = bench.rooms();
    let ring = bench.keys.current();
    let opaque = rooms.tokens(SHOP).await.response.access_token;
    let (id, token) = check(&rooms, &opaque).await.unwrap();
    let key = ring.active_key(bench.now()).unwrap();
    let as_jwt = sign_access_token(key, Dialect::Standard, ISSUER, &id, &token);
    assert_not_recognised(&rooms, &as_jwt.unwrap()).await;
    let jwt = rooms.tokens(OTHER_SHOP).await.response.access_token;
    let (id, _) = check(&rooms, &jwt).await.unwrap();
    let as_handle = ring.handles.write(&id).unwrap();
    assert_not_recognised(&rooms, &as_handle).await;
}

#[tokio::test]
async fn a_client_learns_about_its_own_tokens() {
    let bench = Bench::of([shop(), script()]).await;
    let rooms = bench.rooms();
    let tokens = rooms.tokens(SHOP).await.response;
    let client = rooms.client(SHOP).await;
    let checked = rooms
        .checker
        .access_token_for(&client, &tokens.access_token);
    assert!(checked.await.is_ok());
    let refresh_token = tokens.refresh_token.unwrap();
    let checked = rooms
        .checker
        .refresh_token_for(&client, &refresh_token)
        .await;
    let (id, _) = checked.unwrap();
    let (same, _) = rooms.checker.refresh_token(&refresh_token).await.unwrap();
    assert_eq!(id, same);
}

#[tokio::test]
async fn a_client_learns_nothing_about_the_tokens_of_others() {
    let bench = Bench::of([shop(), other_shop()]).await;
    let rooms = bench.rooms();
    let tokens = rooms.tokens(SHOP).await.response;
    let refresh_token = tokens.refresh_token.unwrap();
    let stranger = rooms.client(OTHER_SHOP).await;
    let error = rooms
        .checker
        .access_token_for(&stranger, &tokens.access_token);
    let error = error.await.unwrap_err();
    assert!(matches!(error, CheckError::NotAllowed));
    assert_eq!(error.to_string(), CheckError::NotRecognised.to_string());
    let error = rooms
        .checker
        .refresh_token_for(&stranger, &refresh_token)
        .await;
    assert!(matches!(error, Err(CheckError::NotAllowed)));
}

#[tokio::test]
async fn a_resource_server_learns_about_the_tokens_that_are_good_at_it() {
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    for (audience, own, knows) in [
        (ids(&["photos"]), ids(&["photos"]), true),
        (ids(&["films", "photos"]), ids(&["photos", "maps"]), true),
        (ids(&["films"]), ids(&["photos"]), false),
        (ids(&["films"]), ids(&[]), true),
        (ids(&[]), ids(&["photos"]), true),
    ] {
        let shop = ClientRegistration {
            resource_ids: audience.clone(),
            ..shop()
        };
        let server = ClientRegistration {
            resource_ids: own.clone(),
            ..resource_server()
        };
        let bench = Bench::of([shop, server]).await;
        let rooms = bench.rooms();
        let tokens = rooms.tokens(SHOP).await.response;
        let server = rooms.client("photos").await;
        let access_token = &tokens.access_token;
        let checked = rooms.checker.access_token_for(&server, access_token).await;
        assert_eq!(checked.is_ok(), knows, "{audience:?} at {own:?}");
        let refresh_token = tokens.refresh_token.unwrap();
        let checked = rooms
            .checker
            .refresh_token_for(&server, &refresh_token)
            .await;
        assert_eq!(checked.is_ok(), knows, "{audience:?} at {own:?}");
    }
}

#[tokio::test]
async fn a_resource_server_without_ids_learns_about_all_tokens() {
    let bench = Bench::of([shop(), resource_server()]).await;
    let rooms = bench.rooms();
    let tokens = rooms.tokens(SHOP).await.response;
    let server = rooms.client("photos").await;
    let checked = rooms
        .checker
        .access_token_for(&server, &tokens.access_token);
    assert!(checked.await.is_ok());
    let refresh_token = tokens.refresh_token.unwrap();
    let checked = rooms
        .checker
        .refresh_token_for(&server, &refresh_token)
        .await;
    assert!(checked.is_ok());
}

#[tokio::test]
async fn a_refresh_token_that_was_used_is_not_good_to_who_asks() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let refresh_token = rooms.tokens(SHOP).await.response.refresh_token.unwrap();
    rooms.refresh(SHOP, &refresh_token, None).await.unwrap();
    let client = rooms.client(SHOP).await;
    let checked = rooms
        .checker
        .refresh_token_for(&client, &refresh_token)
        .await;
    assert!(matches!(checked, Err(CheckError::NotRecognised)));
    // Only its rotation decides what it is still good for.
    assert!(rooms.checker.refresh_token(&refresh_token).await.is_ok());
}

#[tokio::test]
async fn a_refresh_token_that_ended_is_not_recognised() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let refresh_token = rooms.tokens(SHOP).await.response.refresh_token.unwrap();
    let revoked = rooms.tokens(SHOP).await.response.refresh_token.unwrap();
    let client = rooms.client(SHOP).await;
    rooms.revoker.revoke(&client, &revoked).await.unwrap();
    let checked = rooms.checker.refresh_token(&revoked).await;
    assert!(matches!(checked, Err(CheckError::NotRecognised)));
    bench.advance_secs(REFRESH_TOKEN_SECS - 1);
    assert!(rooms.checker.refresh_token(&refresh_token).await.is_ok());
    bench.advance_secs(1);
    let checked = rooms.checker.refresh_token(&refresh_token).await;
    assert!(matches!(checked, Err(CheckError::NotRecognised)));
}

#[tokio::test]
async fn a_store_that_fails_is_not_taken_for_a_bad_token() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let tokens = rooms.tokens(SHOP).await.response;
    let refresh_token = tokens.refresh_token.unwrap();
    let rooms = bench.rooms_on(&Stores {
        access_tokens: down().access_tokens,
        refresh_tokens: down().refresh_tokens,
        ..bench.stores.clone()
    });
    let checked = check(&rooms, &tokens.access_token).await;
    let unavailable = |error| matches!(error, CheckError::Store(StoreError::Unavailable(_)));
    assert!(unavailable(checked.unwrap_err()));
    let checked = rooms.checker.refresh_token(&refresh_token).await;
    assert!(unavailable(checked.unwrap_err()));
    // Neither when only the client cannot be looked up.
    bench.configure([]);
    let rooms = bench.rooms_on(&Stores {
        clients: Arc::clone(&down().clients),
        ..bench.stores.clone()
    });
    let checked = check(&rooms, &tokens.access_token).await;
    assert!(unavailable(checked.unwrap_err()));
}
