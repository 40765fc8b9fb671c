//! Asking an authorization server, and what becomes of its answers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]

mod support;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use support::{START, as_clock, clock};
use symbolon_resource_server::verifier::{
    CacheLimits, CachedVerifier, InvalidToken, RemoteVerifier, Timeouts, TokenVerifier, Transport,
    VerificationError,
};
use symbolon_resource_server::{Authentication, Secret, Timestamp, Url};
use wiremock::matchers::{body_string, body_string_contains, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn transport() -> Transport {
    let timeouts = Timeouts {
        connect: Duration::from_secs(2),
        total: Duration::from_millis(500),
    };
    Transport::new(timeouts)
        .unwrap()
        .with_credentials("photo-space", "photo-space-secret")
}

fn check_token(server: &str) -> RemoteVerifier {
    let url = Url::parse(&format!("{server}/oauth/check_token")).unwrap();
    RemoteVerifier::check_token(transport(), url, as_clock(&clock())).unwrap()
}

fn introspection(server: &str) -> RemoteVerifier {
    let url = Url::parse(&format!("{server}/oauth/introspect")).unwrap();
    RemoteVerifier::introspection(transport(), url, as_clock(&clock())).unwrap()
}

async fn answering(template: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(template)
        .mount(&server)
        .await;
    server
}

const INVALID: VerificationError = VerificationError::Invalid(InvalidToken::Refused);

#[actix_web::test]
async fn check_token_is_asked_with_our_credentials_and_its_answer_believed() {
    let server = MockServer::start().await;
    let answer = json!({"aud": ["photo-space"], "user_name": "xiaoming", "scope": ["photo.read"],
        "active": true, "exp": START + 60, "authorities": ["ROLE_USER"], "client_id": "print-photo"});
    Mock::given(method("POST"))
        .and(path("/oauth/check_token"))
        .and(header(
            "authorization",
            "Basic cGhvdG8tc3BhY2U6cGhvdG8tc3BhY2Utc2VjcmV0",
        ))
        .and(body_string("token=t1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer))
        .expect(1)
        .mount(&server)
        .await;
    let caller = check_token(&server.uri())
        .verify(&Secret::new("t1"))
        .await
        .unwrap();
    assert_eq!(caller.owner.as_deref(), Some("xiaoming"));
    assert_eq!(caller.require_scope("photo.read"), Ok(()));
    assert_eq!(caller.audience, ["photo-space"]);
}

/// Since 2.5 Spring's resource servers may say more than the token, and call that otherwise.
#[actix_web::test]
async fn a_question_may_say_more_and_call_the_token_otherwise() {
    let server = answering(ResponseTemplate::new(500)).await;
    let asked = [
        check_token(&server.uri()).parameter("tenant", "a&b"),
        check_token(&server.uri()).token_parameter("access_token"),
        introspection(&server.uri())
            .parameter("x", "1")
            .parameter("y", "2"),
    ];
    for verifier in asked {
        let outcome = verifier.verify(&Secret::new("t")).await;
        assert!(matches!(outcome, Err(VerificationError::Unavailable(_))));
    }
    let sent = server.received_requests().await.unwrap();
    let bodies = sent
        .iter()
        .map(|request| String::from_utf8_lossy(&request.body));
    let expected = ["token=t&tenant=a%26b", "access_token=t", "token=t&x=1&y=2"];
    assert_eq!(bodies.collect::<Vec<_>>(), expected);
}

#[actix_web::test]
async fn an_error_or_an_inactive_token_is_invalid() {
    for (status, body) in [
        (
            400,
            json!({"error": "invalid_token", "error_description": "Token was not recognised"}),
        ),
        (200, json!({"error": "invalid_token"})),
        (200, json!({"active": false, "client_id": "c"})),
        (200, json!({"active": "yes", "client_id": "c"})),
    ] {
        let server = answering(ResponseTemplate::new(status).set_body_json(&body)).await;
        let outcome = check_token(&server.uri()).verify(&Secret::new("t")).await;
        assert_eq!(outcome.unwrap_err(), INVALID, "{body}");
    }
}

#[actix_web::test]
async fn releases_of_spring_that_leave_active_out_are_understood() {
    for body in [
        json!({"client_id": "c"}),
        json!({"client_id": "c", "active": "true"}),
    ] {
        let server = answering(ResponseTemplate::new(200).set_body_json(&body)).await;
        let outcome = check_token(&server.uri()).verify(&Secret::new("t")).await;
        assert!(outcome.is_ok(), "{body}");
    }
}

#[actix_web::test]
async fn an_answer_that_is_not_about_the_token_is_an_outage() {
    for template in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(401).set_body_json(json!({"error": "invalid_client"})),
        ResponseTemplate::new(403),
        ResponseTemplate::new(404),
        ResponseTemplate::new(302).insert_header("location", "http://elsewhere.example/"),
        ResponseTemplate::new(400).set_body_json(json!({"error": "invalid_client"})),
        ResponseTemplate::new(200).set_body_string("<html>welcome</html>"),
        ResponseTemplate::new(200).set_body_json(json!({})),
        ResponseTemplate::new(200).set_body_json(json!({"aud": ["photo-space"]})),
        ResponseTemplate::new(200).set_body_json(json!(["active"])),
        ResponseTemplate::new(200).set_body_bytes(vec![b' '; 300 * 1024]),
        ResponseTemplate::new(200).set_delay(Duration::from_secs(30)),
    ] {
        let server = answering(template).await;
        for verifier in [check_token(&server.uri()), introspection(&server.uri())] {
            let outcome = verifier
                .verify(&Secret::new("secret-token"))
                .await
                .unwrap_err();
            assert!(
                matches!(outcome, VerificationError::Unavailable(_)),
                "{outcome}"
            );
            assert!(!outcome.to_string().contains("secret-token"));
        }
    }
}

#[actix_web::test]
async fn a_server_that_is_away_is_an_outage() {
    // A port that was free a moment ago: nobody listens there.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let outcome = check_token(&address).verify(&Secret::new("t")).await;
    assert!(matches!(outcome, Err(VerificationError::Unavailable(_))));
}

#[actix_web::test]
async fn a_token_past_its_end_is_expired_whatever_the_server_says() {
    let body = json!({"active": true, "client_id": "c", "exp": START});
    let server = answering(ResponseTemplate::new(200).set_body_json(body)).await;
    let outcome = check_token(&server.uri()).verify(&Secret::new("t")).await;
    assert_eq!(outcome.unwrap_err(), InvalidToken::Expired.into());
}

#[actix_web::test]
async fn introspection_tells_the_same_facts() {
    let server = MockServer::start().await;
    let answer = json!({"active": true, "scope": "photo.read profile", "client_id": "print-photo",
        "username": "lihua", "token_type": "bearer", "exp": START + 60, "aud": "photo-space"});
    Mock::given(path("/oauth/introspect"))
        .and(body_string_contains("token=t1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer))
        .mount(&server)
        .await;
    let caller = introspection(&server.uri())
        .verify(&Secret::new("t1"))
        .await
        .unwrap();
    assert_eq!(caller.owner.as_deref(), Some("lihua"));
    assert_eq!(caller.audience, ["photo-space"]);
    assert_eq!(caller.require_all_scopes(["photo.read", "profile"]), Ok(()));
}

#[actix_web::test]
async fn an_inactive_token_is_invalid_and_a_missing_verdict_is_an_outage() {
    let server =
        answering(ResponseTemplate::new(200).set_body_json(json!({"active": false}))).await;
    let outcome = introspection(&server.uri()).verify(&Secret::new("t")).await;
    assert_eq!(outcome.unwrap_err(), INVALID);
    let server =
        answering(ResponseTemplate::new(200).set_body_json(json!({"client_id": "c"}))).await;
    let outcome = introspection(&server.uri()).verify(&Secret::new("t")).await;
    assert!(matches!(outcome, Err(VerificationError::Unavailable(_))));
}

async fn introspected(body: &Value) -> Result<Authentication, VerificationError> {
    let server = answering(ResponseTemplate::new(200).set_body_json(body)).await;
    introspection(&server.uri()).verify(&Secret::new("t")).await
}

async fn checked(body: &Value) -> Result<Authentication, VerificationError> {
    let server = answering(ResponseTemplate::new(200).set_body_json(body)).await;
    check_token(&server.uri()).verify(&Secret::new("t")).await
}

#[actix_web::test]
async fn an_active_token_of_another_type_is_not_a_bearer_token() {
    for token_type in ["DPoP", "N_A"] {
        let body = json!({"active": true, "client_id": "c", "token_type": token_type});
        let outcome = introspected(&body).await.unwrap_err();
        assert_eq!(outcome, InvalidToken::NotBearer.into(), "{body}");
    }
}

#[actix_web::test]
async fn a_token_type_is_demanded_where_it_alone_shows_refresh_tokens() {
    let body = json!({"active": true, "client_id": "c"});
    let server = answering(ResponseTemplate::new(200).set_body_json(&body)).await;
    let strict = introspection(&server.uri()).require_token_type(true);
    let outcome = strict.verify(&Secret::new("t")).await;
    assert_eq!(outcome.unwrap_err(), InvalidToken::NotBearer.into());
}

#[actix_web::test]
async fn a_refresh_token_is_no_access_token_whoever_vouches_for_it() {
    for mark in [
        json!({"ati": "j"}),
        json!({"token_use": "refresh_token"}),
        json!({"typ": "Refresh"}),
    ] {
        let mut body = mark.clone();
        body["active"] = json!(true);
        body["client_id"] = json!("c");
        for outcome in [introspected(&body).await, checked(&body).await] {
            assert_eq!(
                outcome.unwrap_err(),
                InvalidToken::RefreshToken.into(),
                "{body}"
            );
        }
    }
}

#[actix_web::test]
async fn of_an_introspection_answer_only_active_is_required() {
    for body in [
        json!({"active": true}),
        json!({"active": true, "client_id": null, "token_type": null, "exp": null, "scope": null}),
        json!({"active": true, "scope": {}, "iat": "then", "iss": [], "jti": {}, "client_id": true}),
        json!({"active": true, "exp": 1_800_000_060.5, "sub": 7, "authorities": 5.5}),
    ] {
        assert!(introspected(&body).await.is_ok(), "{body}");
    }
}

#[actix_web::test]
async fn a_scope_may_be_a_list_or_have_blanks_around_it() {
    for scope in [
        json!(["photo.read", "profile"]),
        json!("  photo.read  profile "),
    ] {
        let body = json!({"active": true, "client_id": "c", "scope": scope});
        for caller in [introspected(&body).await, checked(&body).await] {
            let wanted = ["photo.read", "profile"];
            assert_eq!(
                caller.unwrap().require_all_scopes(wanted),
                Ok(()),
                "{scope}"
            );
        }
    }
}

#[actix_web::test]
async fn what_a_server_says_in_one_text_is_one_value() {
    let body = json!({"active": true, "client_id": "c", "scope": "x+profile,admin",
        "authorities": "ROLE_USER,ROLE_ADMIN", "aud": "elsewhere,photo-space"});
    for caller in [introspected(&body).await, checked(&body).await] {
        let caller = caller.unwrap();
        for name in ["x", "profile", "admin"] {
            assert!(caller.require_scope(name).is_err(), "{name}");
        }
        assert!(
            caller
                .require_any_authority(["ROLE_USER", "ROLE_ADMIN"])
                .is_err()
        );
        assert_eq!(caller.audience, ["elsewhere,photo-space"]);
    }
}

#[actix_web::test]
async fn what_limits_a_token_is_never_let_go() {
    for limit in [
        json!({"aud": {}}),
        json!({"aud": [{}]}),
        json!({"exp": "soon"}),
        json!({"exp": -1}),
    ] {
        let mut body = limit.clone();
        body["active"] = json!(true);
        body["client_id"] = json!("c");
        for outcome in [introspected(&body).await, checked(&body).await] {
            let unclear = matches!(outcome, Err(VerificationError::Unavailable(_)));
            assert!(unclear, "{body}");
        }
    }
}

#[actix_web::test]
async fn whose_token_it_is_must_be_readable_where_it_is_said() {
    let body = json!({"active": true, "client_id": "c", "username": {}, "user_name": {}});
    for outcome in [introspected(&body).await, checked(&body).await] {
        assert!(matches!(outcome, Err(VerificationError::Unavailable(_))));
    }
}

#[actix_web::test]
async fn all_that_a_server_says_can_be_reached() {
    let body = json!({"active": true, "client_id": "c", "tenant": {"id": 7}});
    for caller in [introspected(&body).await, checked(&body).await] {
        assert_eq!(caller.unwrap().claims["tenant"]["id"], 7);
    }
}

#[actix_web::test]
async fn setting_the_clock_back_lengthens_nothing_that_is_remembered() {
    let clock = clock();
    let server = MockServer::start().await;
    let body = json!({"active": true, "client_id": "c"});
    let good =
        Mock::given(method("POST")).respond_with(ResponseTemplate::new(200).set_body_json(body));
    let good = good.mount_as_scoped(&server).await;
    let url = Url::parse(&server.uri()).unwrap();
    let remote = RemoteVerifier::check_token(transport(), url, as_clock(&clock)).unwrap();
    let limits = CacheLimits {
        capacity: 10,
        max_age_secs: 5,
    };
    let cached = CachedVerifier::new(Arc::new(remote), limits, as_clock(&clock));
    let token = Secret::new("t");
    assert!(cached.verify(&token).await.is_ok());
    // It is revoked, and somebody sets the clock forth, which makes nothing older either.
    drop(good);
    clock.set(Timestamp::from_secs(START + 3600));
    assert!(cached.verify(&token).await.is_ok());
    clock.set(Timestamp::from_secs(START - 3600));
    clock.advance_secs(4);
    assert!(cached.verify(&token).await.is_ok());
    clock.advance_secs(1);
    assert!(cached.verify(&token).await.is_err());
}

#[actix_web::test]
async fn a_remembered_token_is_asked_about_once_until_it_is_too_old_or_expires() {
    let clock = clock();
    let server = MockServer::start().await;
    let body = json!({"active": true, "client_id": "c", "exp": START + 50});
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .expect(3)
        .mount(&server)
        .await;
    let url = Url::parse(&server.uri()).unwrap();
    let remote = RemoteVerifier::check_token(transport(), url, as_clock(&clock)).unwrap();
    let limits = CacheLimits {
        capacity: 10,
        max_age_secs: 30,
    };
    let cached = CachedVerifier::new(Arc::new(remote), limits, as_clock(&clock));
    let token = Secret::new("t");
    assert!(cached.verify(&token).await.is_ok());
    assert!(cached.verify(&token).await.is_ok());
    clock.advance_secs(30);
    assert!(cached.verify(&token).await.is_ok());
    clock.advance_secs(20);
    let outcome = cached.verify(&token).await;
    assert_eq!(outcome.unwrap_err(), InvalidToken::Expired.into());
}
