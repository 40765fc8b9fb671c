//! RFC 8414: what the server tells about itself.

use e2e::{Store, World};
use serde_json::json;

const PATH: &str = "/.well-known/oauth-authorization-server";

fn words(value: &serde_json::Value) -> Vec<&str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect()
}

/// RFC 8414 §2: every member, for the demo's clients.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_member_of_the_metadata_is_right() {
    let world = World::builder(Store::Memory).start().await;
    let answer = world.get(PATH).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-type")
            .starts_with("application/json")
    );
    let at = |path: &str| format!("{}{path}", world.auth);
    let methods = json!(["client_secret_basic", "client_secret_post", "none"]);
    let expected = json!({
        "issuer": world.auth,
        "authorization_endpoint": at("/oauth/authorize"),
        "token_endpoint": at("/oauth/token"),
        "jwks_uri": at("/oauth/jwks"),
        "introspection_endpoint": at("/oauth/introspect"),
        "revocation_endpoint": at("/oauth/revoke"),
        "scopes_supported": ["photo.read", "photo.write", "profile"],
        "response_types_supported": ["code", "token"],
        "response_modes_supported": ["query", "fragment"],
        "grant_types_supported":
            ["authorization_code", "implicit", "password", "client_credentials", "refresh_token"],
        "token_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "ui_locales_supported": ["en", "zh-CN", "ru"],
        "authorization_response_iss_parameter_supported": true,
    });
    assert_eq!(answer.json, expected);
}

/// RFC 8414 §2: every endpoint that is named is there: none answers 404.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_endpoint_that_is_named_is_reachable() {
    let world = World::builder(Store::Memory).start().await;
    let metadata = world.get(PATH).await.json;
    for (member, expected) in [
        ("authorization_endpoint", 400),
        ("token_endpoint", 405),
        ("jwks_uri", 200),
        ("introspection_endpoint", 405),
        ("revocation_endpoint", 405),
    ] {
        let url = metadata[member].as_str().unwrap();
        let answer = world.http().get(url).send().await.unwrap();
        assert_eq!(answer.status(), expected, "{member}");
    }
}

/// RFC 8414 §2: every method of client authentication that is named works.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_authentication_method_that_is_named_works() {
    let world = World::builder(Store::Memory).start().await;
    let metadata = world.get(PATH).await.json;
    let endpoints = [
        ("introspection", "/oauth/introspect"),
        ("revocation", "/oauth/revoke"),
    ];
    for (endpoint, path) in endpoints {
        let member = format!("{endpoint}_endpoint_auth_methods_supported");
        for method in words(&metadata[&member]) {
            let answer = match method {
                "client_secret_basic" => {
                    world.post_as("photo-space", path, &[("token", "t")]).await
                }
                "client_secret_post" => {
                    let form = [
                        ("token", "t"),
                        ("client_id", "photo-space"),
                        ("client_secret", "photo-space-secret"),
                    ];
                    world.post(path, &form).await
                }
                "none" => {
                    world
                        .post(path, &[("token", "t"), ("client_id", "photo-spa")])
                        .await
                }
                other => panic!("{member} names {other}"),
            };
            assert_eq!(answer.status, 200, "{endpoint} {method}");
        }
    }
}

/// A grant that no client is registered for is not supported here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_that_nobody_uses_is_not_named() {
    let from = "grant_types = [\"implicit\", \"authorization_code\"]";
    let world = World::builder(Store::Memory)
        .replace(from, "grant_types = [\"authorization_code\"]")
        .replace(
            "grant_types = [\"password\", \"refresh_token\"]",
            "grant_types = [\"refresh_token\"]",
        )
        .set("AUTH_SERVER__ISSUER", "https://auth.example")
        .start()
        .await;
    let metadata = world.get(PATH).await.json;
    assert_eq!(metadata["issuer"], "https://auth.example");
    assert_eq!(
        metadata["token_endpoint"],
        "https://auth.example/oauth/token"
    );
    assert_eq!(words(&metadata["response_types_supported"]), ["code"]);
    assert_eq!(words(&metadata["response_modes_supported"]), ["query"]);
    let grants = words(&metadata["grant_types_supported"]);
    assert!(
        !grants.contains(&"implicit") && !grants.contains(&"password"),
        "{grants:?}"
    );
}
