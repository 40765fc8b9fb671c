//! One renewal for all who wait, one repeat, and nothing lost.

use super::*;

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
        .with_context(Arc::new(MemoryContext::holding(tokens("expired", 0))));
    let outcome = client.get(photos_url(&server)).await.unwrap_err();
    let ClientError::Token(error) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(matches!(*error, TokenError::TokenEndpointUnavailable(_)));
    assert_eq!(client.tokens().await.unwrap(), Some(tokens("expired", 0)));
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
async fn a_streaming_request_is_not_repeated_but_the_next_one_has_a_new_token() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(token_answer("new"));
    token_endpoint(&server, answer, 1).await;
    photos(&server, "new").await;
    Mock::given(path("/source"))
        .respond_with(ResponseTemplate::new(200).set_body_string("pixels"))
        .mount(&server)
        .await;
    let client = client_holding(&server, tokens("revoked", 3600));
    let source = client.http().get(format!("{}/source", server.uri()));
    let stream = reqwest::Body::from(source.send().await.unwrap());
    let upload = client.http().post(photos_url(&server)).body(stream);
    let response = client.send(upload).await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let response = client.get(photos_url(&server)).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}
