//! A private key, parsed.

use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use sha2::{Digest as _, Sha256};
use symbolon::jwk::SigningAlgorithm;
use zeroize::Zeroizing;

/// A key that cannot be used. The texts never show any of it.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Not a private key of the kind that the algorithm needs.
    #[error("not a private key for {algorithm} (accepted: {accepted})")]
    Rejected {
        /// The algorithm it was to be for.
        algorithm: SigningAlgorithm,
        /// What would have done.
        accepted: &'static str,
    },
    /// RFC 7518 §3.2: whoever has one token finds a short secret by trying.
    #[error(
        "too short a secret for {algorithm} (accepted: {least} bytes or more, or keys.short_secret = true)"
    )]
    ShortSecret {
        /// The algorithm it was to be for.
        algorithm: SigningAlgorithm,
        /// Bytes that it has at least.
        least: usize,
    },
    /// The library refused to sign or generate.
    #[error("the cryptographic library failed for {0}")]
    Library(SigningAlgorithm),
}

/// A private key, parsed.
pub(super) enum PrivateKey {
    Es256(EcdsaKeyPair),
    Rsa(RsaKeyPair, RsaHash),
    EdDsa(Ed25519KeyPair),
    Shared(Box<SharedSecret>),
}

/// What RSA signs.
#[derive(Clone, Copy)]
pub(super) enum RsaHash {
    Sha256,
    Sha512,
}

/// The key of an HMAC, ready to sign, and as it is published to resource servers.
pub(super) struct SharedSecret {
    pub(super) algorithm: SigningAlgorithm,
    pub(super) key: hmac::Key,
    pub(super) secret: Zeroizing<Vec<u8>>,
}

impl PrivateKey {
    pub(super) fn parse(algorithm: SigningAlgorithm, material: &[u8]) -> Result<Self, KeyError> {
        let rsa = |hash| {
            let accepted = "PKCS #8 or PKCS #1 with an RSA key of 2048 bits or more";
            RsaKeyPair::from_pkcs8(material)
                .or_else(|_| RsaKeyPair::from_der(material))
                .map(|key| Self::Rsa(key, hash))
                .map_err(|_| rejected(algorithm, accepted))
        };
        let shared = |hash| SharedSecret::parse(algorithm, hash, material).map(Self::Shared);
        match algorithm {
            SigningAlgorithm::ES256 => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, material)
                    .map(Self::Es256)
                    .map_err(|_| rejected(algorithm, "PKCS #8 with a P-256 key"))
            }
            SigningAlgorithm::RS256 => rsa(RsaHash::Sha256),
            SigningAlgorithm::RS512 => rsa(RsaHash::Sha512),
            SigningAlgorithm::EdDSA => Ed25519KeyPair::from_pkcs8(material)
                .map(Self::EdDsa)
                .map_err(|_| rejected(algorithm, "PKCS #8 with an Ed25519 key")),
            SigningAlgorithm::HS256 => shared(hmac::HMAC_SHA256),
            SigningAlgorithm::HS384 => shared(hmac::HMAC_SHA384),
            SigningAlgorithm::HS512 => shared(hmac::HMAC_SHA512),
        }
    }

    /// X.509 `SubjectPublicKeyInfo`; `None` for a shared secret.
    pub(super) fn public_der(&self) -> Option<Vec<u8>> {
        let der: PublicKeyX509Der<'_> = match self {
            Self::Es256(key) => key.public_key().as_der().ok()?,
            Self::Rsa(key, _) => key.public_key().as_der().ok()?,
            Self::EdDsa(key) => key.public_key().as_der().ok()?,
            Self::Shared(_) => return None,
        };
        Some(der.as_ref().to_vec())
    }

    pub(super) fn verifier(&self) -> Option<DecodingKey> {
        match self {
            Self::Es256(key) => {
                let (x, y) = coordinates(key)?;
                DecodingKey::from_ec_components(&base64url(x), &base64url(y)).ok()
            }
            Self::Rsa(key, _) => {
                let public = key.public_key();
                Some(DecodingKey::from_rsa_raw_components(
                    public.modulus().big_endian_without_leading_zero(),
                    public.exponent().big_endian_without_leading_zero(),
                ))
            }
            Self::EdDsa(key) => {
                DecodingKey::from_ed_components(&base64url(key.public_key().as_ref())).ok()
            }
            Self::Shared(shared) => Some(DecodingKey::from_secret(&shared.secret)),
        }
    }

    pub(super) fn kid(&self) -> Option<String> {
        let digest = match self {
            Self::Es256(_) | Self::Rsa(..) | Self::EdDsa(_) => Sha256::digest(self.public_der()?),
            Self::Shared(shared) => {
                // Keyed by the secret itself: reveals nothing that a signature does not.
                Sha256::digest(hmac::sign(&shared.key, b"kid"))
            }
        };
        Some(base64url(digest.first_chunk::<12>()?))
    }
}

impl SharedSecret {
    /// `/oauth/token_key` publishes it as text.
    fn parse(
        algorithm: SigningAlgorithm,
        hash: hmac::Algorithm,
        material: &[u8],
    ) -> Result<Box<Self>, KeyError> {
        if material.is_empty() || std::str::from_utf8(material).is_err() {
            return Err(rejected(algorithm, "a text"));
        }
        Ok(Box::new(Self {
            algorithm,
            key: hmac::Key::new(hash, material),
            secret: Zeroizing::new(material.to_vec()),
        }))
    }
}

/// The two halves of an uncompressed point (SEC 1 §2.3.3).
pub(super) fn coordinates(key: &EcdsaKeyPair) -> Option<(&[u8], &[u8])> {
    key.public_key()
        .as_ref()
        .strip_prefix(&[4])?
        .split_at_checked(32)
}

pub(super) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

const fn rejected(algorithm: SigningAlgorithm, accepted: &'static str) -> KeyError {
    KeyError::Rejected {
        algorithm,
        accepted,
    }
}
