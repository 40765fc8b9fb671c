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

/// Servers that do not know RFC 8414 answer its address in many ways.
#[tokio::test]
async fn the_other_document_is_read_whatever_the_first_answer_is() {
    for (status, body) in [
        (400, String::new()),
        (401, String::new()),
        (403, "{}".to_owned()),
        (404, String::new()),
        (405, String::new()),
        (500, "oops".to_owned()),
        (200, "<html>single page</html>".to_owned()),
        (200, metadata("https://other.example").to_string()),
        (200, "{\"issuer\":7}".to_owned()),
    ] {
        let (server, issuer) = server_with("/.well-known/openid-configuration", "").await;
        Mock::given(path("/.well-known/oauth-authorization-server"))
            .respond_with(ResponseTemplate::new(status).set_body_string(&body))
            .mount(&server)
            .await;
        let found = AuthorizationServer::from_issuer(&http(), &issuer).await;
        assert!(found.is_ok(), "{status} {body}: {found:?}");
    }
}

#[tokio::test]
async fn metadata_with_odd_members_is_understood() {
    let server = MockServer::start().await;
    let issuer = server.uri();
    let mut document = metadata(&issuer);
    document["authorization_endpoint"] = Value::Null;
    document["revocation_endpoint"] = json!("no address");
    document["scopes_supported"] = json!({ "a": 1 });
    document["response_types_supported"] = Value::Null;
    let body = format!("\u{feff}{document}");
    Mock::given(path("/.well-known/oauth-authorization-server"))
        .respond_with(ResponseTemplate::new(200).set_body_string(body))
        .mount(&server)
        .await;
    let found = AuthorizationServer::from_issuer(&http(), &issuer).await;
    let found = found.unwrap();
    assert_eq!(found.authorization_endpoint, None);
    assert_eq!(found.revocation_endpoint, None);
    assert_eq!(found.token_endpoint.as_str(), format!("{issuer}/token"));
}

#[tokio::test]
async fn metadata_of_another_issuer_is_not_believed_and_both_are_named() {
    let server = MockServer::start().await;
    Mock::given(path("/.well-known/oauth-authorization-server"))
        .respond_with(ResponseTemplate::new(200).set_body_json(metadata("https://as.example/\n")))
        .mount(&server)
        .await;
    let outcome = AuthorizationServer::from_issuer(&http(), &server.uri()).await;
    let error = outcome.unwrap_err();
    assert!(
        matches!(error, DiscoveryError::ForeignIssuer { .. }),
        "{error:?}"
    );
    let text = error.to_string();
    assert!(text.contains(r"https://as.example/\n"), "{text}");
    assert!(text.contains(&server.uri()), "{text}");
}

#[tokio::test]
async fn a_document_without_a_token_endpoint_says_so() {
    let server = MockServer::start().await;
    let document = json!({ "issuer": server.uri(), "jwks_uri": "https://as.example/jwks" });
    Mock::given(path("/.well-known/oauth-authorization-server"))
        .respond_with(ResponseTemplate::new(200).set_body_json(document))
        .mount(&server)
        .await;
    let outcome = AuthorizationServer::from_issuer(&http(), &server.uri()).await;
    assert!(matches!(outcome, Err(DiscoveryError::NoEndpoint(_))));
}

#[tokio::test]
async fn what_comes_over_plain_http_from_another_machine_is_not_asked_for() {
    for issuer in [
        "http://as.example",
        "file:///etc",
        "as.example",
        "https://me:pass@as.example",
    ] {
        let outcome = AuthorizationServer::from_issuer(&http(), issuer).await;
        assert!(
            matches!(outcome, Err(DiscoveryError::Issuer(_))),
            "{issuer}"
        );
    }
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
