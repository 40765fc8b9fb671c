//! Our client where an old Spring server gives out the tokens and protects what they open.

use std::sync::Arc;

use e2e::{SPRING_CLIENT, SpringServer};
use serde_json::json;
use symbolon_client::{
    AuthorizationServer, ClientAuthentication, ClientCredentialsProvider, ErrorCode, MemoryContext,
    OAuth2Client, PasswordProvider, ProviderChain, RefusalReading, Registration, ResourceRefusal,
    Secret, TokenPlacement, Tokens,
};

fn registration(old: &SpringServer) -> Registration {
    let token_endpoint = format!("{}/oauth/token", old.url).parse().unwrap();
    let (id, secret) = SPRING_CLIENT;
    let secret = ClientAuthentication::RawBasic(Secret::new(secret));
    Registration::new(AuthorizationServer::new(token_endpoint), id, secret).unwrap()
}

/// What the page says that wants a token: the token that opened it.
async fn opened_by(client: &OAuth2Client, old: &SpringServer) -> String {
    let answer = client.get(format!("{}/photos", old.url)).await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

/// Spring §10.3, §10.5 and §10.6: the odd secret as it is, both forms of answers, both places of a token, and a token that
/// is no good any more is replaced once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_of_ours_lives_with_a_spring_server() {
    for placement in [
        TokenPlacement::Header,
        TokenPlacement::Query("access_token".to_owned()),
    ] {
        let old = SpringServer::start();
        let provider = ClientCredentialsProvider::default();
        let client = OAuth2Client::new(registration(&old), provider)
            .with_token_placement(placement)
            .with_refusal_reading(RefusalReading::Spring);
        assert_eq!(opened_by(&client, &old).await, "given-1");
        old.answer_in_forms();
        old.forget();
        assert_eq!(opened_by(&client, &old).await, "given-2");
        assert_eq!(opened_by(&client, &old).await, "given-2");
        let (page, grant) = (
            "GET /uaa/photos",
            "POST /uaa/oauth/token client_credentials",
        );
        assert_eq!(old.asked(), [grant, page, page, grant, page, page]);
    }
}

/// Spring §10.7: a scope that is missing is told, and leads to no other token.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scope_that_a_spring_server_misses_is_told() {
    let old = SpringServer::start();
    old.know("narrow", json!({"client_id": "c", "scope": ["profile"]}));
    let held = Arc::new(MemoryContext::holding(Tokens::new(Secret::new("narrow"))));
    let client = OAuth2Client::with_providers(registration(&old), ProviderChain::default())
        .with_context(held)
        .with_refusal_reading(RefusalReading::Spring);
    let answer = client.get(format!("{}/photos", old.url)).await.unwrap();
    let refusal = ResourceRefusal::tell(answer).await.unwrap().unwrap_err();
    assert_eq!(refusal.error.error, ErrorCode::InsufficientScope);
    assert_eq!(refusal.error.scope.as_deref(), Some("photo.read"));
    assert_eq!(old.asked(), ["GET /uaa/photos"]);
}

/// Spring §10.5: without a refresh token a fresh password grant follows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_gets_a_second_token_when_the_first_is_refused() {
    let old = SpringServer::start();
    let provider = PasswordProvider::new("xiaoming", Secret::new("photos4me"));
    let client = OAuth2Client::new(registration(&old), provider);
    assert_eq!(opened_by(&client, &old).await, "given-1");
    old.forget();
    assert_eq!(opened_by(&client, &old).await, "given-2");
}
