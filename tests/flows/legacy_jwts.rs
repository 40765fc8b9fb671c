//! JWTs that a Spring server has signed, by whose key this one knows them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use e2e::{Answer, Store, World, WorldBuilder};
use futures_util::future::join_all;
use serde_json::{Value, json};
use symbolon::clock::Timestamp;
use symbolon::jwk::SigningAlgorithm;
use symbolon::random::SystemRandom;
use symbolon_auth_server::keys::signing::{SigningKey, generate};
use tempfile::TempDir;

use crate::assert_described;
use crate::legacy_tokens::{FAR, assert_unknown, how_many_grants};

const HEADER: &str = r#"{"alg":"RS256","typ":"JWT"}"#;
const SECRET: &str = "a secret of an old server that has 32 bytes and more";

/// The Spring server: what it signs with, and the files with the keys that check it.
struct Spring {
    key: SigningKey,
    pkcs8: Vec<u8>,
    folder: TempDir,
}

impl Spring {
    fn new() -> Self {
        let algorithm = SigningAlgorithm::RS256;
        let pkcs8 = generate(algorithm, &SystemRandom).unwrap().to_vec();
        let key = SigningKey::parse(algorithm, &pkcs8, Timestamp::from_secs(0)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let spring = Self { key, pkcs8, folder };
        spring.keep("public.pem", &spring.public_pem());
        let private = STANDARD.encode(&spring.pkcs8);
        let private =
            format!("-----BEGIN PRIVATE KEY-----\n{private}\n-----END PRIVATE KEY-----\n");
        spring.keep("private.pem", &private);
        spring.keep("secret", &format!("{SECRET}\n"));
        spring
    }

    fn public_pem(&self) -> String {
        self.key.token_key().unwrap().value
    }

    fn keep(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn named(&self, algorithm: &str, name: &str) -> String {
        format!("{algorithm}:{}", self.folder.path().join(name).display())
    }

    fn sign(&self, claims: &Value) -> String {
        signed_by(&self.key, HEADER, claims)
    }

    /// Settings of a server in its place.
    fn before(&self, builder: WorldBuilder) -> WorldBuilder {
        let keys = self.named("RS256", "public.pem");
        builder.set("AUTH_SERVER__LEGACY_TOKENS__JWT_KEYS", &keys)
    }

    async fn replaced_on(&self, store: Store) -> World {
        self.before(World::builder(store)).start().await
    }

    async fn replaced(&self) -> World {
        self.replaced_on(Store::Memory).await
    }
}

fn signed_by(key: &SigningKey, header: &str, claims: &Value) -> String {
    let (header, claims) = (URL_SAFE_NO_PAD.encode(header), claims.to_string());
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
    let signature = key.sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn shared(algorithm: SigningAlgorithm, secret: &str) -> SigningKey {
    SigningKey::parse(algorithm, secret.as_bytes(), Timestamp::from_secs(0)).unwrap()
}

/// The claims of an access token as Spring 2.5 writes them.
fn access() -> Value {
    json!({
        "aud": ["photo-space"],
        "user_name": "xiaoming",
        "scope": ["photo.read", "photo.write"],
        "exp": FAR,
        "authorities": ["ROLE_USER"],
        "jti": "Ma9wPZxQ3cAr5-xYUV3vWpCkBp8",
        "client_id": "print-photo",
    })
}

/// The refresh token that was given with it.
fn refresh() -> Value {
    with(
        &with(&access(), "ati", access()["jti"].clone()),
        "jti",
        json!("Rt0aUv1yGHZ4vmD5z7DKUyNMqVI"),
    )
}

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    claims
}

fn without(claims: &Value, name: &str) -> Value {
    let mut claims = claims.clone();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

async fn revoke(world: &World, client: &str, token: &str) -> u16 {
    let form = [("token", token)];
    world.post_as(client, "/oauth/revoke", &form).await.status
}

fn assert_no_refresh_token(answer: &Answer) {
    assert_described(answer, 400, "invalid_grant", "Invalid refresh token");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_access_jwt_of_a_spring_server_is_good_until_its_end() {
    let spring = Spring::new();
    let world = spring.replaced().await;
    let token = spring.sign(&with(&access(), "organization", json!("acme")));
    let mut expected = with(&access(), "active", json!(true));
    expected["organization"] = json!("acme");
    assert_eq!(world.check_token(&token).await.json, expected);
    let form = [("token", token.as_str())];
    let told = world
        .post_as("photo-space", "/oauth/introspect", &form)
        .await;
    assert_eq!(
        (&told.json["active"], &told.json["exp"]),
        (&json!(true), &json!(FAR))
    );
    assert_eq!(told.json["username"], "xiaoming");
    assert_eq!(world.call("/photos", &token).await.status, 200);
    world.clock.set(Timestamp::from_secs(FAR));
    let answer = world.check_token(&token).await;
    assert_described(&answer, 400, "invalid_token", "Token has expired");
}

/// Spring §6.5: lists may be texts; without `exp` there is no end; a client's own token names no owner.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jwt_of_a_spring_server_may_be_written_in_each_of_springs_ways() {
    let spring = Spring::new();
    let world = spring.replaced().await;
    let token = spring.sign(&json!({
        "aud": "photo-space",
        "scope": "photo.read photo.write",
        "authorities": "ROLE_CLIENT,ROLE_TRUSTED_CLIENT",
        "jti": "12eb3bc2-3b8e-4cf7-8f6c-6a6fd8c5f9a1",
        "client_id": "print-photo",
    }));
    let expected = json!({
        "active": true,
        "aud": ["photo-space"],
        "scope": ["photo.read", "photo.write"],
        "authorities": ["ROLE_CLIENT", "ROLE_TRUSTED_CLIENT"],
        "jti": "12eb3bc2-3b8e-4cf7-8f6c-6a6fd8c5f9a1",
        "client_id": "print-photo",
    });
    assert_eq!(world.check_token(&token).await.json, expected);
    assert_eq!(revoke(&world, "print-photo", &token).await, 200);
    assert_unknown(&world.check_token(&token).await);
}

/// The key says the algorithm; several keys are tried one after the other, whatever a header names.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_key_of_a_spring_server_is_tried_with_its_own_algorithm() {
    let spring = Spring::new();
    let keys = [
        ("HS256", "secret"),
        ("HS384", "secret"),
        ("RS384", "private.pem"),
        ("RS512", "public.pem"),
        ("RS256", "private.pem"),
    ];
    let keys = keys
        .map(|(algorithm, name)| spring.named(algorithm, name))
        .join(",");
    let world = World::builder(Store::Memory).set("AUTH_SERVER__LEGACY_TOKENS__JWT_KEYS", &keys);
    let world = world.start().await;
    let pkcs8 = &spring.pkcs8;
    let rs512 = SigningKey::parse(SigningAlgorithm::RS512, pkcs8, Timestamp::from_secs(0));
    let pem = std::fs::read(spring.folder.path().join("private.pem")).unwrap();
    let pem = jsonwebtoken::EncodingKey::from_rsa_pem(&pem).unwrap();
    let rs384 = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::RS384);
    let hs256 = shared(SigningAlgorithm::HS256, SECRET);
    let hs384 = shared(SigningAlgorithm::HS384, SECRET);
    for good in [
        signed_by(
            &spring.key,
            r#"{"alg":"RS256","kid":"nobody knows"}"#,
            &access(),
        ),
        signed_by(&rs512.unwrap(), r#"{"alg":"RS512","typ":"JWT"}"#, &access()),
        jsonwebtoken::encode(&rs384, &access(), &pem).unwrap(),
        signed_by(&hs256, r#"{"alg":"HS256","typ":"JWT"}"#, &access()),
        signed_by(&hs384, r#"{"alg":"HS384","typ":"JWT"}"#, &access()),
    ] {
        let answer = world.check_token(&good).await;
        assert_eq!(answer.status, 200, "{good}: {}", answer.text);
    }
    let hs512 = shared(SigningAlgorithm::HS512, SECRET);
    assert_unknown(
        &world
            .check_token(&signed_by(&hs512, r#"{"alg":"HS512"}"#, &access()))
            .await,
    );
}

/// RFC 8725 §2.1, §3.1: nobody but the holder of the key can sign.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_key_of_a_spring_server_has_signed_is_nothing() {
    let spring = Spring::new();
    let world = spring.replaced().await;
    let good = spring.sign(&access());
    let parts: Vec<&str> = good.split('.').collect();
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let by_public_key = |public: &str| {
        let key = shared(SigningAlgorithm::HS256, public);
        signed_by(&key, r#"{"alg":"HS256","typ":"JWT"}"#, &access())
    };
    let pem = spring.public_pem();
    let other = URL_SAFE_NO_PAD.encode(with(&access(), "user_name", json!("meili")).to_string());
    for forged in [
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{other}.{}", parts[0], parts[2]),
        by_public_key(&pem),
        by_public_key(&format!("{pem}\n")),
        Spring::new().sign(&access()),
        signed_by(&spring.key, r#"{"alg":"HS256","typ":"JWT"}"#, &access()),
        "..".to_owned(),
        "a.b.c".to_owned(),
    ] {
        assert_unknown(&world.check_token(&forged).await);
        assert_no_refresh_token(&world.refresh(&forged).await);
    }
    assert_eq!(world.check_token(&good).await.status, 200);
}

/// RFC 8725 §3.12: what is signed for one purpose is not good for another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_spring_server_has_signed_for_something_else_is_no_token() {
    let spring = Spring::new();
    let world = spring.replaced().await;
    let mut others = vec![
        without(&access(), "client_id"),
        without(&access(), "jti"),
        refresh(),
    ];
    for (name, value) in [
        ("exp", json!("never")),
        ("user_name", json!(7)),
        ("scope", json!(["a b"])),
        ("ati", json!(null)),
        ("client_id", json!("nobody")),
        ("user_name", json!("nobody")),
    ] {
        others.push(with(&access(), name, value));
    }
    for claims in others {
        let answer = world.check_token(&spring.sign(&claims)).await;
        assert_eq!(answer.status, 400, "{claims}: {}", answer.text);
    }
    let access = spring.sign(&access());
    assert_no_refresh_token(&world.refresh(&access).await);
    assert_eq!(world.check_token(&access).await.status, 200);
}

/// Whoever has the key can sign anything: it opens no more than the client is registered for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jwt_of_a_spring_server_has_no_more_scope_than_its_client() {
    let spring = Spring::new();
    let world = spring.replaced().await;
    let wide = with(&access(), "scope", json!(["photo.read", "everything"]));
    let answer = world.check_token(&spring.sign(&wide)).await;
    assert_eq!(answer.json["scope"], json!(["photo.read"]));
    let wide = with(&refresh(), "scope", json!(["photo.read", "everything"]));
    let answer = world.refresh(&spring.sign(&wide)).await;
    assert_eq!(answer.text_of("scope"), "photo.read");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jwt_of_a_spring_server_that_is_asked_about_by_another_client_is_not_told() {
    let spring = Spring::new();
    let world = spring.replaced().await;
    let token = spring.sign(&access());
    let form = [("token", token.as_str())];
    let told = world
        .post_as("photo-backup", "/oauth/introspect", &form)
        .await;
    assert_eq!(told.json, json!({"active": false}));
    assert_eq!(revoke(&world, "photo-desktop", &token).await, 400);
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &spring.sign(&refresh())),
    ];
    let answer = world.token("photo-desktop", &form).await;
    assert_eq!(answer.json["error"], "invalid_grant");
    assert_eq!(world.refresh(&spring.sign(&refresh())).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_jwt_of_a_spring_server_that_is_over_is_good_for_nothing() {
    let spring = Spring::new();
    let world = spring.replaced().await;
    world.clock.set(Timestamp::from_secs(FAR));
    assert_no_refresh_token(&world.refresh(&spring.sign(&refresh())).await);
}

/// What this server has signed with the old server's key is known by its own record, also when that is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_ours_that_has_ended_is_not_taken_for_one_of_the_old_server_with_the_same_key() {
    let spring = Spring::new();
    let private = spring.folder.path().join("private.pem");
    let world = spring
        .before(World::builder(Store::Memory))
        .set("AUTH_SERVER__TOKENS__FORMAT", "jwt")
        .set("AUTH_SERVER__SPRING__JWT_REFRESH_TOKENS", "true")
        .set("AUTH_SERVER__KEYS__ALGORITHM", "RS256")
        .set(
            "AUTH_SERVER__KEYS__SIGNING_KEY_FILE",
            private.to_str().unwrap(),
        )
        .set("AUTH_SERVER__KEYS__KID_IN_HEADER", "false");
    let world = world.start().await;
    let old = spring.sign(&access());
    assert_eq!(world.check_token(&old).await.status, 200);
    let first = world.refresh(&spring.sign(&refresh())).await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert_unknown(&world.check_token(&old).await);
    let ours = first.access_token();
    assert_eq!(world.check_token(&ours).await.status, 200);
    assert_eq!(revoke(&world, "print-photo", &ours).await, 200);
    assert_unknown(&world.check_token(&ours).await);
    let second = world.refresh(&first.refresh_token()).await;
    assert_eq!(second.status, 200, "{}", second.text);
    assert_eq!(
        revoke(&world, "print-photo", &second.refresh_token()).await,
        200
    );
    let answer = world.refresh(&second.refresh_token()).await;
    assert_eq!(answer.json["error"], "invalid_grant");
    assert_unknown(&world.check_token(&second.access_token()).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_key_a_jwt_of_a_spring_server_is_one_that_nobody_knows() {
    let world = World::builder(Store::Memory).start().await;
    assert_unknown(&world.check_token(&Spring::new().sign(&access())).await);
}

/// What has ended is kept in the store, so that all servers on it know.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_jwt_of_a_spring_server_is_honoured_once_and_replaced() {
    for store in Store::of_every_kind().await {
        let spring = Spring::new();
        let world = spring.replaced_on(store).await;
        let token = spring.sign(&access());
        let presented = spring.sign(&refresh());
        let answers = join_all((0..8).map(|_| world.refresh(&presented)))
            .await
            .into_iter();
        let (good, refused): (Vec<_>, Vec<_>) = answers.partition(|answer| answer.status == 200);
        assert_eq!(good.len(), 1);
        refused.iter().for_each(assert_no_refresh_token);
        assert_eq!(
            how_many_grants(&world).await,
            1,
            "who came second has left something"
        );
        let ours = good[0].refresh_token();
        assert_eq!(ours.len(), 64);
        assert_eq!(good[0].text_of("scope"), "photo.read photo.write");
        assert_unknown(&world.check_token(&token).await);
        // A Spring server gives the same id out again with each renewal.
        let again = with(&refresh(), "ati", json!("another-access-token"));
        assert_no_refresh_token(&world.refresh(&spring.sign(&again)).await);
        assert_eq!(world.refresh(&ours).await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jwt_of_a_spring_server_can_be_given_back() {
    for store in Store::of_every_kind().await {
        let spring = Spring::new();
        let world = spring.replaced_on(store).await;
        let (access, refresh) = (spring.sign(&access()), spring.sign(&refresh()));
        assert_eq!(revoke(&world, "print-photo", &access).await, 200);
        assert_unknown(&world.check_token(&access).await);
        assert_eq!(revoke(&world, "print-photo", &refresh).await, 200);
        assert_no_refresh_token(&world.refresh(&refresh).await);
        assert_eq!(how_many_grants(&world).await, 0);
    }
}
