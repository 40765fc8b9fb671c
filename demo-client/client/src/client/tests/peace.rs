//! A token near its end is used while it is renewed, and a server that gave none is left in peace for a while.

use super::*;

#[tokio::test]
async fn a_token_near_its_end_is_used_while_one_task_renews_it() {
    let server = MockServer::start().await;
    let hangs = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    token_endpoint(&server, hangs, 1).await;
    photos(&server, "nearly-expired").await;
    let client = client_holding(&server, tokens("nearly-expired", 28));
    let mut calls = JoinSet::new();
    for _ in 0..64 {
        let (client, url) = (client.clone(), photos_url(&server));
        calls.spawn(async move { client.get(url).await.unwrap().status() });
    }
    let statuses = tokio::time::timeout(Duration::from_secs(15), calls.join_all());
    assert_eq!(statuses.await.unwrap(), [StatusCode::OK; 64]);
    token_requests(&server, 1).await;
}

#[tokio::test]
async fn a_token_near_its_end_is_replaced() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(token_answer("new"));
    token_endpoint(&server, answer, 1).await;
    let client = client_holding(&server, tokens("nearly-expired", 10));
    while client.access_token().await.unwrap() != Secret::new("new") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_token_that_is_still_good_is_used_while_no_new_one_can_be_had() {
    let server = MockServer::start().await;
    token_endpoint(&server, ResponseTemplate::new(503), 1).await;
    photos(&server, "nearly-expired").await;
    let client = client_holding(&server, tokens("nearly-expired", 10));
    for _ in 0..3 {
        let response = client.get(photos_url(&server)).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        token_requests(&server, 1).await;
    }
}

#[tokio::test]
async fn a_refresh_token_that_dies_early_takes_no_good_token_along() {
    let server = MockServer::start().await;
    let dead = ResponseTemplate::new(400).set_body_json(json!({ "error": "invalid_grant" }));
    token_endpoint(&server, dead, 1).await;
    let client = client_holding(&server, tokens("nearly-expired", 10));
    client.access_token().await.unwrap();
    while client
        .tokens()
        .await
        .unwrap()
        .unwrap()
        .refresh_token
        .is_some()
    {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // The owner is asked when the token has ended, not before.
    for _ in 0..3 {
        client.access_token().await.unwrap();
    }
}

/// A client whose token has expired, and the clock that it looks at.
fn expired(server: &MockServer) -> (OAuth2Client, Arc<SettableClock>) {
    let clock = clock();
    let same: Arc<dyn symbolon::clock::Clock> = clock.clone();
    let registration = registration(server).with_clock(same);
    let context = Arc::new(MemoryContext::holding(tokens("expired", 0)));
    let client = OAuth2Client::new(registration, code_provider()).with_context(context);
    (client, clock)
}

/// Calls, and says how many requests the token endpoint has seen by then.
async fn asked_after_a_call(client: &OAuth2Client, server: &MockServer) -> usize {
    let outcome = client.access_token().await;
    assert!(matches!(outcome, Err(ClientError::Token(_))), "{outcome:?}");
    requests_to(server, "/oauth/token").await.len()
}

#[tokio::test]
async fn a_server_that_failed_is_asked_again_after_a_while_and_after_a_longer_one() {
    let server = MockServer::start().await;
    token_endpoint(&server, ResponseTemplate::new(503), 4).await;
    let (client, clock) = expired(&server);
    for (passed, asked) in [(0, 1), (0, 1), (1, 2), (1, 2), (1, 3), (3, 3), (1, 4)] {
        clock.advance_secs(passed);
        assert_eq!(asked_after_a_call(&client, &server).await, asked);
    }
}

#[tokio::test]
async fn a_server_is_left_in_peace_as_long_as_it_wants() {
    let in_two_minutes =
        httpdate::fmt_http_date(std::time::UNIX_EPOCH + Duration::from_secs(NOW + 120));
    for (status, wish) in [(503, "120"), (429, " 120 "), (503, &in_two_minutes)] {
        let server = MockServer::start().await;
        let body = json!({ "error": "temporarily_unavailable" });
        let answer = ResponseTemplate::new(status)
            .insert_header("Retry-After", wish)
            .set_body_json(body);
        token_endpoint(&server, answer, 2).await;
        let (client, clock) = expired(&server);
        for (passed, asked) in [(0, 1), (119, 1), (1, 2)] {
            clock.advance_secs(passed);
            assert_eq!(asked_after_a_call(&client, &server).await, asked, "{wish}");
        }
    }
}

#[tokio::test]
async fn a_mistaken_wish_for_peace_does_not_end_all_work() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(503).insert_header("Retry-After", "99999999999");
    token_endpoint(&server, answer, 2).await;
    let (client, clock) = expired(&server);
    assert_eq!(asked_after_a_call(&client, &server).await, 1);
    clock.advance_secs(300);
    assert_eq!(asked_after_a_call(&client, &server).await, 2);
}

#[tokio::test]
async fn setting_the_hour_neither_ends_the_peace_nor_makes_it_longer() {
    let server = MockServer::start().await;
    token_endpoint(&server, ResponseTemplate::new(503), 2).await;
    let (client, clock) = expired(&server);
    assert_eq!(asked_after_a_call(&client, &server).await, 1);
    for hour in [2 * NOW, NOW] {
        clock.set(Timestamp::from_secs(hour));
        assert_eq!(asked_after_a_call(&client, &server).await, 1);
    }
    clock.advance_secs(1);
    assert_eq!(asked_after_a_call(&client, &server).await, 2);
}

#[tokio::test]
async fn a_renewal_that_somebody_wants_now_waits_for_no_peace() {
    let server = MockServer::start().await;
    token_endpoint(&server, ResponseTemplate::new(503), 2).await;
    let (client, _clock) = expired(&server);
    assert_eq!(asked_after_a_call(&client, &server).await, 1);
    assert!(client.renew().await.is_err());
}
