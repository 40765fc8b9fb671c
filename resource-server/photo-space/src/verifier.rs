//! The verifier that the settings describe, measured.

use std::sync::Arc;

use prometheus_client::registry::Registry;
use symbolon::clock::Clock;
use symbolon_resource_server::verifier::{
    CachedVerifier, JwtVerifier, KeySource, RemoteVerifier, TokenVerifier, Transport,
    TransportError,
};

use crate::metrics::{self, DemoMetrics};
use crate::settings::{JwtSettings, VerificationMethod, VerifierSettings};

/// The verifier of these settings, whose checks and whose memory are measured.
pub(super) fn measured_verifier(
    settings: &VerifierSettings,
    clock: Arc<dyn Clock>,
    metrics: &DemoMetrics,
    registry: &mut Registry,
) -> Result<Arc<dyn TokenVerifier>, TransportError> {
    let verifier = verifier(settings, Arc::clone(&clock))?;
    let verifier = metrics.observe(verifier, settings.method.as_str());
    let Some(limits) = settings.cache else {
        return Ok(verifier);
    };
    let cached = Arc::new(CachedVerifier::new(verifier, limits, clock));
    metrics::register_cache(registry, &cached);
    Ok(cached)
}

/// The verifier that these settings describe, which remembers nothing.
fn verifier(
    settings: &VerifierSettings,
    clock: Arc<dyn Clock>,
) -> Result<Arc<dyn TokenVerifier>, TransportError> {
    let anonymous = Transport::new(settings.timeouts)?.allow_plain_http(settings.allow_plain_http);
    let transport = anonymous
        .clone()
        .with_credentials(settings.client_id.clone(), settings.client_secret.expose());
    let url = settings.endpoint.clone();
    Ok(match settings.method {
        VerificationMethod::CheckToken => {
            Arc::new(RemoteVerifier::check_token(transport, url, clock)?)
        }
        VerificationMethod::Introspection => {
            let verifier = RemoteVerifier::introspection(transport, url, clock)?;
            Arc::new(verifier.require_token_type(settings.require_token_type))
        }
        VerificationMethod::TokenKey => {
            jwt_verifier(&settings.jwt, KeySource::token_key(transport, url)?, clock)
        }
        // A set that anybody may read needs no credentials, so none are sent.
        VerificationMethod::Jwks => {
            jwt_verifier(&settings.jwt, KeySource::jwks(anonymous, url)?, clock)
        }
    })
}

fn jwt_verifier(
    settings: &JwtSettings,
    source: KeySource,
    clock: Arc<dyn Clock>,
) -> Arc<dyn TokenVerifier> {
    let verifier = JwtVerifier::new(source, settings.algorithms.clone(), clock)
        .only_standard_type(settings.only_standard_type)
        .leeway_secs(settings.leeway_secs)
        .key_fetch_interval_secs(settings.key_fetch_interval_secs)
        .key_max_age_secs(settings.key_max_age_secs);
    Arc::new(match &settings.issuer {
        Some(issuer) => verifier.issuer(issuer),
        None => verifier,
    })
}
