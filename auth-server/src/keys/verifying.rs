//! Keys of another server: they check its signatures and make none.

use std::fmt;
use std::str::FromStr as _;

use aws_lc_rs::rsa::PublicKey;
use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
use jsonwebtoken::{Algorithm, DecodingKey};

/// What is accepted as an algorithm.
const ALGORITHMS: &str = "RS256, RS384, RS512, HS256, HS384 and HS512";
/// Bytes of the shortest modulus.
const LEAST_MODULUS: usize = 256;

/// A key that cannot be used. The texts never show any of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyingKeyError {
    /// No name of an algorithm.
    #[error("names no algorithm; accepted: {ALGORITHMS}")]
    Algorithm,
    /// No RSA key.
    #[error(
        "is no RSA key of 2048 bits or more as PEM (PUBLIC KEY, RSA PUBLIC KEY or a private key)"
    )]
    Rsa,
    /// RFC 7518 §3.2: whoever has one token finds a short secret by trying, and signs others.
    #[error("is too short a secret (accepted: {least} bytes or more, or keys.short_secret = true)")]
    ShortSecret {
        /// Bytes that it has at least.
        least: usize,
    },
}

/// A key that checks signatures, of one algorithm.
pub struct VerifyingKey {
    algorithm: Algorithm,
    verifier: DecodingKey,
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "VerifyingKey({:?})", self.algorithm)
    }
}

impl VerifyingKey {
    /// The key in a file: a PEM, or the text of a shared secret, without the blanks around it, as a Spring server reads
    /// it.
    pub fn parse(
        algorithm: &str,
        file: &[u8],
        may_be_short: bool,
    ) -> Result<Self, VerifyingKeyError> {
        let known = Algorithm::from_str(algorithm).map_err(|_| VerifyingKeyError::Algorithm)?;
        let least = match algorithm {
            "RS256" | "RS384" | "RS512" => None,
            "HS256" => Some(32),
            "HS384" => Some(48),
            "HS512" => Some(64),
            _ => return Err(VerifyingKeyError::Algorithm),
        };
        let verifier = match least {
            None => rsa(file).ok_or(VerifyingKeyError::Rsa)?,
            Some(least) => shared(file, if may_be_short { 1 } else { least })?,
        };
        Ok(Self {
            algorithm: known,
            verifier,
        })
    }

    /// The only algorithm that it checks signatures of.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// What checks them.
    pub const fn verifier(&self) -> &DecodingKey {
        &self.verifier
    }
}

fn shared(file: &[u8], least: usize) -> Result<DecodingKey, VerifyingKeyError> {
    let secret = file.trim_ascii();
    if secret.len() < least {
        return Err(VerifyingKeyError::ShortSecret { least });
    }
    Ok(DecodingKey::from_secret(secret))
}

fn rsa(file: &[u8]) -> Option<DecodingKey> {
    let pem = pem::parse(file).ok()?;
    let der = pem.contents();
    let key = if pem.tag().ends_with("PRIVATE KEY") {
        let private = RsaKeyPair::from_pkcs8(der).or_else(|_| RsaKeyPair::from_der(der));
        PublicKey::from_der(private.ok()?.public_key().as_ref()).ok()?
    } else {
        PublicKey::from_der(der).ok()?
    };
    (key.modulus_len() >= LEAST_MODULUS).then(|| {
        DecodingKey::from_rsa_raw_components(
            key.modulus().big_endian_without_leading_zero(),
            key.exponent().big_endian_without_leading_zero(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(algorithm: &str, file: &str) -> VerifyingKeyError {
        VerifyingKey::parse(algorithm, file.as_bytes(), false).unwrap_err()
    }

    #[test]
    fn a_key_of_another_server_is_of_an_algorithm_that_is_named() {
        let secret = "x".repeat(64);
        for algorithm in ["", "none", "hs256", "ES256", "EdDSA", "PS256"] {
            let error = refused(algorithm, &secret);
            assert_eq!(error, VerifyingKeyError::Algorithm, "{algorithm}");
        }
        assert_eq!(refused("RS256", &secret), VerifyingKeyError::Rsa);
        for algorithm in ["HS256", "HS384", "HS512"] {
            let key = VerifyingKey::parse(algorithm, secret.as_bytes(), false).unwrap();
            assert_eq!(format!("{key:?}"), format!("VerifyingKey({algorithm})"));
        }
    }

    #[test]
    fn a_short_secret_of_another_server_has_to_be_allowed_and_an_empty_one_never_is() {
        let error = refused("HS256", "  abcdef\n");
        assert_eq!(error, VerifyingKeyError::ShortSecret { least: 32 });
        assert!(VerifyingKey::parse("HS256", b"  abcdef\n", true).is_ok());
        let empty = VerifyingKey::parse("HS256", b" \n", true).unwrap_err();
        assert_eq!(empty, VerifyingKeyError::ShortSecret { least: 1 });
    }
}
