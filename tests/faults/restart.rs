//! A server that is stopped and started again goes on where it was.

use std::sync::Arc;

use e2e::{Browser, RedisServer, Store, World};
use symbolon::clock::SettableClock;

use crate::twins::{self, exchange, key_names, refresh};

async fn is_signed_in(world: &World, browser: &Browser) -> bool {
    browser
        .get(&format!("{}/", world.auth))
        .await
        .text
        .contains("xiaoming")
}

/// What a browser and a client have in hand when the server stops.
struct InHand {
    browser: Browser,
    access_token: String,
    refresh_token: String,
    used_code: String,
    fresh_code: String,
    keys: Vec<String>,
}

async fn before(world: &World) -> InHand {
    let browser = world.browser();
    let used_code = twins::code(&browser).await;
    let tokens = exchange(world, &used_code).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    InHand {
        access_token: tokens.access_token(),
        refresh_token: tokens.refresh_token(),
        fresh_code: twins::code(&browser).await,
        keys: key_names(world).await,
        used_code,
        browser,
    }
}

async fn assert_all_is_as_before(world: &World, had: &InHand) {
    assert_eq!(key_names(world).await, had.keys);
    assert_eq!(world.check_token(&had.access_token).await.status, 200);
    assert_eq!(world.call("/photos", &had.access_token).await.status, 200);
    assert!(is_signed_in(world, &had.browser).await);
    // Approved before, so nothing is asked.
    let answer = twins::authorize(world, &had.browser).await;
    assert!(
        answer.header("location").contains("?code="),
        "{} {}",
        answer.status,
        answer.text
    );
    assert_eq!(exchange(world, &had.fresh_code).await.status, 200);
    assert_eq!(refresh(world, &had.refresh_token).await.status, 200);
    exchange(world, &had.used_code)
        .await
        .assert_error(400, "invalid_grant");
    world
        .check_token(&had.access_token)
        .await
        .assert_error(400, "invalid_token");
}

async fn restart(store: impl Fn() -> Store, format: &str) {
    let clock: Arc<SettableClock> = twins::clock();
    let start = || {
        twins::world(store(), &clock)
            .set("AUTH_SERVER__TOKENS__FORMAT", format)
            .start()
    };
    let world = start().await;
    let had = before(&world).await;
    world.stop().await;
    assert_all_is_as_before(&start().await, &had).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_on_a_file_changes_nothing() {
    for format in ["opaque", "jwt"] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("store");
        Box::pin(restart(|| Store::File(path.clone()), format)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_on_redis_changes_nothing() {
    for format in ["opaque", "jwt"] {
        let redis = RedisServer::start().await;
        Box::pin(restart(|| Store::SharedRedis(redis.url()), format)).await;
    }
}
