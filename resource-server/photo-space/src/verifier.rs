//! The verifier that the settings describe, measured.

use std::sync::Arc;

use prometheus_client::registry::Registry;
use symbolon::clock::Clock;
use symbolon_resource_server::verifier::{
    CachedVerifier, JwtVerifier, KeySource, RemoteVerifier, TokenVerifier, Transport,
    TransportError, UserInfoVerifier, VerifierChain,
};

use crate::metrics::{self, DemoMetrics};
use crate::questions::Questions;
use crate::settings::{DemoSettings, JwtSettings, VerificationMethod, VerifierSettings};

/// Who watches the checks.
pub(super) struct Watched<'a> {
    /// Measures them.
    pub(super) metrics: &'a DemoMetrics,
    /// Keeps the questions that are asked, where they are shown.
    pub(super) questions: Option<Arc<Questions>>,
}

impl Watched<'_> {
    fn asking(&self, verifier: RemoteVerifier) -> RemoteVerifier {
        match &self.questions {
            Some(questions) => verifier.observed_by(Arc::<Questions>::clone(questions)),
            None => verifier,
        }
    }
}

/// The verifier of these settings, whose checks and whose memory are measured. Where there is an old server, it is asked
/// about what the new one does not know.
pub(super) fn measured_verifier(
    settings: &DemoSettings,
    clock: Arc<dyn Clock>,
    watched: &Watched<'_>,
    registry: &mut Registry,
) -> Result<Arc<dyn TokenVerifier>, TransportError> {
    let new = MeasuredVerifier::new(&settings.verifier, Arc::clone(&clock), watched)?;
    let Some(old) = settings.old_verifier.verifier() else {
        register_memories(registry, [new.memory]);
        return Ok(new.verifier);
    };
    let old = MeasuredVerifier::new(old, clock, watched)?;
    register_memories(registry, [new.memory, old.memory]);
    Ok(Arc::new(VerifierChain::new([new.verifier, old.verifier])))
}

/// A verifier whose checks are measured, and its memory, if it has one.
struct MeasuredVerifier {
    verifier: Arc<dyn TokenVerifier>,
    memory: Option<Arc<CachedVerifier>>,
}

impl MeasuredVerifier {
    fn new(
        settings: &VerifierSettings,
        clock: Arc<dyn Clock>,
        watched: &Watched<'_>,
    ) -> Result<Self, TransportError> {
        let verifier = verifier(settings, Arc::clone(&clock), watched)?;
        let verifier = watched.metrics.observe(verifier, settings.method.as_str());
        let Some(limits) = settings.cache else {
            let memory = None;
            return Ok(Self { verifier, memory });
        };
        let memory = Arc::new(CachedVerifier::new(verifier, limits, clock));
        Ok(Self {
            verifier: Arc::<CachedVerifier>::clone(&memory),
            memory: Some(memory),
        })
    }
}

fn register_memories(
    registry: &mut Registry,
    memories: impl IntoIterator<Item = Option<Arc<CachedVerifier>>>,
) {
    let memories: Arc<[_]> = memories.into_iter().flatten().collect();
    if !memories.is_empty() {
        metrics::register_caches(registry, &memories);
    }
}

/// The verifier that these settings describe, which remembers nothing.
fn verifier(
    settings: &VerifierSettings,
    clock: Arc<dyn Clock>,
    watched: &Watched<'_>,
) -> Result<Arc<dyn TokenVerifier>, TransportError> {
    let anonymous = Transport::new(settings.timeouts)?.allow_plain_http(settings.allow_plain_http);
    let transport = anonymous
        .clone()
        .with_credentials(settings.client_id.clone(), settings.client_secret.expose());
    let url = settings.endpoint.clone();
    Ok(match settings.method {
        VerificationMethod::CheckToken => {
            Arc::new(watched.asking(RemoteVerifier::check_token(transport, url, clock)?))
        }
        VerificationMethod::Introspection => {
            let verifier = watched.asking(RemoteVerifier::introspection(transport, url, clock)?);
            Arc::new(verifier.require_token_type(settings.require_token_type))
        }
        VerificationMethod::TokenKey => {
            jwt_verifier(&settings.jwt, KeySource::token_key(transport, url)?, clock)
        }
        // A set that anybody may read needs no credentials, so none are sent.
        VerificationMethod::Jwks => {
            jwt_verifier(&settings.jwt, KeySource::jwks(anonymous, url)?, clock)
        }
        VerificationMethod::UserInfo => {
            let verifier = UserInfoVerifier::new(anonymous, url)?;
            Arc::new(verifier.scope(settings.user_info_scope.clone()))
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
    let verifier = Arc::new(match &settings.issuer {
        Some(issuer) => verifier.issuer(issuer),
        None => verifier,
    });
    let ahead = Arc::clone(&verifier);
    tokio::spawn(async move {
        // What goes wrong stands in the log; the first token asks again.
        let _ = ahead.fetch_keys().await;
    });
    verifier
}
