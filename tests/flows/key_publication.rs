//! `/oauth/token_key` and the JWK set.

use e2e::{World, on_every_store};

/// The members of a JWK that are there.
fn members(jwk: &serde_json::Value) -> Vec<&str> {
    let mut members: Vec<&str> = jwk
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    members.sort_unstable();
    members
}

/// The PEM and its Java name, and the one key of the set.
async fn assert_public(world: &World, java_name: &str, kty: &str, expected: &[&str]) {
    let answer = world.get("/oauth/token_key").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text_of("alg"), java_name);
    assert!(answer.text.starts_with("{\"alg\":"), "{}", answer.text);
    let lines: Vec<String> = answer.text_of("value").lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0], "-----BEGIN PUBLIC KEY-----");
    assert_eq!(lines[2], "-----END PUBLIC KEY-----");
    let set = world.get("/oauth/jwks").await.json;
    assert_eq!(set["keys"].as_array().unwrap().len(), 1);
    let key = &set["keys"][0];
    assert_eq!(
        (key["kty"].as_str(), key["use"].as_str()),
        (Some(kty), Some("sig"))
    );
    // No private member (RFC 7518 §6).
    assert_eq!(members(key), expected);
}

on_every_store! {
    /// RFC 7518 §6.2: an elliptic curve key.
    async fn an_es256_key_is_published(world) {
        let expected = ["alg", "crv", "kid", "kty", "use", "x", "y"];
        assert_public(&world, "SHA256withECDSA", "EC", &expected).await;
    }

    /// RFC 7518 §6.3, Spring §7.2: an RSA key.
    async fn an_rs256_key_is_published(world, "AUTH_SERVER__KEYS__ALGORITHM" = "RS256") {
        let expected = ["alg", "e", "kid", "kty", "n", "use"];
        assert_public(&world, "SHA256withRSA", "RSA", &expected).await;
    }

    /// RFC 8037 §2: an Ed25519 key.
    async fn an_eddsa_key_is_published(world, "AUTH_SERVER__KEYS__ALGORITHM" = "EdDSA") {
        let expected = ["alg", "crv", "kid", "kty", "use", "x"];
        assert_public(&world, "Ed25519", "OKP", &expected).await;
    }

    /// Whoever has the shared secret can make tokens: only a resource server gets it, and no set
    /// ever shows it.
    async fn a_shared_secret_is_told_to_resource_servers_only(
        world,
        "AUTH_SERVER__TOKENS__FORMAT" = "jwt",
        "AUTH_SERVER__KEYS__ALGORITHM" = "HS256"
    ) {
        let url = format!("{}/oauth/token_key", world.auth);
        let ask = |id: &'static str, secret: &'static str| world.http().get(&url).basic_auth(id, Some(secret));
        let read = async |request: reqwest::RequestBuilder| {
            e2e::Answer::read(request.send().await.unwrap()).await
        };
        let nobody = world.get("/oauth/token_key").await;
        nobody.assert_error(401, "invalid_client");
        assert_eq!(nobody.header("www-authenticate"), "Basic realm=\"oauth2/client\"");
        read(ask("photo-space", "wrong")).await.assert_error(401, "invalid_client");
        read(ask("photo-spa", "")).await.assert_error(403, "access_denied");
        read(ask("print-photo", "print-photo-secret")).await.assert_error(403, "access_denied");
        let told = read(ask("photo-space", "photo-space-secret")).await;
        assert_eq!((told.status, told.text_of("alg").as_str()), (200, "HMACSHA256"));
        assert!(told.text_of("value").len() >= 32);
        let set = world.get("/oauth/jwks").await;
        assert_eq!(set.json, serde_json::json!({"keys": []}));
    }
}
