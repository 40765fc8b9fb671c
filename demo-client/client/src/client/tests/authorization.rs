//! How a client comes to its first token, and how it gives it back.

use super::*;

#[tokio::test]
async fn a_service_gets_its_token_by_itself_and_keeps_it() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(token_answer("service"));
    token_endpoint(&server, answer, 1).await;
    photos(&server, "service").await;
    let provider = ClientCredentialsProvider::default();
    let client = OAuth2Client::new(registration(&server), provider);
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
    let client = OAuth2Client::new(registration(&server), provider);
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
    let client = OAuth2Client::new(registration(&server), code_provider());
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

/// RFC 3986 §6.2.1: servers compare redirect URIs letter by letter.
#[tokio::test]
async fn a_redirect_uri_is_sent_as_it_was_written() {
    let server = MockServer::start().await;
    token_endpoint(
        &server,
        ResponseTemplate::new(200).set_body_json(token_answer("t")),
        4,
    )
    .await;
    for (written, encoded) in [
        ("http://localhost:9002", "http%3A%2F%2Flocalhost%3A9002&"),
        (
            "http://localhost:80/cb",
            "http%3A%2F%2Flocalhost%3A80%2Fcb&",
        ),
        (
            "HTTPS://Client.example:443/a/../b",
            "HTTPS%3A%2F%2FClient.example%3A443%2Fa%2F..%2Fb&",
        ),
        ("com.example.app:/oauth", "com.example.app%3A%2Foauth&"),
    ] {
        let provider = AuthorizationCodeProvider::new(written);
        let (url, pending) = provider.start(&registration(&server)).unwrap();
        let expected = format!("redirect_uri={encoded}");
        assert!(url.query().unwrap().contains(&expected), "{url}");
        let query = format!("code=c&state={}", state_of(&url));
        let client = OAuth2Client::new(registration(&server), provider);
        client.complete(pending, &query).await.unwrap();
        let sent = requests_to(&server, "/oauth/token").await;
        let form = String::from_utf8_lossy(&sent.last().unwrap().body).into_owned();
        assert!(form.contains(&expected), "{form}");
    }
}

#[tokio::test]
async fn a_callback_with_an_odd_parameter_beside_the_answer_is_understood() {
    let server = MockServer::start().await;
    for beside in [
        "session_state=%ff",
        "error_description=a&error_description=b",
        "scope=%zz&scope=",
        "%ff=1",
    ] {
        let (url, pending) = code_provider().start(&registration(&server)).unwrap();
        let query = format!("{beside}&code=c&state={}&iss={ISSUER}", state_of(&url));
        assert!(pending.is_answered_by(&query), "{query}");
        assert!(pending.complete(&query).is_ok(), "{query}");
    }
}

#[tokio::test]
async fn a_callback_where_what_decides_is_there_twice_is_refused() {
    let server = MockServer::start().await;
    for twice in [
        "code=a&code=b&state=S",
        "code=c&state=S&state=S",
        "code=c&state=S&iss=a&iss=b",
    ] {
        let (url, pending) = code_provider().start(&registration(&server)).unwrap();
        let query = twice.replace('S', &state_of(&url));
        assert!(pending.complete(&query).is_err(), "{query}");
    }
}

#[tokio::test]
async fn parameters_of_extensions_are_sent() {
    let server = MockServer::start().await;
    let extra = |name: &str, value: &str| ExtraParameters::default().and(name, value).unwrap();
    let provider = code_provider().with_parameters(extra("prompt", "consent & more"));
    let (url, _) = provider.start(&registration(&server)).unwrap();
    assert!(url.query().unwrap().ends_with("&prompt=consent+%26+more"));

    Mock::given(path("/oauth/token"))
        .and(body_string_contains(
            "grant_type=client_credentials&audience=photos",
        ))
        .respond_with(ResponseTemplate::new(200).set_body_json(token_answer("t")))
        .expect(1)
        .mount(&server)
        .await;
    let registration = registration(&server).with_token_parameters(extra("audience", "photos"));
    let client = OAuth2Client::new(registration, ClientCredentialsProvider::default());
    client.access_token().await.unwrap();
}

#[tokio::test]
async fn what_else_the_server_said_can_be_asked_for() {
    let server = MockServer::start().await;
    let mut answer = token_answer("t");
    answer["instance_url"] = json!("https://eu.example");
    token_endpoint(&server, ResponseTemplate::new(200).set_body_json(answer), 1).await;
    let client = OAuth2Client::new(registration(&server), ClientCredentialsProvider::default());
    client.access_token().await.unwrap();
    let tokens = client.tokens().await.unwrap().unwrap();
    let said = tokens.additional.get("instance_url");
    assert_eq!(said, Some(&json!("https://eu.example")));
}

/// Each set-up of TLS takes some milliseconds: ten thousand of them would take minutes.
#[tokio::test]
async fn a_client_for_each_session_costs_nothing() {
    let server = MockServer::start().await;
    let registration = registration(&server);
    let start = std::time::Instant::now();
    for _ in 0..10_000 {
        drop(OAuth2Client::new(registration.clone(), code_provider()));
    }
    assert!(start.elapsed() < Duration::from_secs(10));
}

/// RFC 6749 §4.1.3: what the request did not name, the exchange does not name either.
#[tokio::test]
async fn a_redirect_uri_that_nobody_named_is_not_sent() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(token_answer("t"));
    token_endpoint(&server, answer, 1).await;
    let provider = AuthorizationCodeProvider::without_redirect_uri();
    let (url, pending) = provider.start(&registration(&server)).unwrap();
    assert!(!url.query().unwrap().contains("redirect_uri"), "{url}");
    let query = format!("code=c1&state={}", state_of(&url));
    let kept = serde_json::to_string(&pending).unwrap();
    let client = OAuth2Client::new(registration(&server), provider);
    let pending = serde_json::from_str(&kept).unwrap();
    client.complete(pending, &query).await.unwrap();
    let sent = requests_to(&server, "/oauth/token").await;
    let form = String::from_utf8_lossy(&sent[0].body);
    assert!(
        form.contains("code=c1") && !form.contains("redirect_uri"),
        "{form}"
    );
}
