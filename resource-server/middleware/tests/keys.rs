//! Keys that change, keys that are not to be had, and who waits for them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use support::world::{PINNED, World, set, verify};
use support::{START, SigningKey, as_clock, claims};
use symbolon_resource_server::Timestamp;
use symbolon_resource_server::verifier::{
    CacheLimits, CachedVerifier, InvalidToken, VerificationError,
};
use wiremock::ResponseTemplate;

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

#[actix_web::test]
async fn a_caller_who_goes_away_takes_no_fetch_of_keys_along() {
    let (old, new) = (SigningKey::es256(), SigningKey::es256());
    let world = World::publishing(set(&[(&old, "k1")])).await;
    let verifier = world.jwks();
    let before = old.jwt(&json!({"kid": "k1"}), &claims());
    assert!(verify(&verifier, &before).await.is_ok());
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_millis(300));
    world.answer(slow.set_body_json(set(&[(&new, "k2")]))).await;
    world.clock.advance_secs(10);
    let unknown = old.jwt(&json!({"kid": "invented"}), &claims());
    let gone = tokio::time::timeout(Duration::from_millis(50), verify(&verifier, &unknown));
    assert!(gone.await.is_err());
    let after = new.jwt(&json!({"kid": "k2"}), &claims());
    assert!(verify(&verifier, &after).await.is_ok());
    assert_eq!(world.fetches().await, 1);
}

#[actix_web::test]
async fn the_first_keys_survive_the_caller_who_asked_for_them() {
    let key = SigningKey::es256();
    let world = World::publishing(json!({})).await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_millis(300));
    world.answer(slow.set_body_json(set(&[(&key, "k1")]))).await;
    let verifier = world.jwks();
    let token = key.jwt(&json!({"kid": "k1"}), &claims());
    let gone = tokio::time::timeout(Duration::from_millis(50), verify(&verifier, &token));
    assert!(gone.await.is_err());
    assert!(verify(&verifier, &token).await.is_ok());
}

#[actix_web::test]
async fn a_key_that_is_malformed_is_skipped() {
    let key = SigningKey::es256();
    let mut keys = set(&[(&key, "k1")]);
    let good = keys["keys"][0].clone();
    keys["keys"] = json!([null, {"kty": 7}, {"kty": "EC", "crv": "P-256", "x": "?", "y": 1}, good]);
    let world = World::publishing(keys).await;
    let token = key.jwt(&json!({"kid": "k1"}), &claims());
    assert!(verify(&world.jwks(), &token).await.is_ok());
}

#[actix_web::test]
async fn a_set_of_many_keys_serves_and_a_nameless_token_costs_no_check_with_each() {
    let (key, other) = (SigningKey::es256(), SigningKey::es256());
    let names: Vec<String> = (0..100).map(|number| format!("k{number}")).collect();
    let mut keys: Vec<_> = names.iter().map(|name| (&other, name.as_str())).collect();
    keys.push((&key, "last"));
    let world = World::publishing(set(&keys)).await;
    let verifier = world.jwks();
    let named = key.jwt(&json!({"kid": "last"}), &claims());
    assert!(verify(&verifier, &named).await.is_ok());
    let nameless = key.jwt(&json!({}), &claims());
    let outcome = verify(&verifier, &nameless).await.unwrap_err();
    assert_eq!(outcome, InvalidToken::BadSignature.into());
}

#[actix_web::test]
async fn setting_the_clock_neither_puts_off_a_fetch_nor_asks_for_one() {
    let (old, new) = (SigningKey::es256(), SigningKey::es256());
    let world = World::publishing(set(&[(&old, "k1")])).await;
    let verifier = world.jwks().leeway_secs(600);
    let long = |key: &SigningKey, kid: &str| {
        let mut claims = claims();
        claims["exp"] = json!(START + 100_000);
        key.jwt(&json!({"kid": kid}), &claims)
    };
    assert!(verify(&verifier, &long(&old, "k1")).await.is_ok());
    world.publish(set(&[(&new, "k2")])).await;
    world.clock.set(Timestamp::from_secs(START + 7200));
    assert!(verify(&verifier, &long(&old, "k1")).await.is_ok());
    assert_eq!(world.fetches().await, 0);
    world.clock.set(Timestamp::from_secs(START - 7200));
    world.clock.advance_secs(10);
    assert!(verify(&verifier, &long(&new, "k2")).await.is_ok());
    assert_eq!(world.fetches().await, 1);
}

#[actix_web::test]
async fn while_there_are_no_keys_they_are_asked_for_each_second() {
    let key = SigningKey::es256();
    let world = World::publishing(json!({})).await;
    world.answer(ResponseTemplate::new(503)).await;
    let verifier = world.jwks();
    let token = key.jwt(&json!({"kid": "k1"}), &claims());
    assert!(verify(&verifier, &token).await.is_err());
    world.publish(set(&[(&key, "k1")])).await;
    world.clock.advance_secs(1);
    assert!(verify(&verifier, &token).await.is_ok());
}

#[actix_web::test]
async fn nobody_waits_long_for_keys_that_do_not_come() {
    let (key, new) = (SigningKey::es256(), SigningKey::es256());
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let verifier = world.jwks();
    let known = key.jwt(&json!({"kid": "k1"}), &claims());
    assert!(verify(&verifier, &known).await.is_ok());
    let hangs = ResponseTemplate::new(200).set_delay(Duration::from_secs(30));
    world.answer(hangs).await;
    world.clock.advance_secs(300);
    let started = Instant::now();
    let unknown = new.jwt(&json!({"kid": "k2"}), &claims());
    let (of_old_keys, unclear) =
        futures_util::join!(verify(&verifier, &known), verify(&verifier, &unknown));
    assert!(of_old_keys.is_ok());
    assert!(matches!(unclear, Err(VerificationError::Unavailable(_))));
    assert!(started.elapsed() < Duration::from_secs(3));
    let first = world.jwks();
    assert!(matches!(
        verify(&first, &known).await,
        Err(VerificationError::Unavailable(_))
    ));
    assert!(started.elapsed() < Duration::from_secs(6));
}

#[actix_web::test]
async fn keys_are_renewed_while_nobody_waits() {
    let (old, new) = (SigningKey::es256(), SigningKey::es256());
    let world = World::publishing(set(&[(&old, "k1")])).await;
    let verifier = world.jwks();
    let before = old.jwt(&json!({"kid": "k1"}), &claims());
    assert!(verify(&verifier, &before).await.is_ok());
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_millis(300));
    world.answer(slow.set_body_json(set(&[(&new, "k2")]))).await;
    world.clock.advance_secs(225);
    let started = Instant::now();
    assert!(verify(&verifier, &before).await.is_ok());
    assert!(started.elapsed() < Duration::from_millis(200));
    // Whoever names the new key waits for the fetch that goes on.
    let after = new.jwt(&json!({"kid": "k2"}), &claims());
    assert!(verify(&verifier, &after).await.is_ok());
    assert_eq!(world.fetches().await, 1);
}

/// Keys may be fetched at the start, and whoever cannot do without them learns that they are not there.
#[actix_web::test]
async fn keys_may_be_fetched_before_there_is_a_token() {
    let key = SigningKey::es256();
    let world = World::publishing(key.token_key()).await;
    let verifier = world.token_key(PINNED);
    assert_eq!(verifier.fetch_keys().await, Ok(()));
    assert!(
        verify(&verifier, &key.jwt(&json!({}), &claims()))
            .await
            .is_ok()
    );
    assert_eq!(world.fetches().await, 1);
    world.answer(ResponseTemplate::new(401)).await;
    let outcome = world.token_key(PINNED).fetch_keys().await;
    assert!(matches!(outcome, Err(VerificationError::Unavailable(_))));
}
