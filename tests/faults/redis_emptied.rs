//! Redis forgets everything while servers run, or has no memory left.

use e2e::{RedisServer, Store, World};

fn redis(world: &World) -> &RedisServer {
    match &world.store {
        Store::Redis(redis) => redis,
        Store::Memory | Store::File(_) | Store::SharedRedis(_) => panic!("the store is no Redis"),
    }
}

async fn world(format: &str) -> World {
    let world = World::builder(Store::redis().await);
    let world = world.set("AUTH_SERVER__TOKENS__FORMAT", format);
    world.start().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_issued_after_redis_was_emptied_stays_good() {
    for format in ["opaque", "jwt"] {
        let world = world(format).await;
        let keys = world.get("/oauth/jwks").await.text;
        assert!(keys.contains("kid"), "{keys}");
        redis(&world).tell(&["FLUSHALL"]).await;
        let tokens = world.exchange(&world.code().await).await;
        world.reload_keys().await;
        let access = tokens.access_token();
        assert_eq!(world.check_token(&access).await.status, 200, "{format}");
        assert_eq!(world.refresh(&tokens.refresh_token()).await.status, 200);
        let after = world.get("/oauth/jwks").await.text;
        assert_eq!(after, keys, "{format}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_can_be_revoked_while_redis_is_full() {
    let world = world("opaque").await;
    let one = world.exchange(&world.code().await).await;
    let other = world.exchange(&world.code().await).await;
    let full = ["CONFIG", "SET", "maxmemory", "1"];
    redis(&world).tell(&full).await;
    let full = world.token("photo-backup", &[("grant_type", "client_credentials")]);
    full.await.assert_error(503, "temporarily_unavailable");
    for token in [one.access_token(), other.refresh_token()] {
        let form = [("token", token.as_str())];
        let answer = world.post_as("print-photo", "/oauth/revoke", &form).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    }
    for token in [one.access_token(), other.access_token()] {
        world
            .check_token(&token)
            .await
            .assert_error(400, "invalid_token");
    }
}
