//! A connection that nobody uses is kept open.

use std::time::{Duration, Instant};

use redis_server::RedisServer;

use super::{samples, store, wait_until_healthy};
use crate::stores::AccessTokenStore as _;
use crate::stores::contract::new_code_id;

/// Waits until somebody besides this question is connected.
async fn until_somebody_is_connected(server: &RedisServer) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let clients = server.clients().await;
        // The store has sent something on its connection; this question is the other one.
        if clients.lines().count() > 1 && clients.contains("cmd=ping") {
            return;
        }
        assert!(Instant::now() < deadline, "nobody connects: {clients}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_store_that_nobody_asked_is_connected() {
    let server = RedisServer::start().await;
    let _store = store(&server.url());
    until_somebody_is_connected(&server).await;
}

#[tokio::test]
async fn the_first_request_after_a_restart_of_redis_is_answered() {
    let mut server = RedisServer::start().await;
    let (store, samples) = (store(&server.url()), samples());
    wait_until_healthy(&store).await;
    for _ in 0..3 {
        server.restart().await;
        until_somebody_is_connected(&server).await;
        let tokens = samples.tokens(new_code_id().grant_id());
        store.issue_tokens(&tokens).await.unwrap();
    }
}

#[tokio::test]
async fn a_store_that_is_gone_has_no_connection() {
    let server = RedisServer::start().await;
    let store = store(&server.url());
    until_somebody_is_connected(&server).await;
    drop(store);
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let clients = server.clients().await;
        if clients.lines().count() == 1 {
            return;
        }
        assert!(Instant::now() < deadline, "it stays connected: {clients}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_redis_that_comes_back_is_found_though_nobody_asked_meanwhile() {
    let mut server = RedisServer::start().await;
    let store = store(&server.url());
    wait_until_healthy(&store).await;
    server.restart().await;
    wait_until_healthy(&store).await;
}
