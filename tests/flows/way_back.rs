//! The way back to a Spring server: opaque tokens of this server are written into its Redis. A second server of ours with
//! other keys, which reads that Redis as the Spring server does, tells what a Spring server would make of them.

use std::time::{Duration, Instant};

use e2e::{Answer, RedisServer, Store, World, WorldBuilder};
use futures_util::future::join_all;
use serde_json::Value;

use crate::assert_described;
use crate::legacy_tokens::{REFRESH, assert_unknown, give_out_tokens};

const URL: &str = "AUTH_SERVER__LEGACY_TOKENS__REDIS_URL";
const PREFIX: &str = "AUTH_SERVER__LEGACY_TOKENS__KEY_PREFIX";
const WRITE_BACK: &str = "AUTH_SERVER__LEGACY_TOKENS__WRITE_BACK";

/// A server that can be gone back from, and one in the place of the Spring server.
struct Both {
    new: World,
    old: World,
    redis: RedisServer,
}

async fn both() -> Both {
    both_with(|builder| builder).await
}

async fn both_with(prepare: impl FnOnce(WorldBuilder) -> WorldBuilder) -> Both {
    let redis = RedisServer::start().await;
    let reading = |redis: &RedisServer| {
        World::builder(Store::Memory)
            .set(URL, &redis.url())
            .set(PREFIX, "old:")
    };
    Both {
        new: reading(&redis)
            .set(WRITE_BACK, "4.2")
            .prepared_by(prepare)
            .start()
            .await,
        old: reading(&redis).start().await,
        redis,
    }
}

impl Both {
    /// Keys of the Spring server, without those of ours.
    async fn spring_keys(&self) -> Vec<String> {
        let mut keys = self.redis.keys().await;
        keys.retain(|key| !key.starts_with("old:symbolon_"));
        keys.sort();
        keys
    }

    async fn revoke(&self, token: &str) {
        self.revoke_as("print-photo", token).await;
    }

    async fn revoke_as(&self, client_id: &str, token: &str) {
        let form = [("token", token)];
        let answer = self.new.post_as(client_id, "/oauth/revoke", &form).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// Whether nobody waits for a token, which is good and given back again.
    async fn is_quick_grant(&self) -> bool {
        let started = Instant::now();
        let answer = self.new.password_grant("photo.read").await;
        let is_quick = started.elapsed() < Duration::from_millis(1900);
        let token = answer.access_token();
        assert_eq!(self.new.check_token(&token).await.status, 200);
        self.revoke_as("photo-desktop", &refresh_token(&answer))
            .await;
        is_quick
    }
}

fn refresh_token(answer: &Answer) -> String {
    answer.json["refresh_token"].as_str().unwrap().to_owned()
}

/// A handle of its own has a `jti`, one of a Spring server has none.
async fn assert_known_at_both(both: &Both, token: &str) {
    let new = both.new.check_token(token).await;
    assert_eq!(new.status, 200, "{}", new.text);
    let old = both.old.check_token(token).await;
    let mut expected = new.json;
    expected.as_object_mut().unwrap().remove("jti");
    assert_eq!(old.json, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_of_every_grant_are_known_at_the_spring_server() {
    let both = both().await;
    let code = both.new.exchange(&both.new.code().await).await;
    let password = both.new.password_grant("photo.read").await;
    let own = [("grant_type", "client_credentials")];
    let own = both.new.token("photo-backup", &own).await;
    for answer in [&code, &password, &own] {
        assert_known_at_both(&both, &answer.access_token()).await;
    }
    let renewed = both.old.refresh(&refresh_token(&code)).await;
    assert_eq!(renewed.status, 200, "{}", renewed.text);
    assert_eq!(renewed.json["scope"], code.json["scope"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keys_are_those_of_a_spring_server_and_end_with_the_tokens() {
    let both = both().await;
    let answer = both.new.exchange(&both.new.code().await).await;
    let (access, refresh) = (answer.access_token(), refresh_token(&answer));
    let mut expected: Vec<String> = [
        format!("access:{access}"),
        format!("auth:{access}"),
        // {username=xiaoming, client_id=print-photo, scope=photo.read profile}
        "auth_to_access:2fb7470c7c10b09a355b089391be9997".to_owned(),
        "client_id_to_access:print-photo".to_owned(),
        "uname_to_access:print-photo:xiaoming".to_owned(),
        format!("refresh:{refresh}"),
        format!("refresh_auth:{refresh}"),
        format!("refresh_to_access:{refresh}"),
        format!("access_to_refresh:{access}"),
    ]
    .map(|key| format!("old:{key}"))
    .to_vec();
    expected.sort();
    assert_eq!(both.spring_keys().await, expected);
    assert_eq!(both.redis.keys_without_ttl().await, [""; 0]);
    let stream: Vec<u8> = both
        .redis
        .answer(&["GET", &format!("old:access:{access}")])
        .await;
    for index in [
        "client_id_to_access:print-photo",
        "uname_to_access:print-photo:xiaoming",
    ] {
        let members: Vec<Vec<u8>> = both
            .redis
            .answer(&["SMEMBERS", &format!("old:{index}")])
            .await;
        assert_eq!(members, std::slice::from_ref(&stream), "{index}");
    }
    let link = format!("old:refresh_to_access:{refresh}");
    let linked: String = both.redis.answer(&["GET", &link]).await;
    assert_eq!(linked, access);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_the_place_of_tokens_takes_it_at_the_spring_server_too() {
    for rotates in ["true", "false"] {
        let rotation = format!("rotate_refresh_tokens = {rotates}");
        let both = both_with(|builder| builder.client("print-photo", &rotation)).await;
        let first = both.new.exchange(&both.new.code().await).await;
        let second = both.new.refresh(&refresh_token(&first)).await;
        assert_eq!(second.status, 200, "{}", second.text);
        assert_unknown(&both.old.check_token(&first.access_token()).await);
        assert_known_at_both(&both, &second.access_token()).await;
        let keys = both.spring_keys().await;
        assert_eq!(keys.len(), 9, "{rotates}: {keys:?}");
        let renewed = both.old.refresh(&refresh_token(&second)).await;
        assert_eq!(renewed.status, 200, "{}", renewed.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_here_ends_at_the_spring_server() {
    let both = both().await;
    let answer = both.new.exchange(&both.new.code().await).await;
    both.revoke(&answer.access_token()).await;
    assert_unknown(&both.old.check_token(&answer.access_token()).await);
    let refresh = refresh_token(&answer);
    let left = both.spring_keys().await;
    let refresh_keys = ["refresh", "refresh_auth", "refresh_to_access"];
    assert_eq!(
        left,
        refresh_keys.map(|name| format!("old:{name}:{refresh}"))
    );
    both.revoke(&refresh).await;
    assert_eq!(both.spring_keys().await, [""; 0]);
    // A code that comes twice takes its tokens along.
    let code = both.new.code().await;
    let answer = both.new.exchange(&code).await;
    assert_known_at_both(&both, &answer.access_token()).await;
    assert_eq!(both.new.exchange(&code).await.status, 400);
    assert_eq!(both.spring_keys().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stolen_refresh_token_ends_the_grant_at_the_spring_server() {
    let both =
        both_with(|builder| builder.client("print-photo", "rotate_refresh_tokens = true")).await;
    let first = both.new.exchange(&both.new.code().await).await;
    let second = both.new.refresh(&refresh_token(&first)).await;
    let third = both.new.refresh(&refresh_token(&second)).await;
    assert_known_at_both(&both, &third.access_token()).await;
    assert_eq!(both.new.refresh(&refresh_token(&first)).await.status, 400);
    assert_eq!(both.spring_keys().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_given_again_is_written_again() {
    let both =
        both_with(|builder| builder.client("photo-desktop", "reuse_access_tokens = true")).await;
    let first = both.new.password_grant("photo.read").await;
    both.redis.tell(&["FLUSHALL"]).await;
    let again = both.new.password_grant("photo.read").await;
    assert_eq!(again.access_token(), first.access_token());
    assert_known_at_both(&both, &first.access_token()).await;
}

/// The access tokens that a Spring server knows are good here.
async fn assert_no_dead_token_is_known(both: &Both) {
    for key in both.spring_keys().await {
        if let Some(token) = key.strip_prefix("old:access:") {
            let here = both.new.check_token(token).await;
            assert_eq!(here.status, 200, "a dead token stays: {}", here.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_renewals_at_once_the_one_that_is_good_here_is_known_at_the_spring_server() {
    let renews = "rotate_refresh_tokens = false";
    let both = both_with(|builder| builder.client("print-photo", renews)).await;
    let first = both.new.exchange(&both.new.code().await).await;
    let refresh = refresh_token(&first);
    for _ in 0..5 {
        let renewals = join_all((0..8).map(|_| both.new.refresh(&refresh))).await;
        assert!(renewals.iter().all(|answer| answer.status == 200));
        assert_no_dead_token_is_known(&both).await;
        let keys = both.spring_keys().await;
        let known = keys.iter().filter(|key| key.starts_with("old:access:"));
        assert_eq!(known.count(), 1, "{keys:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_ends_while_it_is_given_again_ends_at_the_spring_server() {
    let reuses = "reuse_access_tokens = true";
    let both = both_with(|builder| builder.client("photo-desktop", reuses)).await;
    for _ in 0..10 {
        let token = both.new.password_grant("photo.read").await.access_token();
        let given = join_all((0..4).map(|_| both.new.password_grant("photo.read")));
        let form = [("token", token.as_str())];
        let revoked = both.new.post_as("photo-desktop", "/oauth/revoke", &form);
        let (_, revoked) = tokio::join!(given, revoked);
        assert_eq!(revoked.status, 200, "{}", revoked.text);
        assert_no_dead_token_is_known(&both).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_index_of_a_spring_server_stays_as_it_is() {
    let both = both().await;
    let index = "old:client_id_to_access:print-photo";
    both.redis.tell(&["SET", index, "somebody else's"]).await;
    let answer = both.new.exchange(&both.new.code().await).await;
    assert_known_at_both(&both, &answer.access_token()).await;
    assert_eq!(both.spring_keys().await.len(), 9);
    both.revoke(&refresh_token(&answer)).await;
    assert_eq!(both.spring_keys().await, [index]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_without_end_has_none_at_the_spring_server() {
    let both = both_with(|builder| {
        builder.client(
            "photo-backup",
            "access_token_ttl_secs = 0\nspring = { never_expiring_tokens = true }",
        )
    })
    .await;
    let own = [("grant_type", "client_credentials")];
    let own = both.new.token("photo-backup", &own).await;
    assert_eq!(own.json["expires_in"], Value::Null);
    assert_known_at_both(&both, &own.access_token()).await;
    let keys = both.redis.keys_without_ttl().await;
    assert_eq!(keys.len(), both.redis.keys().await.len(), "{keys:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jwt_needs_no_place_at_the_spring_server() {
    let both = both_with(|builder| builder.client("photo-desktop", "token_format = \"jwt\"")).await;
    let answer = both.new.password_grant("photo.read").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(both.redis.keys().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_refresh_token_is_replaced_by_one_that_the_spring_server_knows() {
    let both = both().await;
    give_out_tokens(&both.redis).await;
    let answer = both.new.refresh(REFRESH).await;
    assert_known_at_both(&both, &answer.access_token()).await;
    let old = both.old.refresh(REFRESH).await;
    assert_described(&old, 400, "invalid_grant", "Invalid refresh token");
    let ours = both.old.refresh(&refresh_token(&answer)).await;
    assert_eq!(ours.status, 200, "{}", ours.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_of_an_older_spring_server_stays_a_list() {
    let both = both().await;
    let index = "old:client_id_to_access:print-photo";
    both.redis.tell(&["RPUSH", index, "one of its own"]).await;
    let answer = both.new.exchange(&both.new.code().await).await;
    let length = || async { both.redis.answer::<u64>(&["LLEN", index]).await };
    assert_eq!(length().await, 2);
    both.revoke(&refresh_token(&answer)).await;
    assert_eq!(length().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_its_redis_is_away_everything_goes_on_and_ends_are_told_when_it_is_back() {
    let both = both().await;
    let answer = both.new.exchange(&both.new.code().await).await;
    let [replaced, half] = [
        both.new.exchange(&both.new.code().await).await,
        both.new.exchange(&both.new.code().await).await,
    ];
    assert_eq!(both.spring_keys().await.len(), 9 + 6 + 6);
    both.redis.pause();
    both.revoke(&refresh_token(&answer)).await;
    both.revoke(&half.access_token()).await;
    let successor = both.new.refresh(&refresh_token(&replaced)).await;
    assert_eq!(successor.status, 200, "{}", successor.text);
    // One caller at a time waits, and nobody else.
    let quick = join_all([both.is_quick_grant(), both.is_quick_grant()]).await;
    assert!(quick.contains(&true), "both wait");
    both.redis.resume();
    let left = refresh_token(&half);
    let left =
        ["refresh", "refresh_auth", "refresh_to_access"].map(|name| format!("old:{name}:{left}"));
    let deadline = Instant::now() + Duration::from_secs(20);
    // What was sent to it while it was away may be done when it is back: the successor then stands there, and rightly so.
    let successor = [successor.access_token(), refresh_token(&successor)];
    let is_of_successor = |key: &String| {
        let is_index = [
            "old:auth_to_access:",
            "old:client_id_to_access:",
            "old:uname_to_access:",
        ];
        is_index.iter().any(|index| key.starts_with(index))
            || successor.iter().any(|token| key.ends_with(token.as_str()))
    };
    let without_successor = async || {
        let mut keys = both.spring_keys().await;
        if keys.iter().any(|key| key.ends_with(successor[0].as_str())) {
            keys.retain(|key| !is_of_successor(key));
        }
        keys
    };
    while without_successor().await != left {
        assert!(Instant::now() < deadline, "{:?}", both.redis.keys().await);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
