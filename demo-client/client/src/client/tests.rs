//! The client against a pretended authorization server and resource server.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use symbolon::clock::{SettableClock, Timestamp};
use symbolon::scope::Scope;
use tokio::task::JoinSet;
use url::Url;
use wiremock::matchers::{body_string_contains, header, method, path};
use wiremock::{Mock, MockServer, Request as Received, ResponseTemplate};

use super::*;
use crate::{
    AuthorizationCodeProvider, AuthorizationServer, CallbackError, ClientAuthentication,
    ClientCredentialsProvider, ExtraParameters, PasswordProvider,
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
    let mut tokens = Tokens::new(Secret::new(access_token));
    tokens.refresh_token = Some(Secret::new("refresh-1"));
    tokens.expires_at = Some(Timestamp::from_secs(NOW + expires_in));
    tokens
}

fn code_provider() -> AuthorizationCodeProvider {
    AuthorizationCodeProvider::new("https://client.example/callback")
        .with_scope(Scope::parse("photo.read").unwrap())
}

fn client_holding(server: &MockServer, tokens: Tokens) -> OAuth2Client {
    OAuth2Client::new(registration(server), code_provider())
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

/// Waits until the token endpoint was asked so often.
async fn token_requests(server: &MockServer, count: usize) {
    let patience = std::time::Instant::now() + Duration::from_secs(20);
    while requests_to(server, "/oauth/token").await.len() < count {
        assert!(std::time::Instant::now() < patience, "no request came");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn state_of(url: &Url) -> String {
    let state = url.query_pairs().find(|(name, _)| name == "state");
    state.unwrap().1.into_owned()
}

mod addresses;
mod authorization;
mod challenges;
mod peace;
mod refusals;
mod renewal;
mod token_placement;
