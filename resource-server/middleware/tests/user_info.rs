//! Asking a user-info endpoint, and what becomes of its answers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]

mod support;

use std::sync::Arc;

use serde_json::{Value, json};
use support::world::{transport, verify};
use support::{as_clock, clock};
use symbolon_resource_server::verifier::{
    CacheLimits, CachedVerifier, InvalidToken, UserInfoVerifier, VerificationError,
};
use symbolon_resource_server::{Authentication, Scope, Url};
use wiremock::matchers::{header, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn user_info(server: &MockServer) -> UserInfoVerifier {
    let own = transport().with_credentials("photo-space", "photo-space-secret");
    let url = Url::parse(&format!("{}/user", server.uri())).unwrap();
    UserInfoVerifier::new(own, url).unwrap()
}

async fn answering(template: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(template)
        .mount(&server)
        .await;
    server
}

async fn told(body: &Value) -> Result<Authentication, VerificationError> {
    let server = answering(ResponseTemplate::new(200).set_body_json(body)).await;
    verify(&user_info(&server), "t").await
}

#[actix_web::test]
async fn user_info_is_asked_with_the_token_itself() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(header("authorization", "Bearer t1"))
        .and(header("accept", "application/json"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"name": "xiaoming"})))
        .expect(1)
        .mount(&server)
        .await;
    let verifier = user_info(&server)
        .client_id("photo-space")
        .scope(Scope::parse("photo.read").unwrap());
    let caller = verify(&verifier, "t1").await.unwrap();
    assert_eq!(caller.owner.as_deref(), Some("xiaoming"));
    assert_eq!(caller.require_any_client(["photo-space"]), Ok(()));
    assert_eq!(caller.require_scope("photo.read"), Ok(()));
    assert!(caller.audience.is_empty() && caller.expires_at.is_none());
    assert_eq!(caller.claims["name"], "xiaoming");
}

#[actix_web::test]
async fn another_type_of_token_may_be_named() {
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({"id": 7}))).await;
    let verifier = user_info(&server).token_type("token");
    let caller = verify(&verifier, "t1").await.unwrap();
    assert_eq!(caller.owner.as_deref(), Some("7"));
    assert!(caller.scope.is_empty());
    let sent = server.received_requests().await.unwrap();
    assert_eq!(sent[0].headers["authorization"], "token t1");
}

#[actix_web::test]
async fn the_owner_is_the_first_of_the_names() {
    for (body, owner) in [
        (
            json!({"name": "g", "id": "f", "login": "e", "user_id": "d", "userid": "c", "username": "b", "user": "a"}),
            "a",
        ),
        (json!({"name": "g", "id": 6, "login": "e"}), "e"),
        (json!({"name": "g", "id": 6}), "6"),
        (json!({"name": "g", "id": null}), "g"),
        (
            json!({"user": {"username": "b", "name": "g"}, "name": "other"}),
            "b",
        ),
    ] {
        let caller = told(&body).await.unwrap();
        assert_eq!(caller.owner.as_deref(), Some(owner), "{body}");
    }
}

#[actix_web::test]
async fn whoever_is_not_named_is_nobody_and_not_one_for_all() {
    for body in [
        json!({}),
        json!({"email": "a@b"}),
        json!({"user": {}}),
        json!({"user": {"user": {"name": "deep"}}}),
        json!({"id": true, "name": "g"}),
    ] {
        let outcome = told(&body).await;
        assert!(
            matches!(outcome, Err(VerificationError::Unavailable(_))),
            "{body}"
        );
    }
}

#[actix_web::test]
async fn authorities_are_read_in_each_of_their_shapes() {
    for (authorities, expected) in [
        (json!(null), vec!["ROLE_USER"]),
        (json!("ROLE_A"), vec!["ROLE_A"]),
        (json!(["ROLE_A", "ROLE_B"]), vec!["ROLE_A", "ROLE_B"]),
        (
            json!([{"authority": "ROLE_A"}, {"any": "ROLE_B"}]),
            vec!["ROLE_A", "ROLE_B"],
        ),
        (
            json!([{"x": 1, "role": "ROLE_A"}, {"x": 1, "value": "ROLE_B", "role": "ROLE_C"}]),
            vec!["ROLE_A", "ROLE_C"],
        ),
        (json!([{"x": 1, "y": 2}, 7, "", null]), vec![]),
        // As everywhere, one text is one value.
        (json!("ROLE_A,ROLE_B"), vec!["ROLE_A,ROLE_B"]),
    ] {
        let caller = told(&json!({"name": "x", "authorities": authorities})).await;
        assert_eq!(caller.unwrap().authorities, expected, "{authorities}");
    }
}

#[actix_web::test]
async fn an_endpoint_that_lets_nobody_in_refuses_the_token() {
    let refused = VerificationError::from(InvalidToken::Refused);
    for status in [400, 401, 403] {
        let server = answering(ResponseTemplate::new(status)).await;
        let outcome = verify(&user_info(&server), "t").await;
        assert_eq!(outcome.unwrap_err(), refused, "{status}");
    }
    let outcome = told(&json!({"error": "invalid_token", "name": "x"})).await;
    assert_eq!(outcome.unwrap_err(), refused);
    let server = answering(ResponseTemplate::new(200)).await;
    let outcome = verify(&user_info(&server), "no\nheader").await;
    assert_eq!(outcome.unwrap_err(), refused);
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[actix_web::test]
async fn an_endpoint_that_is_away_is_an_outage() {
    for template in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(404),
        ResponseTemplate::new(429),
        ResponseTemplate::new(302).insert_header("location", "/elsewhere"),
        ResponseTemplate::new(200).set_body_string("<html>sesame</html>"),
    ] {
        let server = answering(template).await;
        let error = verify(&user_info(&server), "sesame").await.unwrap_err();
        assert!(matches!(error, VerificationError::Unavailable(_)));
        assert!(!error.to_string().contains("sesame"), "{error}");
    }
}

#[actix_web::test]
async fn who_somebody_is_is_remembered_no_longer_than_is_said() {
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({"name": "x"}))).await;
    let clock = clock();
    let limits = CacheLimits {
        capacity: 10,
        max_age_secs: 30,
    };
    let cached = CachedVerifier::new(Arc::new(user_info(&server)), limits, as_clock(&clock));
    for (passed, questions) in [(0, 1), (29, 1), (1, 2)] {
        clock.advance_secs(passed);
        verify(&cached, "t").await.unwrap();
        let asked = server.received_requests().await.unwrap().len();
        assert_eq!(asked, questions);
    }
}
