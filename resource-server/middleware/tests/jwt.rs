//! Checking JWTs: signatures, claims, attacks on both, and keys that change.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]

mod support;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use serde_json::{Value, json};
use support::{START, SigningKey, as_clock, claims, clock, encode};
use symbolon_resource_server::verifier::{
    CacheLimits, CachedVerifier, InvalidToken, JwtVerifier, KeySource, Timeouts, TokenVerifier,
    Transport, VerificationError,
};
use symbolon_resource_server::{Authentication, Secret, SettableClock, SigningAlgorithm, Url};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

const PINNED: [SigningAlgorithm; 3] = [
    SigningAlgorithm::ES256,
    SigningAlgorithm::RS256,
    SigningAlgorithm::EdDSA,
];

/// An authorization server's keys, a clock, and a verifier of both.
struct World {
    server: MockServer,
    clock: Arc<SettableClock>,
}

impl World {
    async fn publishing(keys: Value) -> Self {
        let world = Self {
            server: MockServer::start().await,
            clock: clock(),
        };
        world.publish(keys).await;
        world
    }

    async fn publish(&self, keys: Value) {
        self.answer(ResponseTemplate::new(200).set_body_json(keys))
            .await;
    }

    async fn answer(&self, template: ResponseTemplate) {
        self.server.reset().await;
        Mock::given(method("GET"))
            .respond_with(template)
            .mount(&self.server)
            .await;
    }

    /// Since the last change of what is published.
    async fn fetches(&self) -> usize {
        self.server.received_requests().await.unwrap().len()
    }

    fn jwks(&self) -> JwtVerifier {
        let source = KeySource::jwks(transport(), self.url());
        JwtVerifier::new(source, PINNED, as_clock(&self.clock))
    }

    fn token_key(&self, pinned: impl IntoIterator<Item = SigningAlgorithm>) -> JwtVerifier {
        let source = KeySource::token_key(transport(), self.url());
        JwtVerifier::new(source, pinned, as_clock(&self.clock))
    }

    fn url(&self) -> Url {
        Url::parse(&self.server.uri()).unwrap()
    }
}

fn transport() -> Transport {
    Transport::new(Timeouts::default()).unwrap()
}

fn set(keys: &[(&SigningKey, &str)]) -> Value {
    let keys: Vec<Value> = keys.iter().map(|(key, kid)| key.jwk(kid)).collect();
    json!({ "keys": keys })
}

async fn verify(
    verifier: &dyn TokenVerifier,
    token: &str,
) -> Result<Authentication, VerificationError> {
    verifier.verify(&Secret::new(token)).await
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

#[actix_web::test]
async fn a_token_signed_with_a_published_key_is_good() {
    for key in [
        SigningKey::es256(),
        SigningKey::rs256(),
        SigningKey::eddsa(),
    ] {
        let world = World::publishing(set(&[(&key, "k1")])).await;
        let token = key.jwt(&json!({"typ": "at+jwt", "kid": "k1"}), &claims());
        let caller = verify(&world.jwks(), &token).await.unwrap();
        assert_eq!(caller.owner.as_deref(), Some("xiaoming"));
        let world = World::publishing(key.token_key()).await;
        let token = key.jwt(&json!({"typ": "JWT"}), &claims());
        assert!(verify(&world.token_key(PINNED), &token).await.is_ok());
    }
}

#[actix_web::test]
async fn a_token_signed_with_none_is_refused() {
    let key = SigningKey::es256();
    let world = World::publishing(set(&[(&key, "k1")])).await;
    for alg in ["none", "None", "NONE"] {
        let header = encode(&json!({"alg": alg, "kid": "k1"}));
        let token = format!("{header}.{}.", encode(&claims()));
        let outcome = verify(&world.jwks(), &token).await.unwrap_err();
        assert!(
            matches!(outcome, VerificationError::Invalid(_)),
            "{outcome}"
        );
    }
}

#[actix_web::test]
async fn a_public_key_used_as_a_shared_secret_is_refused() {
    let key = SigningKey::rs256();
    let forger = SigningKey::Hs256(key.pem().into_bytes());
    let token = forger.jwt(&json!({"kid": "k1"}), &claims());
    // Even where HS256 is allowed, the key decides.
    let pinned = SigningAlgorithm::ALL;
    let world = World::publishing(key.token_key()).await;
    let outcome = verify(&world.token_key(pinned), &token).await.unwrap_err();
    assert_eq!(outcome, InvalidToken::BadSignature.into());
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let outcome = verify(&world.jwks(), &token).await.unwrap_err();
    assert_eq!(outcome, InvalidToken::WrongAlgorithm.into());
}

#[actix_web::test]
async fn a_public_key_published_as_a_shared_secret_is_nonsense() {
    let key = SigningKey::rs256();
    let world = World::publishing(json!({"alg": "HMACSHA256", "value": key.pem()})).await;
    let token = SigningKey::Hs256(key.pem().into_bytes()).jwt(&json!({}), &claims());
    let outcome = verify(&world.token_key(SigningAlgorithm::ALL), &token).await;
    assert!(matches!(outcome, Err(VerificationError::Unavailable(_))));
}

#[actix_web::test]
async fn a_shared_secret_counts_only_where_it_is_pinned() {
    let key = SigningKey::Hs256(b"a shared secret of sufficient length".to_vec());
    let token = key.jwt(&json!({"typ": "JWT"}), &claims());
    let world = World::publishing(key.token_key()).await;
    let pinned = world.token_key([SigningAlgorithm::HS256]);
    assert!(verify(&pinned, &token).await.is_ok());
    let outcome = verify(&world.token_key(PINNED), &token).await.unwrap_err();
    assert_eq!(outcome, InvalidToken::WrongAlgorithm.into());
    let world = World::publishing(json!({"keys": [key.jwk("k1")]})).await;
    let source = KeySource::jwks(transport(), world.url());
    let jwks = JwtVerifier::new(source, [SigningAlgorithm::HS256], as_clock(&world.clock));
    assert!(verify(&jwks, &token).await.is_err());
}

#[actix_web::test]
async fn another_key_a_changed_claim_or_a_critical_header_is_refused() {
    let (key, other) = (SigningKey::es256(), SigningKey::es256());
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let header = json!({"kid": "k1"});
    let forged = other.jwt(&header, &claims());
    let outcome = verify(&world.jwks(), &forged).await.unwrap_err();
    assert_eq!(outcome, InvalidToken::BadSignature.into());
    let good = key.jwt(&header, &claims());
    let parts: Vec<&str> = good.split('.').collect();
    let payload = URL_SAFE_NO_PAD.encode(with("user_name", json!("lihua")).to_string());
    let changed = format!("{}.{payload}.{}", parts[0], parts[2]);
    assert!(verify(&world.jwks(), &changed).await.is_err());
    let critical = key.jwt(&json!({"kid": "k1", "crit": ["x"], "x": 1}), &claims());
    let outcome = verify(&world.jwks(), &critical).await.unwrap_err();
    assert_eq!(outcome, InvalidToken::CriticalExtension.into());
}

#[actix_web::test]
async fn claims_that_must_not_pass_do_not() {
    let key = SigningKey::es256();
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let verifier = world.jwks();
    let cases = [
        (with("exp", json!(START)), InvalidToken::Expired),
        (with("exp", Value::Null), InvalidToken::NoExpiry),
        (with("nbf", json!(START + 1)), InvalidToken::NotYetGood),
        (with("ati", json!("a")), InvalidToken::RefreshToken),
        (with("client_id", Value::Null), InvalidToken::Unreadable),
    ];
    for (claims, reason) in cases {
        let token = key.jwt(&json!({"kid": "k1"}), &claims);
        let outcome = verify(&verifier, &token).await.unwrap_err();
        assert_eq!(outcome, reason.into());
    }
    let token = key.jwt(&json!({"kid": "k1", "typ": "logout+jwt"}), &claims());
    let outcome = verify(&verifier, &token).await.unwrap_err();
    assert_eq!(outcome, InvalidToken::WrongType.into());
}

#[actix_web::test]
async fn an_issuer_and_a_type_that_are_demanded_must_be_there() {
    let key = SigningKey::es256();
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let strict = world.jwks().issuer("https://as").only_standard_type(true);
    let header = json!({"kid": "k1", "typ": "application/at+JWT"});
    let good = key.jwt(&header, &with("iss", json!("https://as")));
    assert!(verify(&strict, &good).await.is_ok());
    for claims in [claims(), with("iss", json!("https://other"))] {
        let outcome = verify(&strict, &key.jwt(&header, &claims)).await;
        assert_eq!(outcome.unwrap_err(), InvalidToken::WrongIssuer.into());
    }
    let plain = key.jwt(&json!({"kid": "k1", "typ": "JWT"}), &claims());
    let outcome = verify(&strict, &plain).await;
    assert_eq!(outcome.unwrap_err(), InvalidToken::WrongType.into());
}

#[actix_web::test]
async fn a_token_expires_when_the_clock_says_so() {
    let key = SigningKey::es256();
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let verifier = world.jwks();
    let token = key.jwt(&json!({"kid": "k1"}), &claims());
    world.clock.advance_secs(3599);
    assert!(verify(&verifier, &token).await.is_ok());
    world.clock.advance_secs(1);
    let outcome = verify(&verifier, &token).await;
    assert_eq!(outcome.unwrap_err(), InvalidToken::Expired.into());
}

#[actix_web::test]
async fn keys_rotate_without_a_restart() {
    let (old, new) = (SigningKey::es256(), SigningKey::rs256());
    let world = World::publishing(set(&[(&old, "k1")])).await;
    let verifier = world.jwks();
    let before = old.jwt(&json!({"kid": "k1"}), &claims());
    let after = new.jwt(&json!({"kid": "k2"}), &claims());
    assert!(verify(&verifier, &before).await.is_ok());
    world.publish(set(&[(&new, "k2"), (&old, "k1")])).await;
    world.clock.advance_secs(10);
    assert!(verify(&verifier, &after).await.is_ok());
    assert!(verify(&verifier, &before).await.is_ok());
    assert_eq!(world.fetches().await, 1);
    // A key that was withdrawn ends when the keys at hand are too old.
    world.publish(set(&[(&new, "k2")])).await;
    world.clock.advance_secs(300);
    let outcome = verify(&verifier, &before).await;
    assert_eq!(outcome.unwrap_err(), InvalidToken::UnknownKey.into());
}

#[actix_web::test]
async fn a_token_key_without_a_name_rotates_too() {
    let (old, new) = (SigningKey::rs256(), SigningKey::es256());
    let world = World::publishing(old.token_key()).await;
    let verifier = world.token_key(PINNED);
    assert!(
        verify(&verifier, &old.jwt(&json!({}), &claims()))
            .await
            .is_ok()
    );
    world.publish(new.token_key()).await;
    world.clock.advance_secs(10);
    assert!(
        verify(&verifier, &new.jwt(&json!({}), &claims()))
            .await
            .is_ok()
    );
}

#[actix_web::test]
async fn many_tokens_with_unknown_keys_cost_one_fetch_in_ten_seconds() {
    let (key, other) = (SigningKey::es256(), SigningKey::es256());
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let verifier = world.jwks();
    let good = key.jwt(&json!({"kid": "k1"}), &claims());
    assert!(verify(&verifier, &good).await.is_ok());
    world.clock.advance_secs(10);
    for round in 0..3 {
        let unknown = other.jwt(&json!({"kid": format!("x{round}")}), &claims());
        let outcomes = join_all((0..20).map(|_| verify(&verifier, &unknown))).await;
        for outcome in outcomes {
            assert_eq!(outcome.unwrap_err(), InvalidToken::UnknownKey.into());
        }
        assert!(verify(&verifier, &good).await.is_ok());
    }
    assert_eq!(world.fetches().await, 2);
    world.clock.advance_secs(10);
    let unknown = other.jwt(&json!({"kid": "x"}), &claims());
    assert!(verify(&verifier, &unknown).await.is_err());
    assert_eq!(world.fetches().await, 3);
}

#[actix_web::test]
async fn one_fetch_serves_all_who_wait_for_the_first_keys() {
    let key = SigningKey::es256();
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let verifier = world.jwks();
    let token = key.jwt(&json!({"kid": "k1"}), &claims());
    for outcome in join_all((0..50).map(|_| verify(&verifier, &token))).await {
        assert!(outcome.is_ok());
    }
    assert_eq!(world.fetches().await, 1);
}

#[actix_web::test]
async fn a_token_that_is_no_jwt_costs_no_fetch() {
    let world = World::publishing(json!({"keys": []})).await;
    for token in ["opaque", "a.b.c", "..", "a.b"] {
        let outcome = verify(&world.jwks(), token).await.unwrap_err();
        assert_eq!(outcome, InvalidToken::Unreadable.into());
    }
    assert_eq!(world.fetches().await, 0);
}

#[actix_web::test]
async fn without_keys_nobody_can_tell_and_known_keys_outlive_an_outage() {
    let (key, new) = (SigningKey::es256(), SigningKey::es256());
    let world = World::publishing(json!({})).await;
    world.answer(ResponseTemplate::new(503)).await;
    let verifier = world.jwks();
    let token = key.jwt(&json!({"kid": "k1"}), &claims());
    for _ in 0..3 {
        let outcome = verify(&verifier, &token).await;
        assert!(matches!(outcome, Err(VerificationError::Unavailable(_))));
    }
    assert_eq!(world.fetches().await, 1);
    world.publish(set(&[(&key, "k1")])).await;
    world.clock.advance_secs(10);
    assert!(verify(&verifier, &token).await.is_ok());
    world.answer(ResponseTemplate::new(503)).await;
    world.clock.advance_secs(300);
    assert!(verify(&verifier, &token).await.is_ok());
    // Its key may have been published since: not a refusal.
    let unknown = new.jwt(&json!({"kid": "k2"}), &claims());
    let outcome = verify(&verifier, &unknown).await;
    assert!(matches!(outcome, Err(VerificationError::Unavailable(_))));
}

#[actix_web::test]
async fn remembered_tokens_are_forgotten_when_keys_change() {
    let (old, new) = (SigningKey::es256(), SigningKey::es256());
    let world = World::publishing(set(&[(&old, "k1")])).await;
    let limits = CacheLimits {
        capacity: 10,
        max_age_secs: 3600,
    };
    let cached = CachedVerifier::new(Arc::new(world.jwks()), limits, as_clock(&world.clock));
    let before = old.jwt(&json!({"kid": "k1"}), &claims());
    assert!(verify(&cached, &before).await.is_ok());
    world.publish(set(&[(&new, "k2")])).await;
    world.clock.advance_secs(10);
    assert!(verify(&cached, &before).await.is_ok());
    let after = new.jwt(&json!({"kid": "k2"}), &claims());
    assert!(verify(&cached, &after).await.is_ok());
    let outcome = verify(&cached, &before).await;
    assert_eq!(outcome.unwrap_err(), InvalidToken::UnknownKey.into());
}
