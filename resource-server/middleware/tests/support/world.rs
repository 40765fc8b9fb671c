//! An authorization server that publishes keys.

use std::sync::Arc;

use serde_json::{Value, json};
use symbolon_resource_server::verifier::{
    JwtVerifier, KeySource, Timeouts, TokenVerifier, Transport, VerificationAlgorithm,
    VerificationError,
};
use symbolon_resource_server::{Authentication, Secret, SettableClock, Url};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{SigningKey, as_clock, claims, clock};

pub(crate) const PINNED: [VerificationAlgorithm; 3] = [
    VerificationAlgorithm::ES256,
    VerificationAlgorithm::RS256,
    VerificationAlgorithm::EdDSA,
];

/// An authorization server's keys, a clock, and a verifier of both.
pub(crate) struct World {
    pub(crate) server: MockServer,
    pub(crate) clock: Arc<SettableClock>,
}

impl World {
    pub(crate) async fn publishing(keys: Value) -> Self {
        let world = Self {
            server: MockServer::start().await,
            clock: clock(),
        };
        world.publish(keys).await;
        world
    }

    pub(crate) async fn publish(&self, keys: Value) {
        self.answer(ResponseTemplate::new(200).set_body_json(keys))
            .await;
    }

    pub(crate) async fn answer(&self, template: ResponseTemplate) {
        self.server.reset().await;
        Mock::given(method("GET"))
            .respond_with(template)
            .mount(&self.server)
            .await;
    }

    /// Since the last change of what is published.
    pub(crate) async fn fetches(&self) -> usize {
        self.server.received_requests().await.unwrap().len()
    }

    pub(crate) fn jwks(&self) -> JwtVerifier {
        let source = KeySource::jwks(transport(), self.url()).unwrap();
        JwtVerifier::new(source, PINNED, as_clock(&self.clock))
    }

    pub(crate) fn token_key(
        &self,
        pinned: impl IntoIterator<Item = VerificationAlgorithm>,
    ) -> JwtVerifier {
        let source = KeySource::token_key(transport(), self.url()).unwrap();
        JwtVerifier::new(source, pinned, as_clock(&self.clock))
    }

    pub(crate) fn url(&self) -> Url {
        Url::parse(&self.server.uri()).unwrap()
    }
}

pub(crate) fn transport() -> Transport {
    Transport::new(Timeouts::default()).unwrap()
}

pub(crate) fn set(keys: &[(&SigningKey, &str)]) -> Value {
    let keys: Vec<Value> = keys.iter().map(|(key, kid)| key.jwk(kid)).collect();
    json!({ "keys": keys })
}

pub(crate) async fn verify(
    verifier: &dyn TokenVerifier,
    token: &str,
) -> Result<Authentication, VerificationError> {
    verifier.verify(&Secret::new(token)).await
}

pub(crate) fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}
