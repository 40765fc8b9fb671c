//! `/oauth/token_key` and the JWK set.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use e2e::{Store, World, on_every_store};

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

/// What a Spring server writes that signs with a key of a few characters: the header is `alg` and `typ` alone, `token_key`
/// tells the key, and whoever checks by it is content.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_short_shared_secret_signs_where_it_is_allowed() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "abc123\n").unwrap();
    let world = World::builder(Store::Memory)
        .set("AUTH_SERVER__TOKENS__FORMAT", "jwt")
        .set("AUTH_SERVER__KEYS__ALGORITHM", "HS512")
        .set(
            "AUTH_SERVER__KEYS__SIGNING_KEY_FILE",
            file.path().to_str().unwrap(),
        )
        .set("AUTH_SERVER__KEYS__SHORT_SECRET", "true")
        .set("AUTH_SERVER__KEYS__KID_IN_HEADER", "false")
        .set("RESOURCE_SERVER__VERIFIER__METHOD", "token_key")
        .set("RESOURCE_SERVER__VERIFIER__ALGORITHMS", "HS512")
        .start()
        .await;
    let told = world.http().get(format!("{}/oauth/token_key", world.auth));
    let told = told.basic_auth("photo-space", Some("photo-space-secret"));
    let told = e2e::Answer::read(told.send().await.unwrap()).await;
    assert_eq!(told.text, r#"{"alg":"HMACSHA512","value":"abc123"}"#);
    let token = world.password_grant("photo.read").await.access_token();
    assert_eq!(header_of(&token), r#"{"alg":"HS512","typ":"JWT"}"#);
    assert_eq!(world.call("/photos", &token).await.status, 200);
    assert_eq!(world.check_token(&token).await.status, 200);
}

/// The first part of a JWT, as it is written.
fn header_of(token: &str) -> String {
    let (header, _) = token.split_once('.').unwrap();
    String::from_utf8(URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}

on_every_store! {
    /// Spring §6.1. Tokens of before a rotation are known still, though none says which key signed it.
    async fn a_header_has_no_kid_where_the_settings_say_so(
        world,
        "AUTH_SERVER__TOKENS__FORMAT" = "jwt",
        "AUTH_SERVER__KEYS__ALGORITHM" = "RS256",
        "AUTH_SERVER__KEYS__KID_IN_HEADER" = "false",
        "AUTH_SERVER__KEYS__PUBLISH_AHEAD_SECS" = "0",
        "RESOURCE_SERVER__VERIFIER__METHOD" = "jwks"
    ) {
        let first = world.password_grant("photo.read").await.access_token();
        assert_eq!(header_of(&first), r#"{"alg":"RS256","typ":"JWT"}"#);
        assert_eq!(world.call("/photos", &first).await.status, 200);
        world.rotate_keys().await;
        let second = world.password_grant("photo.read").await.access_token();
        for token in [first, second] {
            assert_eq!(world.check_token(&token).await.status, 200);
        }
    }
}
