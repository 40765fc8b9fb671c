//! The client against a pretended authorization server and resource server.

use std::sync::Arc;

use serde_json::{Value, json};
use shared::clock::{SettableClock, Timestamp};
use shared::protocol::scope::Scope;
use tokio::task::JoinSet;
use url::Url;
use wiremock::matchers::{body_string_contains, header, method, path};
use wiremock::{Mock, MockServer, Request as Received, ResponseTemplate};

use super::*;
use crate::{
    AuthorizationCodeProvider, AuthorizationServer, CallbackError, ClientAuthentication,
    ClientCredentialsProvider, PasswordProvider,
};

const NOW: u64 = 1_000_000;
const ISSUER: &str = "https://as.example";

fn clock() -> Arc<SettableClock> {
    Arc::new(SettableClock::at(Timestamp::from_secs(NOW)))
}

fn authorization_server(server: &MockServer) -> AuthorizationServer {
    let url = |path: &str| Url::parse(&format!("{}{path}", server.uri())).unwrap();
    AuthorizationServer {
        issuer: Some(ISSUER.to_owned()),
        require_iss: false,
        authorization_endpoint: Some(url("/oauth/authorize")),
        token_endpoint: url("/oauth/token"),
        revocation_endpoint: Some(url("/oauth/revoke")),
    }
}

fn registration(server: &MockServer) -> Registration {
    let secret = ClientAuthentication::Basic(Secret::new("client-secret"));
    Registration::new(authorization_server(server), "print-photo", secret)
        .unwrap()
        .with_clock(clock())
}

fn tokens(access_token: &str, expires_in: u64) -> Tokens {
    Tokens {
        access_token: Secret::new(access_token),
        refresh_token: Some(Secret::new("refresh-1")),
        expires_at: Some(Timestamp::from_secs(NOW + expires_in)),
        scope: None,
    }
}

fn code_provider() -> AuthorizationCodeProvider {
    let redirect_uri = Url::parse("https://client.example/callback").unwrap();
    AuthorizationCodeProvider::new(redirect_uri).with_scope(Scope::parse("photo.read").unwrap())
}

fn client_holding(server: &MockServer, tokens: Tokens) -> OAuth2Client {
    OAuth2Client::new(registration(server), code_provider())
        .unwrap()
        .with_context(Arc::new(MemoryContext::holding(tokens)))
}

fn token_answer(access_token: &str) -> Value {
    json!({ "access_token": access_token, "token_type": "bearer", "expires_in": 3600 })
}

async fn token_endpoint(server: &MockServer, answer: ResponseTemplate, times: u64) {
    Mock::given(method("POST"))
        .and(path("/oauth/token"))
        .respond_with(answer)
        .expect(times)
        .mount(server)
        .await;
}

/// Photos for those who bring `good`; 401 `invalid_token` for everybody else.
async fn photos(server: &MockServer, good: &'static str) {
    let refusal = r#"Bearer realm="photo-space", error="invalid_token""#;
    let answer = move |request: &Received| {
        let presented = request.headers.get("authorization");
        if presented.is_some_and(|header| header == &format!("Bearer {good}")) {
            ResponseTemplate::new(200)
        } else {
            ResponseTemplate::new(401).insert_header("WWW-Authenticate", refusal)
        }
    };
    Mock::given(path("/photos"))
        .respond_with(answer)
        .mount(server)
        .await;
}

fn photos_url(server: &MockServer) -> String {
    format!("{}/photos", server.uri())
}

async fn requests_to(server: &MockServer, path: &str) -> Vec<Received> {
    let all = server.received_requests().await.unwrap();
    all.into_iter()
        .filter(|request| request.url.path() == path)
        .collect()
}

fn state_of(url: &Url) -> String {
    let state = url.query_pairs().find(|(name, _)| name == "state");
    state.unwrap().1.into_owned()
}

#[tokio::test]
async fn one_renewal_serves_all_waiting_calls() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(token_answer("new"));
    token_endpoint(&server, answer, 1).await;
    photos(&server, "new").await;
    let client = client_holding(&server, tokens("expired", 0));
    let mut calls = JoinSet::new();
    for _ in 0..64 {
        let (client, url) = (client.clone(), photos_url(&server));
        calls.spawn(async move { client.get(url).await.unwrap().status() });
    }
    let statuses = calls.join_all().await;
    assert_eq!(statuses, [StatusCode::OK; 64]);
}

#[tokio::test]
async fn one_renewal_serves_all_calls_whose_token_was_refused() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(token_answer("new"));
    token_endpoint(&server, answer, 1).await;
    photos(&server, "new").await;
    let client = client_holding(&server, tokens("revoked", 3600));
    let mut calls = JoinSet::new();
    for _ in 0..64 {
        let (client, url) = (client.clone(), photos_url(&server));
        calls.spawn(async move { client.get(url).await.unwrap().status() });
    }
    assert_eq!(calls.join_all().await, [StatusCode::OK; 64]);
}

#[tokio::test]
async fn one_failed_renewal_serves_all_waiting_calls() {
    let server = MockServer::start().await;
    token_endpoint(&server, ResponseTemplate::new(503), 1).await;
    let client = client_holding(&server, tokens("expired", 0));
    // On this one thread all calls are waiting before the first answer arrives.
    let mut calls = JoinSet::new();
    for _ in 0..64 {
        let (client, url) = (client.clone(), photos_url(&server));
        calls.spawn(async move { client.get(url).await });
    }
    for outcome in calls.join_all().await {
        assert!(matches!(outcome, Err(ClientError::Token(_))), "{outcome:?}");
    }
}

#[tokio::test]
async fn an_invalid_token_answer_leads_to_one_renewal_and_one_repeat() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(token_answer("new"));
    token_endpoint(&server, answer, 1).await;
    photos(&server, "new").await;
    let client = client_holding(&server, tokens("revoked", 3600));
    let response = client.get(photos_url(&server)).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(requests_to(&server, "/photos").await.len(), 2);
}

#[tokio::test]
async fn a_second_401_is_returned_and_not_tried_again() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(token_answer("new"));
    token_endpoint(&server, answer, 1).await;
    photos(&server, "none is good").await;
    let client = client_holding(&server, tokens("revoked", 3600));
    let response = client.get(photos_url(&server)).await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(requests_to(&server, "/photos").await.len(), 2);
}

#[tokio::test]
async fn a_401_without_invalid_token_leads_to_no_renewal() {
    let server = MockServer::start().await;
    token_endpoint(&server, ResponseTemplate::new(500), 0).await;
    let refusal = ResponseTemplate::new(401).insert_header("WWW-Authenticate", "Basic realm=\"x\"");
    Mock::given(path("/photos"))
        .respond_with(refusal)
        .expect(1)
        .mount(&server)
        .await;
    let client = client_holding(&server, tokens("good", 3600));
    let response = client.get(photos_url(&server)).await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_renewal_outlives_the_call_that_asked_for_it() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(token_answer("new"));
    token_endpoint(&server, answer, 1).await;
    photos(&server, "new").await;
    let client = client_holding(&server, tokens("expired", 0));
    // Polled once: the renewal is on its way. Then the caller is gone.
    let mut call = Box::pin(client.get(photos_url(&server)));
    std::future::poll_fn(|task| {
        let _ = call.as_mut().poll(task);
        std::task::Poll::Ready(())
    })
    .await;
    drop(call);
    let response = client.get(photos_url(&server)).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_refresh_without_a_new_refresh_token_keeps_the_old_one() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(token_answer("new"));
    token_endpoint(&server, answer, 1).await;
    let client = client_holding(&server, tokens("old", 3600));
    let renewed = client.renew().await.unwrap();
    assert_eq!(renewed.refresh_token, Some(Secret::new("refresh-1")));
    assert_eq!(client.tokens().await.unwrap(), Some(renewed));
}

#[tokio::test]
async fn a_rotated_refresh_token_replaces_the_old_one() {
    let server = MockServer::start().await;
    let mut answer = token_answer("new");
    answer["refresh_token"] = json!("refresh-2");
    token_endpoint(&server, ResponseTemplate::new(200).set_body_json(answer), 1).await;
    let client = client_holding(&server, tokens("old", 3600));
    client.renew().await.unwrap();
    let kept = client.tokens().await.unwrap().unwrap();
    assert_eq!(kept.refresh_token, Some(Secret::new("refresh-2")));
}

#[tokio::test]
async fn a_dead_refresh_token_asks_for_authorization() {
    // Spring says `invalid_token` with status 401 of a refresh token that has expired.
    for (status, code) in [(400, "invalid_grant"), (401, "invalid_token")] {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(status).set_body_json(json!({ "error": code }));
        token_endpoint(&server, answer, 1).await;
        let client = client_holding(&server, tokens("expired", 0));
        let outcome = client.get(photos_url(&server)).await;
        assert!(
            matches!(outcome, Err(ClientError::AuthorizationRequired(_))),
            "{outcome:?}"
        );
        assert_eq!(client.tokens().await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_leaves_the_tokens() {
    let server = MockServer::start().await;
    let unreachable = Url::parse("http://127.0.0.1:1/oauth/token").unwrap();
    let registration = Registration::new(
        AuthorizationServer::new(unreachable),
        "print-photo",
        ClientAuthentication::None,
    );
    let client = OAuth2Client::new(registration.unwrap().with_clock(clock()), code_provider())
        .unwrap()
        .with_context(Arc::new(MemoryContext::holding(tokens("expired", 0))));
    let outcome = client.get(photos_url(&server)).await.unwrap_err();
    let ClientError::Token(error) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(matches!(*error, TokenError::TokenEndpointUnavailable(_)));
    assert_eq!(client.tokens().await.unwrap(), Some(tokens("expired", 0)));
}

#[tokio::test]
async fn a_service_gets_its_token_by_itself_and_keeps_it() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(token_answer("service"));
    token_endpoint(&server, answer, 1).await;
    photos(&server, "service").await;
    let provider = ClientCredentialsProvider::default();
    let client = OAuth2Client::new(registration(&server), provider).unwrap();
    for _ in 0..3 {
        let response = client.get(photos_url(&server)).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn the_password_grant_sends_the_owners_credentials_once() {
    let server = MockServer::start().await;
    Mock::given(path("/oauth/token"))
        .and(body_string_contains(
            "grant_type=password&username=xiaoming&password=photos4me",
        ))
        .respond_with(ResponseTemplate::new(200).set_body_json(token_answer("owned")))
        .expect(1)
        .mount(&server)
        .await;
    photos(&server, "owned").await;
    let provider = PasswordProvider::new("xiaoming", Secret::new("photos4me"));
    let client = OAuth2Client::new(registration(&server), provider).unwrap();
    let response = client.get(photos_url(&server)).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_code_is_exchanged_with_its_verifier_and_redirect_uri() {
    let server = MockServer::start().await;
    Mock::given(path("/oauth/token"))
        .and(header(
            "authorization",
            "Basic cHJpbnQtcGhvdG86Y2xpZW50LXNlY3JldA==",
        ))
        .and(body_string_contains(
            "redirect_uri=https%3A%2F%2Fclient.example%2Fcallback",
        ))
        .and(body_string_contains("code_verifier="))
        .respond_with(ResponseTemplate::new(200).set_body_json(token_answer("t")))
        .expect(1)
        .mount(&server)
        .await;
    let client = OAuth2Client::new(registration(&server), code_provider()).unwrap();
    let required = match client.get(photos_url(&server)).await {
        Err(ClientError::AuthorizationRequired(required)) => required,
        other => panic!("{other:?}"),
    };
    let query = format!("code=c&state={}&iss={ISSUER}", state_of(&required.url));
    // As a web application does, which keeps it in its session.
    let kept = serde_json::to_string(&required.pending).unwrap();
    let pending: PendingAuthorization = serde_json::from_str(&kept).unwrap();
    assert!(pending.is_answered_by(&query));
    let tokens = client.complete(pending, &query).await.unwrap();
    assert_eq!(client.tokens().await.unwrap(), Some(tokens));
}

#[tokio::test]
async fn a_foreign_state_is_refused() {
    let server = MockServer::start().await;
    token_endpoint(&server, ResponseTemplate::new(500), 0).await;
    for query in [
        "code=c&state=forged",
        "code=c",
        "code=c&state=",
        "error=access_denied&state=f",
    ] {
        let (_, pending) = code_provider().start(&registration(&server)).unwrap();
        assert!(!pending.is_answered_by(query));
        assert_eq!(
            pending.complete(query).unwrap_err(),
            CallbackError::ForeignState
        );
    }
}

#[tokio::test]
async fn an_answer_of_another_issuer_is_refused() {
    let server = MockServer::start().await;
    let (url, pending) = code_provider().start(&registration(&server)).unwrap();
    let query = format!(
        "code=c&state={}&iss=https://attacker.example",
        state_of(&url)
    );
    assert_eq!(
        pending.complete(&query).unwrap_err(),
        CallbackError::ForeignIssuer
    );
}

#[tokio::test]
async fn an_answer_without_issuer_is_refused_where_there_always_is_one() {
    let server = MockServer::start().await;
    let mut known = authorization_server(&server);
    known.require_iss = true;
    let strict = Registration::new(known, "print-photo", ClientAuthentication::None).unwrap();
    let (url, pending) = code_provider().start(&strict).unwrap();
    let query = format!("code=c&state={}", state_of(&url));
    assert_eq!(
        pending.complete(&query).unwrap_err(),
        CallbackError::MissingIssuer
    );
    // A server that never says who it is, such as Spring's, is believed.
    let (url, pending) = code_provider().start(&registration(&server)).unwrap();
    let query = format!("code=c&state={}", state_of(&url));
    assert!(pending.complete(&query).is_ok());
}

#[tokio::test]
async fn a_code_never_goes_to_another_server_than_the_one_asked() {
    let honest = MockServer::start().await;
    let other = MockServer::start().await;
    token_endpoint(&other, ResponseTemplate::new(500), 0).await;
    let (url, pending) = code_provider().start(&registration(&honest)).unwrap();
    let query = format!("code=c&state={}", state_of(&url));
    let grant = pending.complete(&query).unwrap();
    let outcome = registration(&other).exchange(grant).await;
    assert!(matches!(outcome, Err(TokenError::ForeignGrant)));
}

#[tokio::test]
async fn a_redirect_to_another_origin_does_not_carry_the_token() {
    let (server, other) = (MockServer::start().await, MockServer::start().await);
    token_endpoint(&server, ResponseTemplate::new(500), 0).await;
    photos(&other, "good").await;
    let elsewhere = ResponseTemplate::new(302).insert_header("Location", photos_url(&other));
    Mock::given(path("/photos"))
        .respond_with(elsewhere)
        .mount(&server)
        .await;
    let client = client_holding(&server, tokens("good", 3600));
    let response = client.get(photos_url(&server)).await.unwrap();
    // The other server did not see our token: its complaint starts no renewal.
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(requests_to(&other, "/photos").await.len(), 1);
}

#[tokio::test]
async fn logging_out_revokes_and_forgets() {
    let server = MockServer::start().await;
    Mock::given(path("/oauth/revoke"))
        .respond_with(ResponseTemplate::new(200))
        .expect(2)
        .mount(&server)
        .await;
    let client = client_holding(&server, tokens("good", 3600));
    client.log_out().await.unwrap();
    assert_eq!(client.tokens().await.unwrap(), None);
}
