//! How a client comes to its first token, and how it gives it back.

use super::*;

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
