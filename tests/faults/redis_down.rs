//! Redis goes away under way, falls silent, and comes back.

use std::time::{Duration, Instant};

use e2e::{Answer, Landing, RedisServer, Store, World};

/// The time-out of the settings, and some time for a busy machine.
const TIMEOUT_MS: &str = "500";
const LONGEST_ANSWER: Duration = Duration::from_secs(4);

async fn world() -> World {
    let world = World::builder(Store::redis().await);
    let world = world.set("AUTH_SERVER__STORE__TIMEOUT_MS", TIMEOUT_MS);
    world.start().await
}

fn redis(world: &mut World) -> &mut RedisServer {
    match &mut world.store {
        Store::Redis(redis) => redis,
        Store::Memory | Store::File(_) | Store::SharedRedis(_) => panic!("the store is no Redis"),
    }
}

async fn in_time(answer: impl Future<Output = Answer>) -> Answer {
    let start = Instant::now();
    let answer = answer.await;
    assert!(
        start.elapsed() < LONGEST_ANSWER,
        "{:?}: {}",
        start.elapsed(),
        answer.text
    );
    answer
}

fn assert_later(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 503, "{what}: {}", answer.text);
    assert!(
        !answer.header("retry-after").is_empty(),
        "{what}: {:?}",
        answer.headers
    );
    assert!(
        !answer.text.contains("127.0.0.1"),
        "{what} tells where Redis is: {}",
        answer.text
    );
}

async fn readiness(world: &World) -> u16 {
    world
        .browser()
        .get(&format!("{}/readyz", world.probes))
        .await
        .status
}

async fn assert_everybody_is_told_to_come_back(world: &World) {
    let browser = world.browser();
    let code = "A".repeat(64);
    for (what, answer) in [
        (
            "token",
            in_time(world.token("photo-backup", &[("grant_type", "client_credentials")])).await,
        ),
        (
            "token again",
            in_time(world.token("photo-backup", &[("grant_type", "client_credentials")])).await,
        ),
    ] {
        assert_later(&answer, what);
        answer.assert_error(503, "temporarily_unavailable");
    }
    // Garbage is refused without the store.
    world
        .exchange(&code)
        .await
        .assert_error(400, "invalid_grant");
    let page = in_time(browser.get("/login")).await;
    assert_later(&page, "/login");
    assert!(page.header("content-type").starts_with("text/html"));
    assert_the_client_is_told(world).await;
    assert_eq!(readiness(world).await, 503);
    let alive = browser.get(&format!("{}/livez", world.probes)).await;
    assert_eq!(alive.status, 200);
}

/// RFC 6749 §4.1.2.1: who asks for a known client is sent back to it, with its state, and not left on a page.
async fn assert_the_client_is_told(world: &World) {
    let query = "response_type=code&client_id=print-photo&scope=photo.read&state=s";
    let path = format!("/oauth/authorize?{query}");
    let answer = in_time(world.browser().get(&path)).await;
    let landing = Landing::of(&answer);
    assert!(landing.0.as_str().starts_with(&world.callback()));
    for (name, value) in [("error", "temporarily_unavailable"), ("state", "s")] {
        assert_eq!(landing.parameter(name).as_deref(), Some(value));
    }
    let unknown = "/oauth/authorize?response_type=code&client_id=unknown&state=s";
    assert_later(&in_time(world.browser().get(unknown)).await, unknown);
}

async fn assert_a_good_token_is_neither_good_nor_bad(world: &World, token: &str) {
    let answer = in_time(world.check_token(token)).await;
    assert_later(&answer, "check_token");
    answer.assert_error(503, "temporarily_unavailable");
    assert_later(&in_time(world.call("/photos", token)).await, "photos");
}

/// Every worker has a connection of its own, so one good answer does not speak for all.
async fn until_all_is_well(world: &World) {
    let mut in_a_row = 0;
    for _ in 0..500 {
        let answer = world
            .token("photo-backup", &[("grant_type", "client_credentials")])
            .await;
        in_a_row = if answer.status == 200 {
            in_a_row + 1
        } else {
            0
        };
        if in_a_row == 12 && readiness(world).await == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the server does not find back to Redis");
}

/// A Redis that is gone becomes 503 within the time-out, and when it is back all is well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_gone_is_told_and_found_again() {
    let mut world = world().await;
    let token = world.exchange(&world.code().await).await.access_token();
    redis(&mut world).kill();
    assert_everybody_is_told_to_come_back(&world).await;
    assert_a_good_token_is_neither_good_nor_bad(&world, &token).await;
    redis(&mut world).restart().await;
    until_all_is_well(&world).await;
    // It came back empty, so the old token is unknown; everything new works.
    world
        .check_token(&token)
        .await
        .assert_error(400, "invalid_token");
    let answer = world.exchange(&world.code().await).await;
    assert_eq!(
        world.call("/photos", &answer.access_token()).await.status,
        200
    );
    assert_eq!(world.refresh(&answer.refresh_token()).await.status, 200);
}

/// A failover that this server did not hear of: what it reaches takes no writes any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_redis_became_a_replica_is_not_ready_until_it_is_none_any_more() {
    let primary = RedisServer::start().await;
    let mut world = world().await;
    assert_eq!(readiness(&world).await, 200);
    let port = primary.port().to_string();
    redis(&mut world)
        .tell(&["REPLICAOF", "127.0.0.1", &port])
        .await;
    assert_eq!(readiness(&world).await, 503);
    let token = world.token("photo-backup", &[("grant_type", "client_credentials")]);
    assert_later(&token.await, "token");
    redis(&mut world).tell(&["REPLICAOF", "NO", "ONE"]).await;
    until_all_is_well(&world).await;
}

/// How many clients are connected to Redis, besides the one that asks.
async fn connected(world: &mut World) -> usize {
    redis(world).clients().await.lines().count() - 1
}

/// Every worker has found back before anybody asks it for something.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_fails_after_redis_was_restarted_while_nobody_asked() {
    let mut world = world().await;
    until_all_is_well(&world).await;
    let before = connected(&mut world).await;
    assert!(before > 1, "{before}");
    redis(&mut world).restart().await;
    let deadline = Instant::now() + Duration::from_secs(30);
    while connected(&mut world).await < before {
        assert!(Instant::now() < deadline, "the workers do not find back");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for _ in 0..40 {
        let form = [("grant_type", "client_credentials")];
        let answer = world.token("photo-backup", &form).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}

/// A Redis that keeps its connections and says nothing becomes 503, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_falls_silent_is_told_and_heard_again() {
    let mut world = world().await;
    let token = world.exchange(&world.code().await).await.access_token();
    redis(&mut world).pause();
    assert_everybody_is_told_to_come_back(&world).await;
    assert_a_good_token_is_neither_good_nor_bad(&world, &token).await;
    redis(&mut world).resume();
    until_all_is_well(&world).await;
    assert_eq!(world.call("/photos", &token).await.status, 200);
}
