//! The authorization code grant (RFC 6749 §4.1.3, RFC 7636 §4.6).

use std::sync::Arc;

use symbolon::error::ErrorCode;
use symbolon::secret::Secret;
use symbolon::token::{AuthorizationCodeRequest, GrantType, TokenRequest};
use symbolon_auth_server::grants::TokenError;
use symbolon_auth_server::records::ClientRegistration;
use symbolon_auth_server::stores::{StoreError, Stores};
use symbolon_auth_server::tokens::issue::{IssueError, IssuedTokens};

use crate::bench::{ACCESS_TOKEN_SECS, Bench};
use crate::ports::{RevokedMeanwhile, down};
use crate::rooms::{CODE_SECS, Rooms};
use crate::samples::{
    CALLBACK, CODE_CHALLENGE, OTHER_SHOP, SCRIPT, SHOP, asks, by_code, scope, shop,
};

async fn exchange(
    rooms: &Rooms,
    id: &str,
    request: AuthorizationCodeRequest,
) -> Result<IssuedTokens, TokenError> {
    let request = TokenRequest::AuthorizationCode(request);
    rooms.exchange(id, request).await
}

#[tokio::test]
async fn a_code_is_exchanged_for_what_its_owner_approved() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let code = rooms.code(asks(SHOP)).await;
    let tokens = exchange(&rooms, SHOP, by_code(&code)).await.unwrap();
    assert_eq!(tokens.issued.client_id.as_str(), SHOP);
    assert_eq!(tokens.issued.owner.as_deref(), Some("alice"));
    assert_eq!(tokens.issued.grant_type, GrantType::AuthorizationCode);
    assert_eq!(tokens.issued.scope, scope("read write"));
    assert_eq!(tokens.response.expires_in, Some(ACCESS_TOKEN_SECS));
    assert_eq!(tokens.response.scope, Some(scope("read write")));
    let checked = rooms.checker.access_token(&tokens.response.access_token);
    let (id, token) = checked.await.unwrap();
    assert_eq!(id.grant_id(), tokens.issued.grant_id);
    assert_eq!(token.grant.authorities, ["ROLE_USER"]);
    assert_eq!(token.grant.audience, ["photos"]);
}

#[tokio::test]
async fn a_refresh_token_comes_only_to_clients_that_may_exchange_it() {
    let without = ClientRegistration {
        grant_types: vec![GrantType::AuthorizationCode],
        ..shop()
    };
    for (client, comes) in [(shop(), true), (without, false)] {
        let bench = Bench::of([client]).await;
        let rooms = bench.rooms();
        let code = rooms.code(asks(SHOP)).await;
        let tokens = exchange(&rooms, SHOP, by_code(&code)).await.unwrap();
        assert_eq!(tokens.response.refresh_token.is_some(), comes);
    }
}

#[tokio::test]
async fn a_public_client_exchanges_its_code_by_pkce_alone() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let code = rooms.code(asks(SCRIPT)).await;
    let tokens = exchange(&rooms, SCRIPT, by_code(&code)).await.unwrap();
    assert_eq!(tokens.issued.client_id.as_str(), SCRIPT);
}

#[tokio::test]
async fn a_code_is_good_for_one_exchange() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let code = rooms.code(asks(SHOP)).await;
    let tokens = exchange(&rooms, SHOP, by_code(&code)).await.unwrap();
    let error = exchange(&rooms, SHOP, by_code(&code)).await.unwrap_err();
    let TokenError::CodeReplayed { grant_id } = error else {
        panic!("{error:?}");
    };
    assert_eq!(grant_id, tokens.issued.grant_id);
    assert_eq!(error.code(), ErrorCode::InvalidGrant);
    // What came from it is revoked.
    let access_token = &tokens.response.access_token;
    assert!(rooms.checker.access_token(access_token).await.is_err());
    let refresh_token = tokens.response.refresh_token.unwrap();
    let refreshed = rooms.refresh(SHOP, &refresh_token, None).await;
    assert!(matches!(refreshed, Err(TokenError::UnknownRefreshToken)));
}

#[tokio::test]
async fn of_many_exchanges_of_a_code_at_once_one_is_answered() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let code = rooms.code(asks(SHOP)).await;
    let (one, another) = tokio::join!(
        exchange(&rooms, SHOP, by_code(&code)),
        exchange(&rooms, SHOP, by_code(&code)),
    );
    let refused = [one, another].into_iter().filter_map(Result::err);
    let refused: Vec<TokenError> = refused.collect();
    // The second use may come before the tokens of the first are issued: then nobody gets any.
    assert!(!refused.is_empty());
    let replayed = |error: &TokenError| matches!(error, TokenError::CodeReplayed { .. });
    assert_eq!(refused.iter().filter(|error| replayed(error)).count(), 1);
}

#[tokio::test]
async fn a_code_that_is_used_again_under_way_gives_nothing() {
    for reuse_access_tokens in [false, true] {
        let bench = Bench::of([ClientRegistration {
            reuse_access_tokens: Some(reuse_access_tokens),
            ..shop()
        }])
        .await;
        let code = bench.rooms().code(asks(SHOP)).await;
        let rooms = bench.rooms_on(&Stores {
            access_tokens: Arc::new(RevokedMeanwhile(bench.stores.clone())),
            ..bench.stores.clone()
        });
        let error = exchange(&rooms, SHOP, by_code(&code)).await.unwrap_err();
        assert!(matches!(error, TokenError::GrantRevoked), "{error:?}");
        assert_eq!(error.code(), ErrorCode::InvalidGrant);
    }
}

#[tokio::test]
async fn a_code_that_nobody_issued_is_unknown() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let access_token = rooms.tokens(SHOP).await.response.access_token;
    for nonsense in [Secret::new(""), Secret::new("nonsense"), access_token] {
        let error = exchange(&rooms, SHOP, by_code(&nonsense)).await;
        assert!(matches!(error, Err(TokenError::UnknownCode)));
    }
    assert_eq!(TokenError::UnknownCode.code(), ErrorCode::InvalidGrant);
}

#[tokio::test]
async fn a_code_expires() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let in_time = rooms.code(asks(SHOP)).await;
    bench.advance_secs(CODE_SECS - 1);
    assert!(exchange(&rooms, SHOP, by_code(&in_time)).await.is_ok());
    let too_late = rooms.code(asks(SHOP)).await;
    bench.advance_secs(CODE_SECS);
    let error = exchange(&rooms, SHOP, by_code(&too_late)).await;
    assert!(matches!(error, Err(TokenError::UnknownCode)));
}

#[tokio::test]
async fn whoever_finds_a_code_of_another_client_neither_uses_it_up_nor_ends_what_it_gave() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let code = rooms.code(asks(SHOP)).await;
    // A public client has only to be named.
    for thief in [OTHER_SHOP, SCRIPT] {
        let error = exchange(&rooms, thief, by_code(&code)).await.unwrap_err();
        assert!(matches!(error, TokenError::CodeOfOtherClient), "{error:?}");
        assert_eq!(error.code(), ErrorCode::InvalidGrant);
    }
    let tokens = exchange(&rooms, SHOP, by_code(&code)).await.unwrap();
    for thief in [OTHER_SHOP, SCRIPT] {
        let error = exchange(&rooms, thief, by_code(&code)).await.unwrap_err();
        assert!(matches!(error, TokenError::CodeOfOtherClient), "{error:?}");
    }
    let access_token = &tokens.response.access_token;
    assert!(rooms.checker.access_token(access_token).await.is_ok());
}

/// Who guesses, or has found the code and not the verifier. The right one is 256 bits away.
#[tokio::test]
async fn a_wrong_verifier_neither_uses_a_code_up_nor_ends_what_it_gave() {
    for client in [SHOP, SCRIPT] {
        let bench = Bench::new().await;
        let rooms = bench.rooms();
        let code = rooms.code(asks(client)).await;
        let guesses = async || {
            for verifier in [None, Some("a".repeat(43)), Some(CODE_CHALLENGE.to_owned())] {
                let request = AuthorizationCodeRequest {
                    code_verifier: verifier.map(Secret::new),
                    ..by_code(&code)
                };
                let error = exchange(&rooms, client, request).await.unwrap_err();
                assert!(matches!(error, TokenError::PkceFailed), "{error:?}");
                assert_eq!(error.code(), ErrorCode::InvalidGrant);
            }
        };
        guesses().await;
        let tokens = exchange(&rooms, client, by_code(&code)).await.unwrap();
        guesses().await;
        let access_token = &tokens.response.access_token;
        assert!(rooms.checker.access_token(access_token).await.is_ok());
        let again = exchange(&rooms, client, by_code(&code)).await;
        assert!(matches!(again, Err(TokenError::CodeReplayed { .. })));
        assert!(rooms.checker.access_token(access_token).await.is_err());
    }
}

#[tokio::test]
async fn a_redirect_uri_that_was_sent_is_sent_again() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let code = rooms.code(asks(SHOP)).await;
    for sent in [None, Some("https://shop.example/other")] {
        let request = AuthorizationCodeRequest {
            redirect_uri: sent.map(str::to_owned),
            ..by_code(&code)
        };
        let error = exchange(&rooms, SHOP, request).await.unwrap_err();
        assert!(matches!(error, TokenError::RedirectMismatch), "{error:?}");
        assert_eq!(error.code(), ErrorCode::InvalidGrant);
    }
    // The client's second try finds the code as it was.
    assert!(exchange(&rooms, SHOP, by_code(&code)).await.is_ok());
}

#[tokio::test]
async fn a_redirect_uri_that_was_not_sent_may_be_left_out_or_be_right() {
    for (sent, is_good) in [
        (None, true),
        (Some(CALLBACK), true),
        (Some("https://shop.example/other"), false),
    ] {
        let bench = Bench::new().await;
        let rooms = bench.rooms();
        let mut asked = asks(SHOP);
        asked.redirect_uri = None;
        let code = rooms.code(asked).await;
        let request = AuthorizationCodeRequest {
            redirect_uri: sent.map(str::to_owned),
            ..by_code(&code)
        };
        let exchanged = exchange(&rooms, SHOP, request).await;
        assert_eq!(exchanged.is_ok(), is_good, "{sent:?}");
    }
}

#[tokio::test]
async fn a_verifier_that_could_be_nobodys_uses_no_code_up() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let code = rooms.code(asks(SHOP)).await;
    for malformed in [
        "too short",
        &"a".repeat(129),
        &" ".repeat(50),
        &"ü".repeat(43),
    ] {
        let request = AuthorizationCodeRequest {
            code_verifier: Some(Secret::new(malformed)),
            ..by_code(&code)
        };
        let error = exchange(&rooms, SHOP, request).await.unwrap_err();
        assert!(matches!(error, TokenError::VerifierMalformed), "{error:?}");
        assert_eq!(error.code(), ErrorCode::InvalidGrant);
    }
    assert!(exchange(&rooms, SHOP, by_code(&code)).await.is_ok());
}

#[tokio::test]
async fn a_verifier_without_a_challenge_is_refused() {
    let without_pkce = ClientRegistration {
        require_pkce: Some(false),
        ..shop()
    };
    for is_sent in [true, false] {
        let bench = Bench::of([without_pkce.clone()]).await;
        let rooms = bench.rooms();
        let mut asked = asks(SHOP);
        asked.code_challenge = None;
        asked.code_challenge_method = None;
        let code = rooms.code(asked).await;
        let mut request = by_code(&code);
        request.code_verifier = request.code_verifier.filter(|_| is_sent);
        let exchanged = exchange(&rooms, SHOP, request).await;
        let refused = matches!(exchanged, Err(TokenError::PkceFailed));
        assert_eq!(refused, is_sent);
    }
}

#[tokio::test]
async fn a_client_exchanges_codes_only_if_it_is_registered_for_it() {
    let bench = Bench::of([ClientRegistration {
        grant_types: vec![GrantType::Password],
        ..shop()
    }])
    .await;
    let request = by_code(&Secret::new("any"));
    let error = exchange(&bench.rooms(), SHOP, request).await.unwrap_err();
    assert!(matches!(error, TokenError::GrantNotRegistered), "{error:?}");
    assert_eq!(error.code(), ErrorCode::UnauthorizedClient);
}

#[tokio::test]
async fn a_store_that_fails_is_not_taken_for_a_bad_code() {
    let bench = Bench::new().await;
    let code = bench.rooms().code(asks(SHOP)).await;
    let rooms = bench.rooms_on(&Stores {
        codes: down().codes,
        ..bench.stores.clone()
    });
    let error = exchange(&rooms, SHOP, by_code(&code)).await.unwrap_err();
    let store = |error: &TokenError| {
        matches!(
            error,
            TokenError::Issue(IssueError::Store(StoreError::Unavailable(_)))
        )
    };
    assert!(store(&error), "{error:?}");
    assert_eq!(error.code(), ErrorCode::TemporarilyUnavailable);
    // The code was not used.
    assert!(exchange(&bench.rooms(), SHOP, by_code(&code)).await.is_ok());
}
