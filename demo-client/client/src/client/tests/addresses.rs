//! Where secrets and tokens are not sent.

use super::*;

/// The same server, seen as another machine.
fn elsewhere(server: &MockServer, path: &str) -> Url {
    Url::parse(&format!(
        "http://as.example:{}{path}",
        server.address().port()
    ))
    .unwrap()
}

fn registration_elsewhere(server: &MockServer) -> Registration {
    let known = AuthorizationServer::new(elsewhere(server, "/oauth/token"));
    let secret = ClientAuthentication::Basic(Secret::new("client-secret"));
    let http = reqwest::Client::builder().resolve("as.example", *server.address());
    Registration::new(known, "print-photo", secret)
        .and_then(|registration| registration.with_http(http))
        .unwrap()
}

#[tokio::test]
async fn no_secret_goes_over_plain_http_to_another_machine() {
    let server = MockServer::start().await;
    token_endpoint(&server, ResponseTemplate::new(200), 0).await;
    let client = OAuth2Client::new(
        registration_elsewhere(&server),
        ClientCredentialsProvider::default(),
    );
    let outcome = client.access_token().await.unwrap_err();
    let ClientError::Token(error) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(matches!(*error, TokenError::Address(_)), "{error:?}");
    assert!(error.to_string().contains("as.example"), "{error}");
}

#[tokio::test]
async fn no_token_goes_over_plain_http_to_another_machine() {
    let server = MockServer::start().await;
    let client = client_holding(&server, tokens("good", 3600));
    let outcome = client.get(elsewhere(&server, "/photos")).await;
    assert!(
        matches!(outcome, Err(ClientError::Address(_))),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_network_that_encrypts_by_itself_is_allowed_by_name() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(token_answer("t"));
    token_endpoint(&server, answer, 1).await;
    photos(&server, "t").await;
    let http = reqwest::Client::builder().resolve("as.example", *server.address());
    let registration = registration_elsewhere(&server).allow_plain_http();
    let client = OAuth2Client::new(registration, ClientCredentialsProvider::default())
        .with_http(http.build().unwrap());
    let response = client.get(elsewhere(&server, "/photos")).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}
