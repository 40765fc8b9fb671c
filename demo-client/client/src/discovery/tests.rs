//! Discovery: what a server says about itself, and when it is not believed.

use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

async fn server_with(document_at: &str, issuer_path: &str) -> (MockServer, String) {
    let server = MockServer::start().await;
    let issuer = format!("{}{issuer_path}", server.uri());
    Mock::given(path(document_at))
        .respond_with(ResponseTemplate::new(200).set_body_json(metadata(&issuer)))
        .mount(&server)
        .await;
    (server, issuer)
}

fn metadata(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "response_types_supported": ["code"],
        "authorization_response_iss_parameter_supported": true,
    })
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().build().unwrap()
}

#[tokio::test]
async fn a_server_is_found_by_its_issuer() {
    for (document_at, issuer_path) in [
        ("/.well-known/oauth-authorization-server", ""),
        ("/.well-known/oauth-authorization-server/tenant", "/tenant"),
        ("/tenant/.well-known/openid-configuration", "/tenant"),
    ] {
        let (_server, issuer) = server_with(document_at, issuer_path).await;
        let found = AuthorizationServer::from_issuer(&http(), &issuer)
            .await
            .unwrap();
        assert_eq!(found.issuer.as_deref(), Some(issuer.as_str()));
        assert_eq!(found.token_endpoint.as_str(), format!("{issuer}/token"));
        assert!(found.require_iss);
    }
}

#[tokio::test]
async fn metadata_of_another_issuer_is_not_believed() {
    let server = MockServer::start().await;
    Mock::given(path("/.well-known/oauth-authorization-server"))
        .respond_with(ResponseTemplate::new(200).set_body_json(metadata("https://as.example")))
        .mount(&server)
        .await;
    let outcome = AuthorizationServer::from_issuer(&http(), &server.uri()).await;
    assert!(matches!(outcome, Err(DiscoveryError::ForeignIssuer)));
}

#[tokio::test]
async fn a_server_without_metadata_is_told_by_its_status() {
    let server = MockServer::start().await;
    let outcome = AuthorizationServer::from_issuer(&http(), &server.uri()).await;
    assert!(matches!(
        outcome,
        Err(DiscoveryError::UnexpectedAnswer { status: 404 })
    ));
}
