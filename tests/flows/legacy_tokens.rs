//! Tokens that a Spring server has given out, in its own Redis: values that a JDK has serialized, under the keys of
//! `RedisTokenStore`.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use e2e::{Answer, RedisServer, Store, World, WorldBuilder};
use futures_util::future::join_all;
use serde_json::{Value, json};
use symbolon::clock::Timestamp;

use crate::assert_described;

pub(crate) const ACCESS: &str = "0ld-access-token-of-the-owner";
pub(crate) const ACCESS_OF_CLIENT: &str = "0ld-access-token-of-the-client";
pub(crate) const REFRESH: &str = "0ld-refresh-token-of-the-owner";
/// When the owner's tokens end.
pub(crate) const FAR: u64 = 4_000_000_000;

pub(crate) fn stream(name: &str) -> Vec<u8> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("../auth-server/tests/java/streams");
    std::fs::read(folder.join(format!("{name}.ser"))).unwrap()
}

/// The Redis of a Spring server that has given `print-photo` access to what `xiaoming` has, and to its own.
async fn spring() -> RedisServer {
    let redis = RedisServer::start().await;
    give_out_tokens(&redis).await;
    redis
}

pub(crate) async fn give_out_tokens(redis: &RedisServer) {
    for (key, name) in [
        (format!("old:access:{ACCESS}"), "access_token"),
        (format!("old:auth:{ACCESS}"), "authentication"),
        (
            format!("old:access:{ACCESS_OF_CLIENT}"),
            "access_token_of_client",
        ),
        (
            format!("old:auth:{ACCESS_OF_CLIENT}"),
            "authentication_of_client",
        ),
        (format!("old:refresh:{REFRESH}"), "expiring_refresh_token"),
        (format!("old:refresh_auth:{REFRESH}"), "authentication"),
    ] {
        redis.keep(&key, &stream(name)).await;
    }
    let (to_access, to_refresh) = ("old:refresh_to_access:", "old:access_to_refresh:");
    redis
        .keep(&format!("{to_access}{REFRESH}"), ACCESS.as_bytes())
        .await;
    redis
        .keep(&format!("{to_refresh}{ACCESS}"), REFRESH.as_bytes())
        .await;
}

/// A server in the place of the Spring server.
async fn after(spring: &RedisServer) -> World {
    after_with(spring, |builder| builder).await
}

async fn after_with(
    spring: &RedisServer,
    prepare: impl FnOnce(WorldBuilder) -> WorldBuilder,
) -> World {
    World::builder(Store::Memory)
        .set("AUTH_SERVER__LEGACY_TOKENS__REDIS_URL", &spring.url())
        .set("AUTH_SERVER__LEGACY_TOKENS__KEY_PREFIX", "old:")
        .prepared_by(prepare)
        .start()
        .await
}

pub(crate) fn assert_unknown(answer: &Answer) {
    assert_described(answer, 400, "invalid_token", "Token was not recognised");
}

fn assert_later(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.text);
    let wait = answer.header("retry-after");
    assert!(!wait.is_empty(), "{:?}", answer.headers);
}

async fn assert_only_the_clients_own_token_is_left(spring: &RedisServer) {
    let mut left = spring.keys().await;
    left.sort();
    let of_client = |name: &str| format!("old:{name}:{ACCESS_OF_CLIENT}");
    assert_eq!(left, [of_client("access"), of_client("auth")]);
}

/// How many grants of the owner's are kept here.
pub(crate) async fn how_many_grants(world: &World) -> usize {
    let grants = &world.server.revoker.grants;
    grants.list_grants("xiaoming").await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_access_token_that_a_spring_server_has_given_out_stays_good() {
    let spring = spring().await;
    let world = after(&spring).await;
    let expected = json!({
        "active": true,
        "client_id": "print-photo",
        "user_name": "xiaoming",
        "authorities": ["ROLE_USER", "ROLE_ADMIN"],
        "scope": ["photo.read", "photo.write"],
        "aud": ["photo-space"],
        "exp": FAR,
    });
    assert_eq!(world.check_token(ACCESS).await.json, expected);
    let form = [("token", ACCESS)];
    let answer = world
        .post_as("photo-space", "/oauth/introspect", &form)
        .await;
    assert_eq!(answer.json["active"], true);
    assert_eq!(answer.json["username"], "xiaoming");
    assert_eq!(answer.json["exp"], FAR);
    assert_eq!(answer.json["iat"], Value::Null);
    assert_eq!(world.call("/photos", ACCESS).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clients_own_token_of_a_spring_server_may_be_without_end() {
    let spring = spring().await;
    let world = after(&spring).await;
    let expected = json!({
        "active": true,
        "client_id": "print-photo",
        "authorities": ["ROLE_CLIENT"],
        "scope": [],
        "aud": ["photo-space"],
    });
    assert_eq!(world.check_token(ACCESS_OF_CLIENT).await.json, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_kept_with_a_token_of_a_spring_server_is_told_with_it() {
    let spring = spring().await;
    let key = format!("old:access:{ACCESS}");
    spring
        .keep(&key, &stream("access_token_with_information"))
        .await;
    let world = after(&spring).await;
    let answer = world.check_token(ACCESS).await;
    assert_eq!(answer.json["jti"], "7d9a");
    assert_eq!(answer.json["nested"]["array"], json!(["x", "y"]));
    assert_eq!(answer.json["user_name"], "xiaoming");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_a_spring_server_ends_when_it_says_so() {
    let spring = spring().await;
    let world = after(&spring).await;
    world.clock.set(Timestamp::from_secs(FAR - 1));
    assert_eq!(world.check_token(ACCESS).await.status, 200);
    world.clock.set(Timestamp::from_secs(FAR));
    let answer = world.check_token(ACCESS).await;
    assert_described(&answer, 400, "invalid_token", "Token has expired");
    assert_eq!(world.refresh(REFRESH).await.json["error"], "invalid_grant");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_a_spring_server_needs_a_client_that_is_registered_here() {
    let spring = spring().await;
    let world = after_with(&spring, |builder| {
        builder.client("print-photo", "disabled = true")
    })
    .await;
    assert_unknown(&world.check_token(ACCESS).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_of_a_spring_server_is_honoured_once_and_replaced() {
    let spring = spring().await;
    let world = after(&spring).await;
    let answer = world.refresh(REFRESH).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json["scope"], "photo.read photo.write");
    let ours = answer.json["refresh_token"].as_str().unwrap();
    assert_eq!(ours.len(), 64);
    let known = world.check_token(&answer.access_token()).await;
    assert_eq!(known.json["user_name"], "xiaoming");
    assert_eq!(known.json["authorities"], json!(["ROLE_USER"]));
    let again = world.refresh(REFRESH).await;
    assert_described(&again, 400, "invalid_grant", "Invalid refresh token");
    assert_unknown(&world.check_token(ACCESS).await);
    assert_only_the_clients_own_token_is_left(&spring).await;
    assert_eq!(world.refresh(ours).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_exchanges_of_a_spring_servers_refresh_token_one_succeeds_at_one_server() {
    let spring = spring().await;
    let worlds = [after(&spring).await, after(&spring).await];
    let asked = (0..8).flat_map(|_| worlds.iter().map(|world| world.refresh(REFRESH)));
    let answers = join_all(asked).await;
    let good = answers.iter().filter(|answer| answer.status == 200);
    assert_eq!(good.count(), 1);
    for refused in answers.iter().filter(|answer| answer.status != 200) {
        assert_described(refused, 400, "invalid_grant", "Invalid refresh token");
    }
    let mut grants = 0;
    for world in &worlds {
        grants += how_many_grants(world).await;
    }
    assert_eq!(grants, 1, "who came second has left something");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_that_cannot_be_taken_away_is_kept_and_nothing_is_given() {
    let no_script = ["--rename-command", "EVALSHA", ""];
    let spring = RedisServer::start_with_arguments(None, &no_script).await;
    give_out_tokens(&spring).await;
    let before = spring.keys().await.len();
    let world = after(&spring).await;
    assert_later(&world.refresh(REFRESH).await);
    assert_eq!(how_many_grants(&world).await, 0);
    assert_eq!(spring.keys().await.len(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_use_a_spring_servers_refresh_token_does_not_use_it_up() {
    let spring = spring().await;
    let world = after(&spring).await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", REFRESH)];
    let answer = world.token("photo-desktop", &form).await;
    assert_eq!(answer.json["error"], "invalid_grant");
    let wider = [&form[..], &[("scope", "profile")]].concat();
    let answer = world.token("print-photo", &wider).await;
    assert_eq!(answer.json["error"], "invalid_scope");
    assert_eq!(world.refresh(REFRESH).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_a_spring_server_can_be_given_back() {
    let spring = spring().await;
    let world = after(&spring).await;
    let revoke = async |client: &str, token: &str| {
        let form = [("token", token)];
        world.post_as(client, "/oauth/revoke", &form).await.status
    };
    for token in [ACCESS, REFRESH] {
        assert_eq!(revoke("photo-desktop", token).await, 400);
    }
    assert_eq!(world.check_token(ACCESS).await.status, 200);
    assert_eq!(revoke("print-photo", ACCESS).await, 200);
    assert_unknown(&world.check_token(ACCESS).await);
    assert_eq!(revoke("print-photo", REFRESH).await, 200);
    assert_eq!(world.refresh(REFRESH).await.json["error"], "invalid_grant");
    assert_only_the_clients_own_token_is_left(&spring).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_token_of_a_spring_server_is_not_known() {
    let spring = spring().await;
    let world = after(&spring).await;
    spring.damage(|key| key.starts_with("old:auth:")).await;
    assert_unknown(&world.check_token(ACCESS).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spring_servers_redis_that_is_away_stops_only_what_needs_it() {
    let mut spring = spring().await;
    let world = after(&spring).await;
    let ours = world.password_grant("photo.read").await.access_token();
    spring.kill();
    assert_later(&world.check_token(ACCESS).await);
    assert_later(&world.refresh(REFRESH).await);
    for address in ["/oauth/introspect", "/oauth/revoke"] {
        let form = [("token", ACCESS)];
        assert_later(&world.post_as("print-photo", address, &form).await);
    }
    assert_eq!(world.check_token(&ours).await.status, 200);
    assert_unknown(&world.check_token("a.b.c").await);
    spring.restart().await;
    give_out_tokens(&spring).await;
    let deadline = Instant::now() + Duration::from_secs(20);
    while world.check_token(ACCESS).await.status != 200 {
        assert!(Instant::now() < deadline, "it does not come back");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_servers_may_keep_their_tokens_in_one_redis() {
    let spring = spring().await;
    let world = World::builder(Store::SharedRedis(spring.url()))
        .set("AUTH_SERVER__LEGACY_TOKENS__REDIS_URL", &spring.url())
        .set("AUTH_SERVER__LEGACY_TOKENS__KEY_PREFIX", "old:")
        .start()
        .await;
    assert_eq!(world.check_token(ACCESS).await.status, 200);
    let answer = world.refresh(REFRESH).await;
    assert_eq!(world.check_token(&answer.access_token()).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_redis_a_token_of_a_spring_server_is_one_that_nobody_knows() {
    let world = World::builder(Store::Memory).start().await;
    assert_unknown(&world.check_token(ACCESS).await);
    assert_eq!(world.refresh(REFRESH).await.json["error"], "invalid_grant");
}
