//! Somebody has written into the records of a Redis that several programs use.

use e2e::{RedisServer, Store, World};

fn redis(world: &World) -> &RedisServer {
    match &world.store {
        Store::Redis(redis) => redis,
        Store::Memory | Store::File(_) | Store::SharedRedis(_) => panic!("the store is no Redis"),
    }
}

/// Everything but the keys and the registrations, without which there is no server.
async fn damage(world: &World) {
    let is_meant = |key: &str| {
        !["{keys}", "{clients}", "{owners}"]
            .iter()
            .any(|one| key.contains(one))
    };
    redis(world).damage(is_meant).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_token_is_not_good_and_can_be_revoked() {
    let world = World::builder(Store::redis().await).start().await;
    let tokens = world.exchange(&world.code().await).await;
    let (access, refresh) = (tokens.access_token(), tokens.refresh_token());
    damage(&world).await;
    world
        .check_token(&access)
        .await
        .assert_error(400, "invalid_token");
    world
        .call("/photos", &access)
        .await
        .assert_error(401, "invalid_token");
    world
        .refresh(&refresh)
        .await
        .assert_error(400, "invalid_grant");
    let before = redis(&world).keys().await;
    for token in [&access, &refresh, &access] {
        let form = [("token", token.as_str())];
        let answer = world.post_as("print-photo", "/oauth/revoke", &form).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    }
    let after = redis(&world).keys().await;
    for kind in [":access:", ":refresh:"] {
        assert!(before.iter().any(|key| key.contains(kind)), "{before:?}");
        assert!(!after.iter().any(|key| key.contains(kind)), "{after:?}");
    }
    let again = world.exchange(&world.code().await).await.access_token();
    assert_eq!(world.call("/photos", &again).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_code_is_not_good() {
    let world = World::builder(Store::redis().await).start().await;
    let code = world.code().await;
    damage(&world).await;
    for _ in 0..2 {
        world
            .exchange(&code)
            .await
            .assert_error(400, "invalid_grant");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_whose_session_is_damaged_begins_anew() {
    let world = World::builder(Store::redis().await).start().await;
    let browser = world.browser();
    let callback = world.callback();
    let parameters = [
        ("response_type", "code"),
        ("client_id", "print-photo"),
        ("redirect_uri", callback.as_str()),
        ("scope", "photo.read"),
    ];
    let landing = browser.journey(&parameters, &["photo.read"]).await;
    assert!(!landing.code().is_empty());
    damage(&world).await;
    // Signed in and asked for the approval once more, because both are damaged.
    let landing = browser.journey(&parameters, &["photo.read"]).await;
    let tokens = world.exchange(&landing.code()).await;
    assert_eq!(
        world.call("/photos", &tokens.access_token()).await.status,
        200
    );
}
