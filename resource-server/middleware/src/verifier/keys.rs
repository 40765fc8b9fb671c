//! The authorization server's public keys: a snapshot that readers share, replaced as a whole after a
//! fetch that no lock for readers spans.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::DecodingKey;
use reqwest::StatusCode;
use symbolon::clock::{Clock, Timestamp};
use symbolon::jwk::{Jwk, JwkSet, SigningAlgorithm, TokenKeyResponse};
use tokio::sync::Mutex;
use url::Url;

use crate::verifier::VerificationError;
use crate::verifier::transport::{Transport, nonsense, unhelpful};

/// More keys than this in one set are nonsense: each may cost a signature check.
const MOST_KEYS: usize = 32;

/// How an authorization server publishes its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPublication {
    /// `/oauth/token_key` of the Spring dialect: one key, without a name.
    TokenKey,
    /// A JWK set (RFC 7517 §5).
    Jwks,
}

/// Where keys come from.
#[derive(Clone, Debug)]
pub struct KeySource {
    transport: Transport,
    url: Url,
    publication: KeyPublication,
}

impl KeySource {
    /// `/oauth/token_key`; the transport needs credentials where the endpoint asks for them.
    pub fn token_key(transport: Transport, url: Url) -> Self {
        Self {
            transport,
            url,
            publication: KeyPublication::TokenKey,
        }
    }

    /// A JWK set.
    pub fn jwks(transport: Transport, url: Url) -> Self {
        Self {
            transport,
            url,
            publication: KeyPublication::Jwks,
        }
    }

    /// Which of the two it is.
    pub fn publication(&self) -> KeyPublication {
        self.publication
    }

    async fn fetch(
        &self,
        pinned: &[SigningAlgorithm],
    ) -> Result<Vec<VerificationKey>, VerificationError> {
        let answer = self.transport.fetch(&self.url).await?;
        if answer.status != StatusCode::OK {
            return Err(unhelpful(answer.status));
        }
        let mut keys = match self.publication {
            KeyPublication::TokenKey => {
                let response: TokenKeyResponse = serde_json::from_slice(&answer.body)
                    .map_err(|_| nonsense("token_key answers without `alg` and `value`"))?;
                vec![VerificationKey::from_token_key(&response)?]
            }
            KeyPublication::Jwks => {
                let set: JwkSet = serde_json::from_slice(&answer.body)
                    .map_err(|_| nonsense("its JWK set has no `keys`"))?;
                if set.keys.len() > MOST_KEYS {
                    return Err(nonsense("its JWK set does not end"));
                }
                set.keys
                    .iter()
                    .filter_map(VerificationKey::from_jwk)
                    .collect()
            }
        };
        keys.retain(|key| pinned.contains(&key.algorithm));
        if keys.is_empty() {
            return Err(nonsense(
                "it publishes no key for an algorithm that is allowed here",
            ));
        }
        Ok(keys)
    }
}

/// A key that checks signatures, with the one algorithm it is for. The key decides the algorithm and
/// the token's header never does (RFC 8725 §3.1).
pub(super) struct VerificationKey {
    pub(super) kid: Option<String>,
    pub(super) algorithm: SigningAlgorithm,
    pub(super) key: DecodingKey,
}

impl VerificationKey {
    fn from_token_key(response: &TokenKeyResponse) -> Result<Self, VerificationError> {
        let algorithm = SigningAlgorithm::from_java_name(&response.alg)
            .ok_or_else(|| nonsense("token_key names an unknown algorithm"))?;
        let pem = response.value.as_bytes();
        let key = match algorithm {
            SigningAlgorithm::ES256 => DecodingKey::from_ec_pem(pem),
            SigningAlgorithm::RS256 => DecodingKey::from_rsa_pem(pem),
            SigningAlgorithm::EdDSA => DecodingKey::from_ed_pem(pem),
            // A public key is no secret: whoever reads it could sign with it.
            SigningAlgorithm::HS256 if response.value.trim_start().starts_with("-----BEGIN") => {
                return Err(nonsense(
                    "token_key calls a public key a shared secret, so anybody could sign",
                ));
            }
            SigningAlgorithm::HS256 => Ok(DecodingKey::from_secret(pem)),
        };
        let key = key.map_err(|_| nonsense("token_key's key does not fit its algorithm"))?;
        Ok(Self {
            kid: None,
            algorithm,
            key,
        })
    }

    /// `None` for keys of other kinds and uses. Shared secrets (`oct`) are among them: a set that
    /// anybody may read has none.
    fn from_jwk(jwk: &Jwk) -> Option<Self> {
        if jwk
            .public_key_use
            .as_deref()
            .is_some_and(|use_| use_ != "sig")
        {
            return None;
        }
        let curve = jwk.crv.as_deref();
        let (algorithm, key) = match (jwk.kty.as_str(), curve) {
            ("EC", Some("P-256")) => (
                SigningAlgorithm::ES256,
                DecodingKey::from_ec_components(jwk.x.as_deref()?, jwk.y.as_deref()?).ok()?,
            ),
            ("RSA", None) => (
                SigningAlgorithm::RS256,
                DecodingKey::from_rsa_components(jwk.n.as_deref()?, jwk.e.as_deref()?).ok()?,
            ),
            ("OKP", Some("Ed25519")) => (
                SigningAlgorithm::EdDSA,
                DecodingKey::from_ed_components(jwk.x.as_deref()?).ok()?,
            ),
            _ => return None,
        };
        let declared = jwk.alg.as_deref();
        let fits = match declared {
            None => true,
            // RFC 9864 gives EdDSA with this curve a name of its own.
            Some("Ed25519") => algorithm == SigningAlgorithm::EdDSA,
            Some(alg) => alg == algorithm.as_str(),
        };
        fits.then(|| Self {
            kid: jwk.kid.clone(),
            algorithm,
            key,
        })
    }
}

/// The keys of one fetch.
#[derive(Default)]
pub(super) struct KeySet {
    pub(super) keys: Vec<VerificationKey>,
    /// Counts the times that the keys changed; 0 before the first fetch.
    pub(super) generation: u64,
    fetched_at: Option<Timestamp>,
}

impl KeySet {
    fn same_keys(&self, keys: &[VerificationKey]) -> bool {
        self.keys.len() == keys.len()
            && self.keys.iter().zip(keys).all(|(left, right)| {
                left.kid == right.kid
                    && left.algorithm == right.algorithm
                    && same_material(&left.key, &right.key)
            })
    }
}

fn same_material(left: &DecodingKey, right: &DecodingKey) -> bool {
    use jsonwebtoken::DecodingKeyKind::{RsaModulusExponent, SecretOrDer};
    match (left.kind(), right.kind()) {
        (SecretOrDer(left), SecretOrDer(right)) => left == right,
        (
            RsaModulusExponent { n, e },
            RsaModulusExponent {
                n: other_n,
                e: other_e,
            },
        ) => n == other_n && e == other_e,
        (SecretOrDer(_), RsaModulusExponent { .. })
        | (RsaModulusExponent { .. }, SecretOrDer(_)) => false,
    }
}

/// How often keys are fetched.
#[derive(Clone, Copy, Debug)]
pub(super) struct FetchPace {
    /// At least this many seconds lie between two fetches, whatever tokens come.
    pub(super) interval_secs: u64,
    /// Keys older than this many seconds are fetched again, so that a key that was withdrawn ends.
    pub(super) max_age_secs: u64,
}

/// The keys in use and the one place that fetches them.
pub(super) struct KeyRing {
    source: KeySource,
    /// The algorithms that may sign at all.
    pub(super) pinned: Vec<SigningAlgorithm>,
    pub(super) pace: FetchPace,
    clock: Arc<dyn Clock>,
    /// Held for the length of a pointer's copy, never across the network.
    snapshot: RwLock<Arc<KeySet>>,
    /// Held across the network: whoever holds it is the one who fetches.
    fetching: Mutex<LastFetch>,
}

#[derive(Default)]
struct LastFetch {
    tried_at: Option<Timestamp>,
    failure: Option<VerificationError>,
}

impl KeyRing {
    pub(super) fn new(
        source: KeySource,
        pinned: Vec<SigningAlgorithm>,
        pace: FetchPace,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            source,
            pinned,
            pace,
            clock,
            snapshot: RwLock::default(),
            fetching: Mutex::default(),
        }
    }

    /// The keys as they were fetched last, whatever their age.
    pub(super) fn snapshot(&self) -> Arc<KeySet> {
        // A writer only swaps a pointer, so a poisoned lock still guards a whole snapshot.
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keys to check with: those at hand while they are young. One caller renews old ones and goes on
    /// with them if that fails; the others do not wait for it.
    pub(super) async fn current(&self) -> Result<Arc<KeySet>, VerificationError> {
        let keys = self.snapshot();
        let Some(fetched_at) = keys.fetched_at else {
            return self.renewed(&keys).await;
        };
        if fetched_at.secs_until(self.clock.now()) < self.pace.max_age_secs {
            return Ok(keys);
        }
        let Ok(mut last) = self.fetching.try_lock() else {
            return Ok(keys);
        };
        if let Err(error) = self.fetch(&mut last).await {
            tracing::warn!(event = "keys_not_renewed", reason = %error);
        }
        Ok(self.snapshot())
    }

    /// Keys that are newer than `seen`, if there are any: at most one fetch at a time, which serves all
    /// who wait, and none when the last one was a moment ago.
    pub(super) async fn renewed(&self, seen: &KeySet) -> Result<Arc<KeySet>, VerificationError> {
        let mut last = self.fetching.lock().await;
        let keys = self.snapshot();
        if keys.generation > seen.generation {
            return Ok(keys);
        }
        self.fetch(&mut last).await?;
        Ok(self.snapshot())
    }

    async fn fetch(&self, last: &mut LastFetch) -> Result<(), VerificationError> {
        let now = self.clock.now();
        let rested = last
            .tried_at
            .is_none_or(|tried_at| tried_at.secs_until(now) >= self.pace.interval_secs);
        if !rested {
            return last.failure.clone().map_or(Ok(()), Err);
        }
        last.tried_at = Some(now);
        // Should the caller go away meanwhile, the next one must not take silence for success.
        last.failure = Some(nonsense("the last fetch of its keys was abandoned"));
        match self.source.fetch(&self.pinned).await {
            Ok(keys) => {
                last.failure = None;
                self.replace(keys, now);
                Ok(())
            }
            Err(error) => {
                last.failure = Some(error.clone());
                Err(error)
            }
        }
    }

    fn replace(&self, keys: Vec<VerificationKey>, now: Timestamp) {
        let before = self.snapshot();
        // The same keys again change nothing, so caches may keep what they know.
        let generation = before.generation + u64::from(!before.same_keys(&keys));
        let renewed = Arc::new(KeySet {
            keys,
            generation,
            fetched_at: Some(now),
        });
        *self
            .snapshot
            .write()
            .unwrap_or_else(PoisonError::into_inner) = renewed;
        if generation != before.generation {
            tracing::info!(event = "keys_replaced", generation);
        }
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.snapshot();
        let names: Vec<_> = keys.keys.iter().map(|key| key.kid.as_deref()).collect();
        formatter
            .debug_struct("KeyRing")
            .field("source", &self.source)
            .field("pinned", &self.pinned)
            .field("pace", &self.pace)
            .field("kids", &names)
            .finish_non_exhaustive()
    }
}
