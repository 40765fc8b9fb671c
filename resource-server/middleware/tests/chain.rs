//! Several verifiers at once.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]

mod support;

use std::sync::Arc;

use serde_json::json;
use support::world::{World, set, transport, verify};
use support::{SigningKey, as_clock, claims, clock};
use symbolon_resource_server::verifier::{
    CacheLimits, CachedVerifier, InvalidToken, KnownTokens, RemoteVerifier, TokenVerifier,
    VerificationError, VerifierChain,
};
use symbolon_resource_server::{Secret, TokenFacts, Url};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

fn knowing(token: &str) -> Arc<dyn TokenVerifier> {
    Arc::new(KnownTokens::default().good(token, TokenFacts::default()))
}

#[actix_web::test]
async fn a_chain_believes_an_old_server_and_a_new_one() {
    let chain = VerifierChain::new([knowing("old"), knowing("new")]);
    assert!(verify(&chain, "old").await.is_ok());
    assert!(verify(&chain, "new").await.is_ok());
    let outcome = verify(&chain, "other").await;
    assert_eq!(outcome.unwrap_err(), InvalidToken::Refused.into());
}

#[actix_web::test]
async fn a_chain_says_no_only_when_all_of_it_do() {
    let away = Url::parse("http://127.0.0.1:1").unwrap();
    let away = || -> Arc<dyn TokenVerifier> {
        Arc::new(
            RemoteVerifier::check_token(transport(), away.clone(), as_clock(&clock())).unwrap(),
        )
    };
    for chain in [[away(), knowing("good")], [knowing("good"), away()]] {
        let chain = VerifierChain::new(chain);
        assert!(verify(&chain, "good").await.is_ok());
        let outcome = verify(&chain, "other").await;
        assert!(matches!(outcome, Err(VerificationError::Unavailable(_))));
    }
}

#[actix_web::test]
async fn what_a_chain_said_is_void_when_keys_of_any_of_it_change() {
    let (old, new) = (SigningKey::es256(), SigningKey::es256());
    let world = World::publishing(set(&[(&old, "k1")])).await;
    let chain = VerifierChain::new([knowing("other"), Arc::new(world.jwks())]);
    let limits = CacheLimits {
        capacity: 10,
        max_age_secs: 3600,
    };
    let cached = CachedVerifier::new(Arc::new(chain), limits, as_clock(&world.clock));
    let before = old.jwt(&json!({"kid": "k1"}), &claims());
    assert!(verify(&cached, &before).await.is_ok());
    world.publish(set(&[(&new, "k2")])).await;
    world.clock.advance_secs(10);
    assert!(
        verify(&cached, &new.jwt(&json!({"kid": "k2"}), &claims()))
            .await
            .is_ok()
    );
    assert!(verify(&cached, &before).await.is_err());
}

fn remembering(verifier: Arc<dyn TokenVerifier>) -> Arc<dyn TokenVerifier> {
    let limits = CacheLimits {
        capacity: 10,
        max_age_secs: 30,
    };
    Arc::new(CachedVerifier::new(verifier, limits, as_clock(&clock())))
}

/// An old server's token costs one question to each server, and not one with every request.
#[actix_web::test]
async fn what_one_of_a_chain_remembers_counts_before_any_is_asked() {
    let new = MockServer::start().await;
    let refusal =
        json!({"error": "invalid_token", "error_description": "Token was not recognised"});
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(400).set_body_json(refusal))
        .expect(1)
        .mount(&new)
        .await;
    let url = Url::parse(&new.uri()).unwrap();
    let asked = RemoteVerifier::check_token(transport(), url, as_clock(&clock())).unwrap();
    let chain = VerifierChain::new([remembering(Arc::new(asked)), remembering(knowing("old"))]);
    for _ in 0..3 {
        assert!(verify(&chain, "old").await.is_ok());
    }
    assert!(chain.recall(&Secret::new("old")).is_some());
    assert!(chain.recall(&Secret::new("other")).is_none());
}

#[actix_web::test]
async fn of_several_reasons_the_one_counts_that_says_most() {
    let refusing = |reason: VerificationError| -> Arc<dyn TokenVerifier> {
        Arc::new(KnownTokens::default().refused("t", reason))
    };
    let expired = || refusing(InvalidToken::Expired.into());
    let unknown = || refusing(InvalidToken::Unreadable.into());
    let away = || refusing(VerificationError::Unavailable("away".to_owned()));
    for (chain, verdict) in [
        (vec![expired(), unknown()], InvalidToken::Expired.into()),
        (vec![unknown(), expired()], InvalidToken::Expired.into()),
        (
            vec![away(), expired()],
            VerificationError::Unavailable("away".to_owned()),
        ),
        (vec![], InvalidToken::Refused.into()),
    ] {
        let outcome = verify(&VerifierChain::new(chain), "t").await;
        assert_eq!(outcome.unwrap_err(), verdict);
    }
}
