//! Where the authorization server publishes its keys, and in which form.

use reqwest::StatusCode;
use symbolon::jwk::{JwkSet, SigningAlgorithm, TokenKeyResponse};
use url::Url;

use super::verification_key::VerificationKey;
use crate::verdict::VerificationError;
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

    /// In which form it publishes them.
    pub fn publication(&self) -> KeyPublication {
        self.publication
    }

    /// The keys that are published now and are for one of the algorithms that are `pinned`.
    pub(super) async fn fetch(
        &self,
        pinned: &[SigningAlgorithm],
    ) -> Result<Vec<VerificationKey>, VerificationError> {
        let answer = self.transport.fetch(&self.url).await?;
        if answer.status != StatusCode::OK {
            return Err(unhelpful(answer.status));
        }
        let mut keys = match self.publication {
            KeyPublication::TokenKey => vec![read_token_key(&answer.body)?],
            KeyPublication::Jwks => read_jwks(&answer.body)?,
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

fn read_token_key(body: &[u8]) -> Result<VerificationKey, VerificationError> {
    let response: TokenKeyResponse = serde_json::from_slice(body)
        .map_err(|_| nonsense("token_key answers without `alg` and `value`"))?;
    VerificationKey::from_token_key(&response)
}

/// The keys of the set that are of use here; others in it are no fault (RFC 7517 §5).
fn read_jwks(body: &[u8]) -> Result<Vec<VerificationKey>, VerificationError> {
    let set: JwkSet =
        serde_json::from_slice(body).map_err(|_| nonsense("its JWK set has no `keys`"))?;
    if set.keys.len() > MOST_KEYS {
        return Err(nonsense("its JWK set does not end"));
    }
    Ok(set
        .keys
        .iter()
        .filter_map(VerificationKey::from_jwk)
        .collect())
}
