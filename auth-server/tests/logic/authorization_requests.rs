//! What is checked of an authorization request, in which order, and who is told (RFC 6749 §4.1.2.1).

use symbolon::authorization::{AuthorizationOutcome, AuthorizationRequest, AuthorizationResponse};
use symbolon::error::{ErrorCode, ErrorResponse};
use symbolon::identifiers::ClientId;
use symbolon::token::GrantType;
use symbolon_auth_server::authorization::request::{
    CheckedRequest, Fault, RequestError, ResponseType, TooLong, UnsafeRequest,
};
use symbolon_auth_server::clients::redirect_match::RedirectMismatch;
use symbolon_auth_server::clients::registration::register;
use symbolon_auth_server::records::{ClientRegistration, RedirectMatching};
use symbolon_auth_server::stores::{StoreError, Stores};

use crate::bench::{Bench, ISSUER, defaults};
use crate::ports::down;
use crate::samples::{CALLBACK, CODE_CHALLENGE, SCRIPT, SHOP, asks, scope, script, shop};

async fn check(
    bench: &Bench,
    asked: &AuthorizationRequest,
) -> Result<CheckedRequest, RequestError> {
    bench.rooms().authorization.requests.check(asked).await
}

/// Why nothing is sent back, and to whom it would have been.
async fn unsafe_request(
    bench: &Bench,
    asked: &AuthorizationRequest,
) -> (Option<ClientId>, UnsafeRequest) {
    match check(bench, asked).await {
        Err(RequestError::Unsafe { client, error }) => {
            (client.map(|client| client.id.clone()), error)
        }
        other => panic!("{other:?}"),
    }
}

/// What the client is told in the query.
async fn told(bench: &Bench, asked: &AuthorizationRequest) -> ErrorResponse {
    let Err(RequestError::Redirect {
        client,
        fault,
        too_long: None,
        redirection,
    }) = check(bench, asked).await
    else {
        panic!("it is in order");
    };
    assert_eq!(Some(client.as_str()), asked.client_id.as_deref());
    let (address, query) = redirection.location.split_once('?').unwrap();
    assert_eq!(address, CALLBACK);
    let response = AuthorizationResponse::decode(query.as_bytes()).unwrap();
    assert_eq!(response.state, asked.state);
    assert_eq!(response.iss.as_deref(), Some(ISSUER));
    let AuthorizationOutcome::Error(response) = response.outcome else {
        panic!("{response:?}");
    };
    assert_eq!(response.error, fault.response.error);
    response
}

#[tokio::test]
async fn a_request_in_order_says_what_is_asked_for() {
    let bench = Bench::new().await;
    let checked = check(&bench, &asks(SHOP)).await.unwrap();
    assert_eq!(checked.client.id.as_str(), SHOP);
    assert_eq!(checked.redirect.uri(), CALLBACK);
    assert!(checked.redirect.was_sent());
    assert_eq!(checked.response_type, ResponseType::Code);
    assert_eq!(checked.scope, scope("read write"));
    assert_eq!(checked.state.as_deref(), Some("a state"));
    let challenge = checked.code_challenge.unwrap();
    assert_eq!(challenge.as_str(), CODE_CHALLENGE);
}

#[tokio::test]
async fn what_is_left_out_is_as_registered() {
    let bench = Bench::new().await;
    let asked = AuthorizationRequest {
        redirect_uri: None,
        scope: None,
        ..asks(SHOP)
    };
    let checked = check(&bench, &asked).await.unwrap();
    assert_eq!(checked.redirect.uri(), CALLBACK);
    assert!(!checked.redirect.was_sent());
    assert_eq!(checked.scope, scope("delete read write"));
}

#[tokio::test]
async fn beside_token_other_response_types_count_for_nothing() {
    let bench = Bench::new().await;
    for (words, expected) in [
        ("token", ResponseType::Token),
        ("code token", ResponseType::Token),
        ("code\ttoken", ResponseType::Token),
        ("code\n+id_token", ResponseType::Code),
        ("id_token code", ResponseType::Code),
    ] {
        let asked = AuthorizationRequest {
            response_type: Some(words.to_owned()),
            ..asks(SHOP)
        };
        let checked = check(&bench, &asked).await.unwrap();
        assert_eq!(checked.response_type, expected, "{words}");
    }
}

#[tokio::test]
async fn an_unknown_client_is_told_nothing() {
    let bench = Bench::new().await;
    for (client_id, expected) in [
        (None, UnsafeRequest::NoClient),
        (Some("nobody".to_owned()), UnsafeRequest::UnknownClient),
    ] {
        let asked = AuthorizationRequest {
            client_id,
            redirect_uri: Some("https://evil.example/".to_owned()),
            ..AuthorizationRequest::default()
        };
        let (client, error) = unsafe_request(&bench, &asked).await;
        assert_eq!((client, error), (None, expected));
        assert_eq!(error.to_string(), "Bad client credentials");
        assert_eq!(error.code(), ErrorCode::InvalidClient);
    }
}

#[tokio::test]
async fn a_client_that_never_redirects_is_told_nothing() {
    let bench = Bench::of([ClientRegistration {
        grant_types: vec![GrantType::ClientCredentials],
        ..shop()
    }])
    .await;
    let asked = AuthorizationRequest {
        redirect_uri: Some("https://evil.example/".to_owned()),
        ..asks(SHOP)
    };
    let (client, error) = unsafe_request(&bench, &asked).await;
    assert_eq!(client, Some(ClientId::new(SHOP)));
    assert_eq!(error, UnsafeRequest::NoRedirectingGrant);
    assert_eq!(error.code(), ErrorCode::InvalidRequest);
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_registered() {
    let bench = Bench::new().await;
    // Whatever else is wrong: the redirect URI comes first.
    let asked = AuthorizationRequest {
        redirect_uri: Some(format!("{CALLBACK}/other")),
        response_type: None,
        scope: Some("everything".to_owned()),
        ..asks(SHOP)
    };
    let (client, error) = unsafe_request(&bench, &asked).await;
    assert_eq!(client, Some(ClientId::new(SHOP)));
    let mismatch = UnsafeRequest::Redirect(RedirectMismatch::NoMatch);
    assert_eq!(error, mismatch);
    assert_eq!(error.code(), ErrorCode::InvalidRequest);
}

#[tokio::test]
async fn of_two_registered_addresses_one_must_be_named() {
    let bench = Bench::of([ClientRegistration {
        redirect_uris: vec![CALLBACK.to_owned(), "https://shop.example/2".to_owned()],
        ..shop()
    }])
    .await;
    let asked = AuthorizationRequest {
        redirect_uri: None,
        ..asks(SHOP)
    };
    let (_, error) = unsafe_request(&bench, &asked).await;
    assert_eq!(error, UnsafeRequest::Redirect(RedirectMismatch::NoMatch));
    assert!(check(&bench, &asks(SHOP)).await.is_ok());
}

#[tokio::test]
async fn a_client_without_addresses_is_told_nothing() {
    let bench = Bench::new().await;
    // No registration comes to this; somebody who embeds the crate may.
    let mut client = register(&shop(), &defaults()).unwrap();
    client.redirect_uris.clear();
    bench.configured_clients.replace(vec![client]);
    let (_, error) = unsafe_request(&bench, &asks(SHOP)).await;
    let mismatch = RedirectMismatch::NoneRegistered;
    assert_eq!(error, UnsafeRequest::Redirect(mismatch));
}

#[tokio::test]
async fn springs_way_of_matching_lets_parameters_be_added() {
    let bench = Bench::of([ClientRegistration {
        redirect_matching: Some(RedirectMatching::Spring),
        ..shop()
    }])
    .await;
    let asked = AuthorizationRequest {
        redirect_uri: Some(format!("{CALLBACK}?from=page")),
        ..asks(SHOP)
    };
    let checked = check(&bench, &asked).await.unwrap();
    assert_eq!(checked.redirect.uri(), format!("{CALLBACK}?from=page"));
}

#[tokio::test]
async fn the_response_type_comes_before_everything_that_the_client_is_told() {
    let bench = Bench::of([ClientRegistration {
        grant_types: vec![GrantType::Implicit],
        ..shop()
    }])
    .await;
    for (response_type, expected) in [
        (None, ErrorCode::InvalidRequest),
        (Some("magic"), ErrorCode::UnsupportedResponseType),
        // Then the grant, before PKCE and scope.
        (Some("code"), ErrorCode::UnauthorizedClient),
    ] {
        let asked = AuthorizationRequest {
            response_type: response_type.map(str::to_owned),
            code_challenge_method: Some("plain".to_owned()),
            scope: Some("everything".to_owned()),
            ..asks(SHOP)
        };
        let response = told(&bench, &asked).await;
        assert_eq!(response.error, expected, "{response_type:?}");
    }
}

#[tokio::test]
async fn the_implicit_grant_is_for_clients_that_are_registered_for_it() {
    let bench = Bench::of([script()]).await;
    let asked = AuthorizationRequest {
        response_type: Some("token".to_owned()),
        ..asks(SCRIPT)
    };
    let error = check(&bench, &asked).await.unwrap_err();
    let RequestError::Redirect {
        fault, redirection, ..
    } = error
    else {
        panic!("{error:?}");
    };
    assert_eq!(fault.response.error, ErrorCode::UnauthorizedClient);
    assert_eq!(fault.parameter, "response_type");
    // Where a script reads it.
    let fragment = format!("{CALLBACK}#error=unauthorized_client&");
    assert!(redirection.location.starts_with(&fragment));
}

#[tokio::test]
async fn pkce_comes_before_the_scope_and_each_fault_of_it_is_told() {
    let bench = Bench::new().await;
    for (challenge, method, expected) in [
        (None, None, "PKCE is required: code_challenge is missing"),
        (
            None,
            Some("S256"),
            "code_challenge_method without code_challenge",
        ),
        (Some("short"), Some("S256"), "code_challenge is malformed"),
        (
            Some(CODE_CHALLENGE),
            Some("plain"),
            "code_challenge_method must be S256",
        ),
        (
            Some(CODE_CHALLENGE),
            None,
            "code_challenge_method must be S256",
        ),
    ] {
        let asked = AuthorizationRequest {
            code_challenge: challenge.map(str::to_owned),
            code_challenge_method: method.map(str::to_owned),
            scope: Some("everything".to_owned()),
            ..asks(SHOP)
        };
        let response = told(&bench, &asked).await;
        assert_eq!(response.error, ErrorCode::InvalidRequest);
        assert_eq!(response.error_description.as_deref(), Some(expected));
    }
}

#[tokio::test]
async fn a_public_client_needs_pkce_whatever_its_registration_says() {
    let lax = |client| ClientRegistration {
        require_pkce: Some(false),
        ..client
    };
    let bench = Bench::of([lax(shop()), lax(script())]).await;
    let without = |id| AuthorizationRequest {
        code_challenge: None,
        code_challenge_method: None,
        ..asks(id)
    };
    let checked = check(&bench, &without(SHOP)).await.unwrap();
    assert_eq!(checked.code_challenge, None);
    let response = told(&bench, &without(SCRIPT)).await;
    assert_eq!(response.error, ErrorCode::InvalidRequest);
}

#[tokio::test]
async fn a_scope_that_is_not_registered_is_told_with_those_that_are() {
    let bench = Bench::new().await;
    let asked = |scope: &str| AuthorizationRequest {
        scope: Some(scope.to_owned()),
        ..asks(SHOP)
    };
    for asked in [asked("read everything"), asked("\"read\"")] {
        let response = told(&bench, &asked).await;
        assert_eq!(response.error, ErrorCode::InvalidScope);
        assert_eq!(response.scope.as_deref(), Some("delete read write"));
    }
    let requests = bench.rooms().authorization.requests;
    for blank in ["", " ", " + "] {
        let checked = requests.check(&asked(blank)).await.unwrap();
        assert_eq!(checked.scope.to_string(), "delete read write", "{blank:?}");
    }
}

#[tokio::test]
async fn a_request_has_a_length_and_its_state_another() {
    let bench = Bench::new().await;
    let requests = bench.rooms().authorization.requests;
    let asked = |state: usize, scope: usize| AuthorizationRequest {
        state: Some("s".repeat(state)),
        scope: Some(format!("read{}", " ".repeat(scope))),
        ..asks(SHOP)
    };
    requests.check(&asked(100, 500)).await.unwrap();
    for (asked, expected, is_returned) in [
        (asked(101, 0), TooLong::State, false),
        (asked(101, 1000), TooLong::State, false),
        (asked(100, 1000), TooLong::Request, true),
    ] {
        let refused = requests.check(&asked).await.unwrap_err();
        let RequestError::Redirect {
            fault,
            too_long,
            redirection,
            ..
        } = refused
        else {
            panic!("{refused:?}");
        };
        assert_eq!(
            (fault.response.error, too_long),
            (ErrorCode::InvalidRequest, Some(expected))
        );
        assert_eq!(redirection.location.contains("state=sss"), is_returned);
        // Nor is it returned with another error.
        let reason = Fault::new("", ErrorCode::InvalidRequest, "a parameter twice");
        let refused = requests.refuse(&asked, reason).await;
        let RequestError::Redirect { redirection, .. } = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(redirection.location.contains("state=sss"), is_returned);
    }
}

#[tokio::test]
async fn a_refusal_for_another_reason_goes_where_the_answer_would() {
    let bench = Bench::new().await;
    let requests = bench.rooms().authorization.requests;
    let reason = || Fault::new("", ErrorCode::InvalidRequest, "a parameter twice");
    let refused = requests.refuse(&asks(SHOP), reason()).await;
    let RequestError::Redirect { redirection, .. } = refused else {
        panic!("{refused:?}");
    };
    assert!(redirection.location.starts_with(CALLBACK));
    let refused = requests.refuse(&asks("nobody"), reason()).await;
    assert!(matches!(refused, RequestError::Unsafe { .. }));
}

#[tokio::test]
async fn a_client_that_cannot_be_looked_up_is_not_unknown() {
    let bench = Bench::new().await;
    let rooms = bench.rooms_on(&Stores {
        clients: down().clients,
        ..bench.stores.clone()
    });
    let requests = &rooms.authorization.requests;
    let error = requests.check(&asks("perhaps")).await.unwrap_err();
    let RequestError::Store(StoreError::Unavailable(_)) = error else {
        panic!("{error:?}");
    };
}
