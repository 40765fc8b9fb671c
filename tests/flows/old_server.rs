//! The resource server where an old Spring server is, alone or beside the new one that takes its place.

use e2e::{Answer, SPRING_CLIENT, SpringServer, Store, World, WorldBuilder, on_every_store};
use serde_json::{Value, json};

/// As the old server says it about a token of an owner (§7.1).
fn facts() -> Value {
    json!({"aud": ["photo-space"], "user_name": "xiaoming", "scope": ["photo.read", "profile"],
        "active": true, "authorities": ["ROLE_USER"], "client_id": "old-shop"})
}

/// A resource server in the words of Spring that asks the old server in this way, as its table of settings says it.
fn asking(builder: WorldBuilder, table: &str, (method, server): (&str, &str)) -> WorldBuilder {
    let (id, secret) = SPRING_CLIENT;
    let set = |builder: WorldBuilder, (key, value): (&str, &str)| {
        builder.set(&format!("RESOURCE_SERVER__{table}__{key}"), value)
    };
    [
        ("METHOD", method),
        ("AUTHORIZATION_SERVER", server),
        ("CLIENT_ID", id),
        ("CLIENT_SECRET", secret),
        ("ALGORITHMS", "HS256"),
        ("USER_INFO_URL", "user"),
        ("USER_INFO_SCOPE", "profile"),
    ]
    .into_iter()
    .fold(builder, set)
    .set("RESOURCE_SERVER__DIALECT", "spring")
}

async fn at_the_old_server(method: &str) -> (SpringServer, World) {
    let old = SpringServer::start();
    old.sign_with("an-old-secret-that-is-long-enough-by-now");
    let builder = World::builder(Store::Memory);
    let world = asking(builder, "VERIFIER", (method, &old.url))
        .start()
        .await;
    (old, world)
}

#[track_caller]
fn assert_invalid(answer: &Answer, text: &str) {
    assert_eq!(answer.status, 401, "{}", answer.text);
    let expected = format!("{{\"error\":\"invalid_token\",\"error_description\":\"{text}\"}}");
    assert_eq!(answer.text, expected);
    let challenge = format!(
        "Bearer realm=\"photo-space\", error=\"invalid_token\", error_description=\"{text}\""
    );
    assert_eq!(answer.header("www-authenticate"), challenge);
    assert_eq!(
        answer.header("content-type"),
        "application/json;charset=UTF-8"
    );
}

/// §9.6: each answer of a Spring server's `check_token`, and what the caller is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spring_server_is_asked_about_tokens() {
    let (old, world) = at_the_old_server("check_token").await;
    old.know("good", facts());
    let mut silent = facts();
    silent.as_object_mut().unwrap().remove("active");
    old.know("silent", silent);
    for token in ["good", "silent"] {
        let answer = world.call("/me", token).await;
        assert_eq!(answer.json["user_name"], "xiaoming", "{}", answer.text);
        assert_eq!(answer.json["scope"], json!(["photo.read", "profile"]));
    }
    let mut said = facts();
    said["active"] = json!("no");
    old.know("inactive", said);
    for token in ["inactive", "sesame"] {
        assert_invalid(&world.call("/me", token).await, "Invalid access token");
    }
    let mut elsewhere = facts();
    elsewhere["aud"] = json!(["elsewhere"]);
    old.know("elsewhere", elsewhere);
    let answer = world.call("/me", "elsewhere").await;
    answer.assert_error(403, "access_denied");
    assert_eq!(old.asked()[0], "POST /uaa/oauth/check_token good");
    old.go_down();
    let answer = world.call("/me", "good").await;
    answer.assert_error(503, "temporarily_unavailable");
    assert!(!answer.text.contains("good"), "{}", answer.text);
}

/// §9.7.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_info_endpoint_says_who_the_owner_is() {
    let (old, world) = at_the_old_server("user_info").await;
    old.know("good", facts());
    let answer = world.call("/me", "good").await;
    let expected = json!({"user_name": "xiaoming", "client_id": null, "scope": ["profile"],
        "authorities": ["ROLE_USER"]});
    assert_eq!(answer.json, expected, "{}", answer.text);
    assert_invalid(&world.call("/me", "sesame").await, "Invalid access token");
    // It says nothing about what may be done.
    let answer = world.call("/photos", "good").await;
    answer.assert_error(403, "insufficient_scope");
    old.go_down();
    let answer = world.call("/me", "good").await;
    answer.assert_error(503, "temporarily_unavailable");
}

/// §9.8: the key is fetched when the resource server starts; here also when the old server has got another one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_of_a_spring_server_is_fetched_at_the_start_and_again() {
    let (old, world) = at_the_old_server("token_key").await;
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while old.asked().is_empty() {
        assert!(std::time::Instant::now() < patience, "nobody fetched a key");
        tokio::task::yield_now().await;
    }
    let mut claims = facts();
    claims["exp"] = json!(symbolon::clock::Clock::now(&*world.clock).as_secs() + 3600);
    let first = old.jwt(&claims);
    assert_eq!(world.call("/me", &first).await.status, 200);
    old.sign_with("another-secret-that-is-long-enough-as-well");
    world.clock.advance_secs(60);
    let second = old.jwt(&claims);
    assert_eq!(world.call("/me", &second).await.status, 200);
    let text = "Cannot convert access token to JSON";
    assert_invalid(&world.call("/me", &first).await, text);
    assert_eq!(old.asked(), ["GET /uaa/oauth/token_key"; 2]);
    world.clock.advance_secs(3600);
    assert_invalid(&world.call("/me", &second).await, "Access token expired");
}

on_every_store! {
    /// One resource server lives through the move: tokens of both servers are good, each is asked about what is its own, and
    /// what is remembered is asked about no more.
    async fn tokens_of_the_old_server_are_good_beside_those_of_the_new(
        world, "AUTH_SERVER__PROFILE" = "spring"; |builder| builder
    ) {
        let old = SpringServer::start();
        old.know("old-token", facts());
        let builder = World::builder(Store::Memory)
            .set("RESOURCE_SERVER__VERIFIER__CACHE__ENABLED", "true")
            .set("RESOURCE_SERVER__VERIFIER__AUTHORIZATION_SERVER", &world.auth)
            .clock(&world.clock);
        let both = asking(builder, "OLD_VERIFIER", ("check_token", &old.url)).start().await;
        let new_token = world.password_grant("photo.read profile").await.access_token();
        for _ in 0..2 {
            for token in ["old-token", &new_token] {
                let answer = both.call("/me", token).await;
                assert_eq!(answer.json["user_name"], "xiaoming", "{}", answer.text);
            }
        }
        assert_eq!(old.asked(), ["POST /uaa/oauth/check_token old-token"]);
        assert_invalid(&both.call("/me", "sesame").await, "Invalid access token");
        // Without the old server its tokens live as long as they are remembered; nobody can tell of others.
        old.go_down();
        assert_eq!(both.call("/me", "old-token").await.status, 200);
        assert_eq!(both.call("/me", &new_token).await.status, 200);
        both.call("/me", "sesame").await.assert_error(503, "temporarily_unavailable");
        world.clock.advance_secs(30);
        both.call("/me", "old-token").await.assert_error(503, "temporarily_unavailable");
        assert_eq!(both.call("/me", &new_token).await.status, 200);
    }

    /// §9.1, in the shipped resource server.
    async fn tokens_are_found_as_spring_finds_them_where_that_is_switched_on(
        world, "RESOURCE_SERVER__SPRING__TOKEN_EXTRACTION" = "true"
    ) {
        let token = world.password_grant("profile").await.access_token();
        let url = format!("{}/me", world.resource);
        for (url, header) in [
            (url.clone(), format!("BEARER{token}, more")),
            (format!("{url}?access_token={token}"), "Basic YTpi".to_owned()),
        ] {
            let request = world.http().get(url).header("Authorization", header);
            assert_eq!(request.send().await.unwrap().status(), 200);
        }
    }
}
