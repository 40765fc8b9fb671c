//! Public keys: the JWK set of [RFC 7517](https://www.rfc-editor.org/rfc/rfc7517) and the answer of
//! the Spring dialect's `/oauth/token_key`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A signature algorithm of RFC 7518 §3.1 that this software signs and checks with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    ES256,
    /// RSA PKCS #1 v1.5 with SHA-256: what old Spring clients verify.
    RS256,
    /// Ed25519 (RFC 8037).
    EdDSA,
    /// HMAC with SHA-256: the key is a shared secret.
    HS256,
}

impl SigningAlgorithm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::ES256, Self::RS256, Self::EdDSA, Self::HS256];

    /// The `alg` of a JOSE header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ES256 => "ES256",
            Self::RS256 => "RS256",
            Self::EdDSA => "EdDSA",
            Self::HS256 => "HS256",
        }
    }

    /// The Java name that `/oauth/token_key` reports.
    pub const fn java_name(self) -> &'static str {
        match self {
            Self::ES256 => "SHA256withECDSA",
            Self::RS256 => "SHA256withRSA",
            Self::EdDSA => "Ed25519",
            Self::HS256 => "HMACSHA256",
        }
    }

    /// The algorithm with this Java name, as `/oauth/token_key` reports it.
    pub fn from_java_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.java_name() == name)
    }
}

impl fmt::Display for SigningAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A public key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2). It has no private members to leak.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// `RSA`, `EC` or `OKP`.
    pub kty: String,
    /// `sig`.
    #[serde(rename = "use", default, skip_serializing_if = "Option::is_none")]
    pub public_key_use: Option<String>,
    /// The algorithm it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// Its name in JOSE headers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// RSA modulus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// RSA public exponent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    /// Curve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// First coordinate, or the whole public key of an `OKP` key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// Second coordinate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
}

/// `{"keys": […]}` (RFC 7517 §5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkSet {
    /// The keys; those of unknown kinds are for others.
    pub keys: Vec<Jwk>,
}

/// The answer of `/oauth/token_key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenKeyResponse {
    /// Java's name of the algorithm.
    pub alg: String,
    /// The public key as PEM, or the shared secret of HS256.
    pub value: String,
}
