//! Two authorization servers on one Redis are one server.

use std::sync::Arc;
use std::time::Duration;

use e2e::{AuthServerProcess, Landing, RedisServer, Store, World};

use crate::twins::{self, exchange, key_names, refresh};

/// Two worlds on one Redis, and the Redis.
async fn pair(format: &str) -> (World, World, RedisServer) {
    let redis = RedisServer::start().await;
    let clock = twins::clock();
    let start = || {
        let store = Store::SharedRedis(redis.url());
        let world = twins::world(store, &clock).set("AUTH_SERVER__TOKENS__FORMAT", format);
        world
            .set("AUTH_SERVER__KEYS__RELOAD_EVERY_SECS", "1")
            .start()
    };
    let (one, other) = (start().await, start().await);
    (one, other, redis)
}

/// A code of one is redeemed at the other, its replay at the first ends what the other gave.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_of_one_is_good_at_the_other_and_for_one_use_at_both() {
    let (one, other, _redis) = pair("opaque").await;
    let code = twins::code(&one.browser()).await;
    let tokens = exchange(&other, &code).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    for world in [&one, &other] {
        assert_eq!(world.check_token(&tokens.access_token()).await.status, 200);
    }
    exchange(&one, &code)
        .await
        .assert_error(400, "invalid_grant");
    for world in [&one, &other] {
        world
            .check_token(&tokens.access_token())
            .await
            .assert_error(400, "invalid_token");
        refresh(world, &tokens.refresh_token())
            .await
            .assert_error(400, "invalid_grant");
    }
}

/// A sign-in, a waiting request and a decision at one are known at the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journey_may_go_back_and_forth() {
    let (one, other, _redis) = pair("opaque").await;
    let browser = one.browser();
    let answer = twins::authorize(&one, &browser).await;
    let login = format!("{}{}", other.auth, answer.header("location"));
    let page = browser.get(&login).await;
    // The form is posted to the first, the page came from the other.
    let answer = browser.submit_sign_in(&page, "xiaoming", "photos4me").await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let page = browser
        .get(&format!("{}{}", other.auth, answer.header("location")))
        .await;
    assert!(
        Landing::of(&browser.decide(&page, &["photo.read"]).await)
            .parameter("code")
            .is_some()
    );
    // Signed in and approved: neither asks again.
    for world in [&one, &other] {
        let landing = Landing::of(&twins::authorize(world, &browser).await);
        assert_eq!(exchange(world, &landing.code()).await.status, 200);
    }
}

/// Of refreshes of one token at both at once one rotates, and all get the same successor.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_race_at_both_leaves_one_family() {
    let (one, other, _redis) = pair("opaque").await;
    let first = exchange(&one, &twins::code(&one.browser()).await).await;
    let worlds = [Arc::new(one), Arc::new(other)];
    let mut racing = Vec::new();
    for number in 0..16 {
        let (world, token) = (Arc::clone(&worlds[number % 2]), first.refresh_token());
        racing.push(tokio::spawn(async move { refresh(&world, &token).await }));
    }
    let mut successors = Vec::new();
    for answer in racing {
        let answer = answer.await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        successors.push((answer.refresh_token(), answer.access_token()));
    }
    successors.sort();
    successors.dedup();
    assert_eq!(successors.len(), 1, "{successors:?}");
    let next = refresh(&worlds[1], &successors[0].0).await;
    assert_eq!(
        worlds[0].check_token(&next.access_token()).await.status,
        200
    );
    // After its grace the first token is a stolen one, wherever it comes back.
    worlds[0].clock.advance_secs(11);
    refresh(&worlds[0], &first.refresh_token())
        .await
        .assert_error(400, "invalid_grant");
    worlds[1]
        .check_token(&next.access_token())
        .await
        .assert_error(400, "invalid_token");
}

/// ADR 0007: both sign with the same keys, and a key that one adds is taken up by the other before
/// it signs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keys_of_both_are_the_same() {
    let (one, other, _redis) = pair("jwt").await;
    assert_eq!(key_names(&one).await, key_names(&other).await);
    let tokens = exchange(&one, &twins::code(&one.browser()).await).await;
    assert_eq!(other.check_token(&tokens.access_token()).await.status, 200);
    let added = one.rotate_keys().await;
    for _ in 0..1000 {
        if key_names(&other).await.contains(&added) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(key_names(&one).await, key_names(&other).await);
    one.clock.advance_secs(61);
    // The first token, signed by the key that was replaced, stays good until its refresh ends it.
    assert_eq!(other.check_token(&tokens.access_token()).await.status, 200);
    let renewed = refresh(&other, &tokens.refresh_token())
        .await
        .access_token();
    let header = jsonwebtoken::decode_header(&renewed).unwrap();
    assert_eq!(header.kid.as_deref(), Some(added.as_str()));
    assert_eq!(one.check_token(&renewed).await.status, 200);
}

/// Servers of two issuers on one store take each other's tokens for their own: who comes second says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_on_the_store_of_another_issuer_says_so() {
    const EVENT: &str = "store_of_other_issuer";
    let redis = RedisServer::start().await;
    let url = redis.url();
    let start = |issuer| {
        let environment = [("AUTH_SERVER__ISSUER", issuer)];
        let url = url.clone();
        async move { AuthServerProcess::start(&url, &environment).await }
    };
    let (one, other) = ("https://one.example", "https://other.example");
    for issuer in [one, one] {
        let server = start(issuer).await;
        assert!(!server.log().contains(EVENT), "{}", server.log());
    }
    let server = start(other).await;
    server.logged(EVENT).await;
    let log = server.log();
    let line = log.lines().find(|line| line.contains(EVENT));
    let line = line.unwrap_or_default();
    assert!(line.contains(one) && line.contains(other), "{log}");
}
