//! Keys that sign JWTs. A private key is parsed once, when it is loaded.

mod private_key;

use std::fmt;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA512, RsaEncoding, RsaKeyPair,
};
use aws_lc_rs::{encoding, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::DecodingKey;
use symbolon::clock::Timestamp;
use symbolon::jwk::{Jwk, SigningAlgorithm, TokenKeyResponse};
use symbolon::random::Random;
use zeroize::Zeroizing;

pub use private_key::KeyError;
use private_key::{PrivateKey, RsaHash, base64url, coordinates};

/// A key of the ring.
pub struct SigningKey {
    kid: String,
    activates_at: Timestamp,
    private: PrivateKey,
    verifier: DecodingKey,
    /// Whether headers of what it signs name it.
    named_in_headers: bool,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SigningKey({}, {})", self.kid, self.algorithm())
    }
}

/// Makes the private key of a new signing key: PKCS #8, or the bytes of a shared secret.
pub fn generate(
    algorithm: SigningAlgorithm,
    random: &dyn Random,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let failed = |_| KeyError::Library(algorithm);
    let shared = |text: String| Zeroizing::new(text.into_bytes());
    let pkcs8 = |document: encoding::Pkcs8V1Der<'_>| Zeroizing::new(document.as_ref().to_vec());
    match algorithm {
        SigningAlgorithm::ES256 => {
            let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(failed)?;
            key.to_pkcs8v1()
                .map(|document| Zeroizing::new(document.as_ref().to_vec()))
                .map_err(failed)
        }
        SigningAlgorithm::RS256 | SigningAlgorithm::RS512 => {
            let key = RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
            key.as_der().map(pkcs8).map_err(failed)
        }
        SigningAlgorithm::EdDSA => {
            let key = Ed25519KeyPair::generate().map_err(failed)?;
            key.as_der().map(pkcs8).map_err(failed)
        }
        // As text, because `/oauth/token_key` publishes it as text.
        SigningAlgorithm::HS256 => Ok(shared(random.text::<32>())),
        SigningAlgorithm::HS384 => Ok(shared(random.text::<48>())),
        SigningAlgorithm::HS512 => Ok(shared(random.text::<64>())),
    }
}

impl SigningKey {
    /// Parses what [`generate`] made, or a key that the operator has: PKCS #8 or, for RSA, PKCS #1.
    pub fn parse(
        algorithm: SigningAlgorithm,
        material: &[u8],
        activates_at: Timestamp,
    ) -> Result<Self, KeyError> {
        let private = PrivateKey::parse(algorithm, material)?;
        let verifier = private.verifier().ok_or(KeyError::Library(algorithm))?;
        let kid = private.kid().ok_or(KeyError::Library(algorithm))?;
        Ok(Self {
            kid,
            activates_at,
            private,
            verifier,
            named_in_headers: true,
        })
    }

    /// The same, in headers of what it signs named or not.
    #[must_use]
    pub fn named_in_headers(mut self, named: bool) -> Self {
        self.named_in_headers = named;
        self
    }

    /// Its name where headers of what it signs have one.
    pub fn header_kid(&self) -> Option<&str> {
        self.named_in_headers.then_some(self.kid.as_str())
    }

    /// Its name: derived from the public key, so it is the same wherever the key is loaded.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// When it begins to sign.
    pub const fn activates_at(&self) -> Timestamp {
        self.activates_at
    }

    /// What it signs with.
    pub const fn algorithm(&self) -> SigningAlgorithm {
        match &self.private {
            PrivateKey::Es256(_) => SigningAlgorithm::ES256,
            PrivateKey::Rsa(_, RsaHash::Sha256) => SigningAlgorithm::RS256,
            PrivateKey::Rsa(_, RsaHash::Sha512) => SigningAlgorithm::RS512,
            PrivateKey::EdDsa(_) => SigningAlgorithm::EdDSA,
            PrivateKey::Shared(shared) => shared.algorithm,
        }
    }

    /// What checks its signatures.
    pub const fn verifier(&self) -> &DecodingKey {
        &self.verifier
    }

    /// The signature of a message (RFC 7515 §5.1).
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let failed = |_| KeyError::Library(self.algorithm());
        match &self.private {
            PrivateKey::Es256(key) => key
                .sign(&SystemRandom::new(), message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(failed),
            PrivateKey::Rsa(key, hash) => {
                let encoding: &'static dyn RsaEncoding = match hash {
                    RsaHash::Sha256 => &RSA_PKCS1_SHA256,
                    RsaHash::Sha512 => &RSA_PKCS1_SHA512,
                };
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(encoding, &SystemRandom::new(), message, &mut signature)
                    .map_err(failed)?;
                Ok(signature)
            }
            PrivateKey::EdDsa(key) => Ok(key.sign(message).as_ref().to_vec()),
            PrivateKey::Shared(shared) => Ok(hmac::sign(&shared.key, message).as_ref().to_vec()),
        }
    }

    /// The public key for a JWK set; `None` for a shared secret.
    pub fn jwk(&self) -> Option<Jwk> {
        let mut jwk = Jwk {
            kty: String::new(),
            public_key_use: Some("sig".to_owned()),
            alg: Some(self.algorithm().as_str().to_owned()),
            kid: Some(self.kid.clone()),
            n: None,
            e: None,
            crv: None,
            x: None,
            y: None,
        };
        match &self.private {
            PrivateKey::Es256(key) => {
                let (x, y) = coordinates(key)?;
                "EC".clone_into(&mut jwk.kty);
                jwk.crv = Some("P-256".to_owned());
                jwk.x = Some(base64url(x));
                jwk.y = Some(base64url(y));
            }
            PrivateKey::Rsa(key, _) => {
                "RSA".clone_into(&mut jwk.kty);
                jwk.n = Some(base64url(
                    key.public_key().modulus().big_endian_without_leading_zero(),
                ));
                jwk.e = Some(base64url(
                    key.public_key()
                        .exponent()
                        .big_endian_without_leading_zero(),
                ));
            }
            PrivateKey::EdDsa(key) => {
                "OKP".clone_into(&mut jwk.kty);
                jwk.crv = Some("Ed25519".to_owned());
                jwk.x = Some(base64url(key.public_key().as_ref()));
            }
            PrivateKey::Shared(_) => return None,
        }
        Some(jwk)
    }

    /// The answer of `/oauth/token_key`: the PEM as one base64 line, as Spring writes it, or the secret.
    pub fn token_key(&self) -> Option<TokenKeyResponse> {
        let value = match &self.private {
            PrivateKey::Shared(shared) => String::from_utf8(shared.secret.to_vec()).ok()?,
            PrivateKey::Es256(_) | PrivateKey::Rsa(..) | PrivateKey::EdDsa(_) => {
                let der = STANDARD.encode(self.private.public_der()?);
                format!("-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----")
            }
        };
        Some(TokenKeyResponse {
            alg: self.algorithm().java_name().to_owned(),
            value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use symbolon::random::SystemRandom as Os;

    fn key(algorithm: SigningAlgorithm) -> SigningKey {
        let material = generate(algorithm, &Os).unwrap();
        SigningKey::parse(algorithm, &material, Timestamp::from_secs(0)).unwrap()
    }

    #[test]
    fn a_key_has_the_same_name_wherever_it_is_loaded() {
        for algorithm in SigningAlgorithm::ALL {
            let material = generate(algorithm, &Os).unwrap();
            let load = || SigningKey::parse(algorithm, &material, Timestamp::from_secs(0)).unwrap();
            assert_eq!(load().kid(), load().kid(), "{algorithm}");
            assert_eq!(load().algorithm(), algorithm);
        }
    }

    #[test]
    fn the_key_of_one_algorithm_is_refused_for_another() {
        let material = generate(SigningAlgorithm::EdDSA, &Os).unwrap();
        for algorithm in [SigningAlgorithm::ES256, SigningAlgorithm::RS256] {
            let error =
                SigningKey::parse(algorithm, &material, Timestamp::from_secs(0)).unwrap_err();
            assert!(error.to_string().contains(algorithm.as_str()));
        }
    }

    #[test]
    fn an_empty_secret_and_one_that_is_no_text_sign_nothing() {
        for material in [b"".as_slice(), b"\xff\xfe"] {
            let parsed =
                SigningKey::parse(SigningAlgorithm::HS384, material, Timestamp::from_secs(0));
            assert!(parsed.unwrap_err().to_string().contains("a text"));
        }
    }

    #[test]
    fn a_published_key_is_public() {
        for algorithm in [
            SigningAlgorithm::ES256,
            SigningAlgorithm::RS256,
            SigningAlgorithm::EdDSA,
            SigningAlgorithm::RS512,
        ] {
            let key = key(algorithm);
            assert_eq!(key.jwk().unwrap().kid.as_deref(), Some(key.kid()));
            let pem = key.token_key().unwrap();
            assert_eq!(pem.alg, algorithm.java_name());
            assert!(pem.value.starts_with("-----BEGIN PUBLIC KEY-----\n"));
            assert_eq!(pem.value.lines().count(), 3);
            assert!(pem::parse(&pem.value).is_ok());
        }
        for algorithm in SigningAlgorithm::ALL {
            let shared = algorithm.is_shared();
            assert_eq!(key(algorithm).jwk().is_none(), shared, "{algorithm}");
        }
    }
}
