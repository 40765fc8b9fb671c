//! A public key of the authorization server, fit for use: read from `token_key` or from a member of a JWK set.

use jsonwebtoken::{DecodingKey, DecodingKeyKind};
use symbolon::jwk::{Jwk, SigningAlgorithm, TokenKeyResponse};

use crate::verdict::VerificationError;
use crate::verifier::transport::nonsense;

/// A key that checks signatures, with the one algorithm it is for. The key decides the algorithm and
/// the token's header never does (RFC 8725 §3.1).
pub(crate) struct VerificationKey {
    pub(crate) kid: Option<String>,
    pub(crate) algorithm: SigningAlgorithm,
    pub(crate) key: DecodingKey,
}

impl VerificationKey {
    /// The answer of `/oauth/token_key`; the key has no name there.
    pub(super) fn from_token_key(response: &TokenKeyResponse) -> Result<Self, VerificationError> {
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
    pub(super) fn from_jwk(jwk: &Jwk) -> Option<Self> {
        if jwk
            .public_key_use
            .as_deref()
            .is_some_and(|use_| use_ != "sig")
        {
            return None;
        }
        let (algorithm, key) = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
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
        let fits = match jwk.alg.as_deref() {
            None => true,
            // RFC 9864 gives EdDSA with this curve a name of its own.
            Some("Ed25519") => algorithm == SigningAlgorithm::EdDSA,
            Some(declared) => declared == algorithm.as_str(),
        };
        fits.then(|| Self {
            kid: jwk.kid.clone(),
            algorithm,
            key,
        })
    }

    /// The same name, algorithm and key material.
    pub(super) fn same_as(&self, other: &Self) -> bool {
        self.kid == other.kid
            && self.algorithm == other.algorithm
            && same_material(&self.key, &other.key)
    }
}

fn same_material(left: &DecodingKey, right: &DecodingKey) -> bool {
    use DecodingKeyKind::{RsaModulusExponent, SecretOrDer};
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
