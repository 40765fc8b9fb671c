//! The grants without a browser: an owner's password (RFC 6749 §4.3) and a client for itself (§4.4), and
//! what is the same for all grants.

use symbolon::clock::Timestamp;
use symbolon::error::ErrorCode;
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;
use symbolon::token::{GrantType, PasswordRequest, TokenRequest, TokenRequestError};
use symbolon_auth_server::grants::TokenError;
use symbolon_auth_server::grants::scope::ScopeError;
use symbolon_auth_server::records::{ClientRegistration, Dialect, TokenFormat};
use symbolon_auth_server::resource_owners::sign_in::SignInError;
use symbolon_auth_server::stores::{StoreError, Stores};
use symbolon_auth_server::tokens::issue::IssueError;
use symbolon_auth_server::tokens::jwt::JwtError;

use crate::bench::{ACCESS_TOKEN_SECS, AHEAD_SECS, Bench, PER_PAIR};
use crate::ports::down;
use crate::samples::{BCRYPT_SECRET, SHOP, by_password, for_itself, scope, shop};

fn wrong_password() -> TokenRequest {
    TokenRequest::Password(PasswordRequest {
        username: "alice".to_owned(),
        password: Secret::new("wrong"),
        scope: None,
    })
}

#[tokio::test]
async fn an_owners_password_gives_the_owners_tokens() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let tokens = rooms.exchange(SHOP, by_password(Some("read"))).await;
    let tokens = tokens.unwrap();
    assert_eq!(tokens.issued.owner.as_deref(), Some("alice"));
    assert_eq!(tokens.issued.grant_type, GrantType::Password);
    assert_eq!(tokens.issued.scope, scope("read"));
    assert!(tokens.response.refresh_token.is_some());
    let checked = rooms.checker.access_token(&tokens.response.access_token);
    let (_, token) = checked.await.unwrap();
    assert_eq!(token.grant.authorities, ["ROLE_USER"]);
    assert_eq!(token.grant.audience, ["photos"]);
}

#[tokio::test]
async fn a_wrong_password_gives_nothing() {
    let bench = Bench::new().await;
    let error = bench.rooms().exchange(SHOP, wrong_password()).await;
    let error = error.unwrap_err();
    let TokenError::SignIn(SignInError::BadCredentials { owner }) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(owner.as_deref(), Some("alice"));
    assert_eq!(error.code(), ErrorCode::InvalidGrant);
}

#[tokio::test]
async fn guessing_by_the_password_grant_is_braked() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    for _ in 0..PER_PAIR {
        let error = rooms.exchange(SHOP, wrong_password()).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidGrant);
    }
    let error = rooms.exchange(SHOP, by_password(None)).await.unwrap_err();
    let TokenError::SignIn(SignInError::TooManyAttempts(_)) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(error.code(), ErrorCode::TemporarilyUnavailable);
}

#[tokio::test]
async fn a_password_that_waits_for_its_check_in_vain_may_be_sent_again() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let request = || {
        TokenRequest::Password(PasswordRequest {
            username: "bob".to_owned(),
            password: Secret::new(BCRYPT_SECRET),
            scope: None,
        })
    };
    let (first, second) = tokio::join!(
        biased;
        rooms.exchange(SHOP, request()),
        rooms.exchange(SHOP, request()),
    );
    assert!(first.is_ok());
    let error = second.unwrap_err();
    let TokenError::SignIn(SignInError::Busy(_)) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(error.code(), ErrorCode::TemporarilyUnavailable);
    assert!(rooms.exchange(SHOP, request()).await.is_ok());
}

#[tokio::test]
async fn the_scope_is_checked_before_the_password() {
    let bench = Bench::new().await;
    let TokenRequest::Password(request) = wrong_password() else {
        unreachable!("it is one");
    };
    let request = PasswordRequest {
        scope: Some("everything".to_owned()),
        ..request
    };
    let request = TokenRequest::Password(request);
    let error = bench.rooms().exchange(SHOP, request).await;
    assert!(matches!(error, Err(TokenError::Scope(_))));
}

#[tokio::test]
async fn an_owner_who_signed_in_is_told_of_when_no_token_can_be_issued() {
    let bench = Bench::new().await;
    let rooms = bench.rooms_on(&Stores {
        access_tokens: down().access_tokens,
        ..bench.stores.clone()
    });
    let error = rooms.exchange(SHOP, by_password(None)).await.unwrap_err();
    let TokenError::AfterSignIn {
        owner,
        error: IssueError::Store(StoreError::Unavailable(_)),
    } = &error
    else {
        panic!("{error:?}");
    };
    assert_eq!(owner, "alice");
    assert_eq!(error.code(), ErrorCode::TemporarilyUnavailable);
}

#[tokio::test]
async fn an_account_that_cannot_be_looked_up_is_not_refused() {
    let bench = Bench::new().await;
    let rooms = bench.rooms_on(&Stores {
        owners: down().owners,
        ..bench.stores.clone()
    });
    let TokenRequest::Password(of_alice) = by_password(None) else {
        unreachable!("it is one by password");
    };
    let of_somebody = TokenRequest::Password(PasswordRequest {
        username: "somebody".to_owned(),
        ..of_alice
    });
    let error = rooms.exchange(SHOP, of_somebody).await.unwrap_err();
    let TokenError::SignIn(SignInError::Store(_)) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(error.code(), ErrorCode::TemporarilyUnavailable);
}

#[tokio::test]
async fn a_client_for_itself_gets_its_own_authorities_and_no_refresh_token() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let tokens = rooms.exchange(SHOP, for_itself(None)).await.unwrap();
    assert_eq!(tokens.issued.owner, None);
    assert_eq!(tokens.issued.grant_type, GrantType::ClientCredentials);
    assert_eq!(tokens.issued.scope, scope("delete read write"));
    assert_eq!(tokens.response.refresh_token, None);
    let checked = rooms.checker.access_token(&tokens.response.access_token);
    let (_, token) = checked.await.unwrap();
    assert_eq!(token.grant.authorities, ["ROLE_CLIENT"]);
    assert_eq!(token.grant.audience, ["photos"]);
}

#[tokio::test]
async fn a_store_that_fails_is_the_servers_fault() {
    let bench = Bench::new().await;
    let rooms = bench.rooms_on(&Stores {
        access_tokens: down().access_tokens,
        ..bench.stores.clone()
    });
    let error = rooms.exchange(SHOP, for_itself(None)).await.unwrap_err();
    assert!(matches!(error, TokenError::Issue(IssueError::Store(_))));
    assert_eq!(error.code(), ErrorCode::TemporarilyUnavailable);
    let damaged = TokenError::from(StoreError::Damaged("no JSON".to_owned()));
    assert_eq!(damaged.code(), ErrorCode::ServerError);
}

#[tokio::test]
async fn a_blank_scope_means_what_is_registered_and_outer_blanks_mean_nothing() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    for (asked, expected) in [
        ("", "delete read write"),
        (" ", "delete read write"),
        ("+", "delete read write"),
        ("read ", "read"),
        (" read  write ", "read write"),
    ] {
        let issued = rooms.exchange(SHOP, for_itself(Some(asked))).await.unwrap();
        assert_eq!(issued.response.scope, Some(scope(expected)), "{asked:?}");
    }
}

#[tokio::test]
async fn a_scope_is_refused_that_is_not_registered() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let registered = scope("delete read write");
    for (asked, expected) in [
        (
            "read everything",
            ScopeError::Invalid {
                registered: registered.clone(),
            },
        ),
        ("\"read\"", ScopeError::Invalid { registered }),
    ] {
        let error = rooms.exchange(SHOP, for_itself(Some(asked))).await;
        let error = error.unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidScope);
        let TokenError::Scope(error) = error else {
            panic!("{error:?}");
        };
        assert_eq!(error, expected, "{asked}");
    }
}

#[tokio::test]
async fn a_grant_is_refused_that_the_client_is_not_registered_for() {
    let bench = Bench::of([ClientRegistration {
        grant_types: vec![GrantType::AuthorizationCode],
        ..shop()
    }])
    .await;
    for request in [by_password(None), for_itself(None)] {
        let error = bench.rooms().exchange(SHOP, request).await.unwrap_err();
        assert!(matches!(error, TokenError::GrantNotRegistered), "{error:?}");
        assert_eq!(error.code(), ErrorCode::UnauthorizedClient);
    }
}

#[test]
fn a_request_that_cannot_be_understood_says_which_rule_it_breaks() {
    for (form, expected, code) in [
        (
            "",
            TokenRequestError::MissingGrantType,
            ErrorCode::InvalidRequest,
        ),
        (
            "grant_type=no+name",
            TokenRequestError::UnsupportedGrantType,
            ErrorCode::UnsupportedGrantType,
        ),
        (
            "grant_type=implicit",
            TokenRequestError::ImplicitAtTokenEndpoint,
            ErrorCode::InvalidGrant,
        ),
        (
            "grant_type=authorization_code",
            TokenRequestError::MissingCode,
            ErrorCode::InvalidRequest,
        ),
        (
            "grant_type=refresh_token",
            TokenRequestError::MissingRefreshToken,
            ErrorCode::InvalidRequest,
        ),
        (
            "grant_type=password&username=a",
            TokenRequestError::MissingOwnerCredentials,
            ErrorCode::InvalidRequest,
        ),
    ] {
        let mut sent = Parameters::decode(form.as_bytes()).unwrap();
        let error = TokenRequest::decode(&mut sent).unwrap_err();
        assert_eq!(error, expected, "{form}");
        assert_eq!(TokenError::from(error).code(), code, "{form}");
    }
}

#[tokio::test]
async fn token_answers_speak_the_dialect_of_their_client() {
    for (dialect, token_format, token_type, has_jti) in [
        (Dialect::Standard, TokenFormat::Jwt, "Bearer", false),
        (Dialect::Spring, TokenFormat::Jwt, "bearer", true),
        (Dialect::Spring, TokenFormat::Opaque, "bearer", false),
    ] {
        let bench = Bench::of([ClientRegistration {
            dialect: Some(dialect),
            token_format: Some(token_format),
            ..shop()
        }])
        .await;
        let rooms = bench.rooms();
        let response = rooms.tokens(SHOP).await.response;
        assert_eq!(response.token_type, token_type);
        assert_eq!(response.additional.get("jti").is_some(), has_jti);
        let is_jwt = response.access_token.expose().contains('.');
        assert_eq!(is_jwt, token_format == TokenFormat::Jwt);
    }
}

#[tokio::test]
async fn a_registration_says_how_long_its_tokens_live() {
    let bench = Bench::of([ClientRegistration {
        access_token_ttl_secs: Some(7),
        refresh_token_ttl_secs: Some(0),
        ..shop()
    }])
    .await;
    let rooms = bench.rooms();
    let response = rooms.tokens(SHOP).await.response;
    assert_eq!(response.expires_in, Some(7));
    let refresh_token = response.refresh_token.unwrap();
    let checked = rooms.checker.refresh_token(&refresh_token).await;
    let (_, token) = checked.unwrap();
    assert_eq!(token.expires_at, None);
}

/// The hour was set back, or the server that made the keys is ahead.
#[tokio::test]
async fn where_the_hour_is_behind_all_keys_the_oldest_signs() {
    let bench = Bench::of([ClientRegistration {
        token_format: Some(TokenFormat::Jwt),
        ..shop()
    }])
    .await;
    let oldest = kid(&bench);
    bench.keys.rotate(ACCESS_TOKEN_SECS).await.outcome.unwrap();
    bench.advance_secs(AHEAD_SECS);
    assert_ne!(kid(&bench), oldest);
    bench.clock.set(Timestamp::from_secs(1_000_000));
    assert_eq!(kid(&bench), oldest);
    let rooms = bench.rooms();
    let tokens = rooms.exchange(SHOP, for_itself(None)).await.unwrap();
    let checked = rooms.checker.access_token(&tokens.response.access_token);
    assert!(checked.await.is_ok());
    // And forth again.
    bench.clock.set(Timestamp::from_secs(2_000_000_000));
    assert_ne!(kid(&bench), oldest);
    let tokens = rooms.exchange(SHOP, for_itself(None)).await.unwrap();
    let checked = rooms.checker.access_token(&tokens.response.access_token);
    assert!(checked.await.is_ok());
}

/// The key that signs.
fn kid(bench: &Bench) -> String {
    let ring = bench.keys.current();
    ring.active_key(bench.now()).unwrap().kid().to_owned()
}

#[test]
fn what_goes_wrong_in_signing_is_the_servers_fault() {
    for error in [
        IssueError::Jwt(JwtError::NoActiveKey),
        IssueError::GrantGone,
        IssueError::HandleKeyGone,
    ] {
        assert_eq!(TokenError::from(error).code(), ErrorCode::ServerError);
    }
}
