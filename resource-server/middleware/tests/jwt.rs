//! Checking JWTs: signatures, claims, and attacks on both.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use support::world::{PINNED, World, set, transport, verify, with};
use support::{START, SigningKey, as_clock, claims, encode};
use symbolon_resource_server::verifier::{
    InvalidToken, JwtVerifier, KeySource, VerificationAlgorithm, VerificationError,
};

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
    let pinned = VerificationAlgorithm::ALL;
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
    let outcome = verify(&world.token_key(VerificationAlgorithm::ALL), &token).await;
    assert!(matches!(outcome, Err(VerificationError::Unavailable(_))));
}

#[actix_web::test]
async fn a_shared_secret_counts_only_where_it_is_pinned() {
    let secret = b"a shared secret of sufficient length".to_vec();
    for key in [
        SigningKey::Hs256(secret.clone()),
        SigningKey::Hs384(secret.clone()),
        SigningKey::Hs512(secret.clone()),
    ] {
        let own = VerificationAlgorithm::named(key.alg()).unwrap();
        let token = key.jwt(&json!({"typ": "JWT"}), &claims());
        let world = World::publishing(key.token_key()).await;
        assert!(
            verify(&world.token_key([own]), &token).await.is_ok(),
            "{own}"
        );
        let outcome = verify(&world.token_key(PINNED), &token).await.unwrap_err();
        assert_eq!(outcome, InvalidToken::WrongAlgorithm.into());
        let world = World::publishing(json!({"keys": [key.jwk("k1")]})).await;
        let source = KeySource::jwks(transport(), world.url()).unwrap();
        let jwks = JwtVerifier::new(source, [own], as_clock(&world.clock));
        assert!(verify(&jwks, &token).await.is_err(), "{own}");
    }
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
async fn a_token_that_is_no_jwt_costs_no_fetch() {
    let world = World::publishing(json!({"keys": []})).await;
    for token in ["opaque", "a.b.c", "..", "a.b"] {
        let outcome = verify(&world.jwks(), token).await.unwrap_err();
        assert_eq!(outcome, InvalidToken::Unreadable.into());
    }
    assert_eq!(world.fetches().await, 0);
}
