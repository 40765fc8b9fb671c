//! Where the authorization server publishes its keys, and in which form.

use reqwest::StatusCode;
use symbolon::calls::{AddressError, Answer};
use symbolon::jwk::{JwkSet, TokenKeyResponse};
use symbolon::members::Members;
use symbolon::secret::Secret;
use url::Url;

use super::verification_key::VerificationKey;
use crate::verdict::VerificationError;
use crate::verifier::algorithm::VerificationAlgorithm;
use crate::verifier::discovery;
use crate::verifier::transport::{Transport, TransportError, nonsense, unhelpful};

/// How an authorization server publishes its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPublication {
    /// `/oauth/token_key` of the Spring dialect: one key, without a name.
    TokenKey,
    /// A JWK set (RFC 7517 §5).
    Jwks,
    /// It does not: the key is known beforehand.
    Fixed,
}

/// Where keys come from.
#[derive(Clone, Debug)]
pub struct KeySource {
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    TokenKey(Transport, Url),
    Jwks(Transport, Url),
    /// The metadata of the issuer tells.
    Metadata(Transport, String),
    Fixed(Secret),
}

impl KeySource {
    /// `/oauth/token_key`; the transport needs credentials where the endpoint asks for them.
    pub fn token_key(transport: Transport, url: Url) -> Result<Self, TransportError> {
        transport.check(&url)?;
        let place = Place::TokenKey(transport, url);
        Ok(Self { place })
    }

    /// A JWK set.
    pub fn jwks(transport: Transport, url: Url) -> Result<Self, TransportError> {
        transport.check(&url)?;
        let place = Place::Jwks(transport, url);
        Ok(Self { place })
    }

    /// The JWK set that the metadata of this issuer names
    /// ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414), or `OpenID` Connect Discovery). It is asked for
    /// together with the keys, so the issuer may start later than this program.
    pub fn issuer(transport: Transport, issuer: impl Into<String>) -> Result<Self, TransportError> {
        let issuer = issuer.into();
        transport.check(&Url::parse(&issuer).map_err(AddressError::from)?)?;
        let place = Place::Metadata(transport, issuer);
        Ok(Self { place })
    }

    /// A key that the program was told, as Spring's `jwt.key-value`: an RSA key, as PEM or in the form of SSH, for RS256; any
    /// other text is a shared secret for HS256. It does not change before the program starts again.
    pub fn fixed(key: impl Into<String>) -> Result<Self, TransportError> {
        let key = Secret::new(key.into());
        VerificationKey::of_kind(&key).map_err(|error| TransportError::Key(error.to_string()))?;
        let place = Place::Fixed(key);
        Ok(Self { place })
    }

    /// In which form it publishes them.
    pub fn publication(&self) -> KeyPublication {
        match self.place {
            Place::TokenKey(..) => KeyPublication::TokenKey,
            Place::Jwks(..) | Place::Metadata(..) => KeyPublication::Jwks,
            Place::Fixed(_) => KeyPublication::Fixed,
        }
    }

    /// The issuer, where that is what is known.
    pub(crate) fn issuer_known(&self) -> Option<&str> {
        match &self.place {
            Place::Metadata(_, issuer) => Some(issuer),
            Place::TokenKey(..) | Place::Jwks(..) | Place::Fixed(_) => None,
        }
    }

    /// The keys that are published now and are for one of the algorithms that are `pinned`.
    pub(super) async fn fetch(
        &self,
        pinned: &[VerificationAlgorithm],
    ) -> Result<Vec<VerificationKey>, VerificationError> {
        let mut keys = match &self.place {
            Place::TokenKey(transport, url) => {
                vec![read_token_key(&answer(transport, url).await?)?]
            }
            Place::Jwks(transport, url) => read_jwks(&answer(transport, url).await?)?,
            Place::Metadata(transport, issuer) => {
                let url = discovery::jwks_uri(transport, issuer).await?;
                read_jwks(&answer(transport, &url).await?)?
            }
            Place::Fixed(key) => vec![VerificationKey::of_kind(key).map_err(nonsense)?],
        };
        for key in &mut keys {
            key.algorithms
                .retain(|algorithm| pinned.contains(algorithm));
        }
        keys.retain(|key| !key.algorithms.is_empty());
        if keys.is_empty() {
            return Err(nonsense(
                "it publishes no key for an algorithm that is allowed here",
            ));
        }
        Ok(keys)
    }
}

async fn answer(transport: &Transport, url: &Url) -> Result<Answer, VerificationError> {
    let answer = transport.fetch(url).await?;
    if answer.status == StatusCode::OK {
        Ok(answer)
    } else {
        Err(unhelpful(answer.status))
    }
}

fn read_token_key(answer: &Answer) -> Result<VerificationKey, VerificationError> {
    let said = Members::decode("token_key", &answer.body).ok();
    let response = said
        .and_then(|said| TokenKeyResponse::read(&said))
        .ok_or_else(|| nonsense("token_key answers without `alg` and `value`"))?;
    VerificationKey::from_token_key(&response)
        .map_err(|fault| nonsense(&format!("token_key {fault}")))
}

/// The keys of the set that are of use here; others in it are no fault (RFC 7517 §5).
fn read_jwks(answer: &Answer) -> Result<Vec<VerificationKey>, VerificationError> {
    let said = Members::decode("JWK set", &answer.body).ok();
    let set = said
        .and_then(|said| JwkSet::read(&said))
        .ok_or_else(|| nonsense("its JWK set has no `keys`"))?;
    let keys = set.keys.iter().filter_map(|jwk| {
        let key = VerificationKey::from_jwk(jwk);
        if key.is_none() {
            tracing::debug!(
                event = "key_skipped",
                kid = jwk.kid,
                reason = "it checks no signature"
            );
        }
        key
    });
    Ok(keys.collect())
}
