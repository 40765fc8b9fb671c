//! Forged, expired and revoked JWTs (RFC 8725, RFC 9068 §4).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::{App, HttpResponse, HttpServer, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use e2e::{Store, World, on_every_store};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tokio::sync::SetOnce;

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

async fn token(world: &World) -> String {
    world.exchange(&world.code().await).await.access_token()
}

/// Signed with HMAC and this secret.
fn signed(header: &Header, claims: &Value, secret: &str) -> String {
    encode(header, claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

/// Tokens that say what a good one says and were not signed by the server.
#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
async fn forgeries(world: &World) -> Vec<(&'static str, String)> {
    let good = token(world).await;
    let (header, claims) = (part(&good, 0), part(&good, 1));
    let kid = header["kid"].as_str().unwrap().to_owned();
    let [head, body, signature] = good.split('.').collect::<Vec<_>>()[..] else {
        panic!("{good}")
    };
    let published = world.browser().get("/oauth/token_key").await;
    let pem = published.text_of("value");
    let with_kid = Header {
        kid: Some(kid),
        ..Header::new(Algorithm::HS256)
    };
    let without_kid = Header::new(Algorithm::HS256);
    let mut more = claims.clone();
    more["scope"] = json!(["photo.read", "photo.write", "profile"]);
    let mut forgeries = vec![
        (
            "public key as shared secret",
            signed(&with_kid, &claims, &pem),
        ),
        (
            "the same without a kid",
            signed(&without_kid, &claims, &pem),
        ),
        (
            "public key with a line break",
            signed(&with_kid, &claims, &format!("{pem}\n")),
        ),
        ("empty secret", signed(&without_kid, &claims, "")),
        (
            "more scope under the old signature",
            format!("{head}.{}.{signature}", encoded(&more)),
        ),
        ("no signature", format!("{head}.{body}.")),
        (
            "half a signature",
            format!("{head}.{body}.{}", &signature[..20]),
        ),
        ("two parts", format!("{head}.{body}")),
    ];
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let header = encoded(&json!({"alg": none, "typ": "JWT"}));
        forgeries.push(("alg none", format!("{header}.{body}.")));
        forgeries.push(("alg none, signed", format!("{header}.{body}.{signature}")));
    }
    let mut wrong_kid = header.clone();
    wrong_kid["kid"] = json!("../../dev/null");
    forgeries.push((
        "wrong kid",
        format!("{}.{body}.{signature}", encoded(&wrong_kid)),
    ));
    let mut own_key = header;
    own_key["jku"] = json!(format!("{}/oauth/jwks", world.client));
    forgeries.push((
        "a key of its own",
        format!("{}.{body}.{signature}", encoded(&own_key)),
    ));
    forgeries
}

async fn assert_all_refused(world: &World) {
    for (what, forged) in forgeries(world).await {
        let answer = world.check_token(&forged).await;
        assert_eq!(answer.status, 400, "{what}: {}", answer.text);
        let answer = world.call("/photos", &forged).await;
        assert_eq!(answer.status, 401, "{what}: {}", answer.text);
    }
}

on_every_store! {
    /// RFC 8725 §2.1: no algorithm is taken from the token.
    async fn no_forged_token_is_accepted(
        world,
        "AUTH_SERVER__TOKENS__FORMAT" = "jwt",
        "RESOURCE_SERVER__VERIFIER__METHOD" = "jwks",
    ) {
        assert_eq!(world.call("/photos", &token(&world).await).await.status, 200);
        assert_all_refused(&world).await;
    }

    /// The same with `RS256` and the key as the Spring dialect tells it.
    async fn no_forged_token_is_accepted_by_the_spring_dialect(
        world,
        "AUTH_SERVER__TOKENS__FORMAT" = "jwt",
        "AUTH_SERVER__KEYS__ALGORITHM" = "RS256",
        "RESOURCE_SERVER__VERIFIER__METHOD" = "token_key",
        "RESOURCE_SERVER__VERIFIER__ALGORITHMS" = "RS256",
    ) {
        assert_eq!(world.call("/photos", &token(&world).await).await.status, 200);
        assert_all_refused(&world).await;
    }

    /// An expired JWT is refused by those who ask and by those who look themselves.
    async fn an_expired_token_is_refused(
        world,
        "AUTH_SERVER__TOKENS__FORMAT" = "jwt",
        "AUTH_SERVER__TOKENS__ACCESS_TOKEN_TTL_SECS" = "60",
        "RESOURCE_SERVER__VERIFIER__METHOD" = "jwks",
    ) {
        let token = token(&world).await;
        world.clock.advance_secs(59);
        assert_eq!(world.call("/photos", &token).await.status, 200);
        world.clock.advance_secs(1);
        assert_eq!(world.call("/photos", &token).await.status, 401);
        world.check_token(&token).await.assert_error(400, "invalid_token");
    }

    /// A JWT of a revoked grant is dead for all who ask, however long it would have lived.
    async fn a_token_of_a_revoked_grant_is_dead(world, "AUTH_SERVER__TOKENS__FORMAT" = "jwt") {
        let code = world.code().await;
        let token = world.exchange(&code).await.access_token();
        assert_eq!(world.call("/photos", &token).await.status, 200);
        world.exchange(&code).await.assert_error(400, "invalid_grant");
        world.check_token(&token).await.assert_error(400, "invalid_token");
        assert_eq!(world.call("/photos", &token).await.status, 401);
        let form = [("token", token.as_str())];
        let answer = world.post_as("photo-space", "/oauth/introspect", &form).await;
        assert_eq!(answer.json, json!({"active": false}));
    }

    /// ADR 0002: the id in a JWT is no token.
    async fn the_id_of_a_token_is_no_token(world, "AUTH_SERVER__TOKENS__FORMAT" = "jwt") {
        let token = token(&world).await;
        let id = part(&token, 1)["jti"].as_str().unwrap().to_owned();
        for guess in [id.clone(), format!("{id}{}", "A".repeat(21))] {
            world.check_token(&guess).await.assert_error(400, "invalid_token");
            world.refresh(&guess).await.assert_error(400, "invalid_grant");
        }
    }
}

/// A way to the authorization server that counts.
fn counting_way(
    to: Arc<SetOnce<String>>,
    count: Arc<AtomicUsize>,
) -> (String, actix_web::dev::ServerHandle) {
    let server = HttpServer::new(move || {
        let (to, count) = (Arc::clone(&to), Arc::clone(&count));
        App::new().default_service(web::to(move || {
            count.fetch_add(1, Ordering::SeqCst);
            let to = Arc::clone(&to);
            async move {
                // Keys are asked for as soon as the world begins to start.
                let url = format!("{}/oauth/jwks", to.wait().await);
                let answer = reqwest::get(url).await.unwrap().text().await.unwrap();
                HttpResponse::Ok()
                    .content_type("application/json")
                    .body(answer)
            }
        }))
    });
    let server = server
        .workers(1)
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
    let url = format!("http://{}/jwks", server.addrs()[0]);
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(server);
    (url, handle)
}

/// Tokens with invented key names cost the authorization server next to nothing, and good tokens
/// stay good meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_unknown_keys_does_not_reach_the_authorization_server() {
    let (to, count) = (Arc::new(SetOnce::new()), Arc::new(AtomicUsize::new(0)));
    let (url, handle) = counting_way(Arc::clone(&to), Arc::clone(&count));
    let world = World::builder(Store::Memory)
        .set("AUTH_SERVER__TOKENS__FORMAT", "jwt")
        .set("RESOURCE_SERVER__VERIFIER__METHOD", "jwks")
        .set("RESOURCE_SERVER__VERIFIER__JWKS_URL", &url)
        .start()
        .await;
    to.set(world.auth.clone()).unwrap();
    let good = token(&world).await;
    assert_eq!(world.call("/photos", &good).await.status, 200);
    let (mut header, rest) = (part(&good, 0), good.split_once('.').unwrap().1);
    for number in 0..100 {
        header["kid"] = json!(format!("invented-{number}"));
        let answer = world
            .call("/photos", &format!("{}.{rest}", encoded(&header)))
            .await;
        assert_eq!(answer.status, 401, "{}", answer.text);
    }
    assert_eq!(world.call("/photos", &good).await.status, 200);
    let fetched = count.load(Ordering::SeqCst);
    assert!(fetched <= 2, "keys were fetched {fetched} times");
    handle.stop(false).await;
}

/// A token of another server with the same settings is signed by another key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_another_server_is_refused() {
    let world = || {
        let world = World::builder(Store::Memory).set("AUTH_SERVER__TOKENS__FORMAT", "jwt");
        world
            .set("RESOURCE_SERVER__VERIFIER__METHOD", "jwks")
            .start()
    };
    let (ours, theirs) = (world().await, world().await);
    let token = token(&theirs).await;
    assert_eq!(theirs.call("/photos", &token).await.status, 200);
    assert_eq!(ours.call("/photos", &token).await.status, 401);
    ours.check_token(&token)
        .await
        .assert_error(400, "invalid_token");
}
