//! The algorithms that a signature may have ([RFC 7518 §3.1](https://www.rfc-editor.org/rfc/rfc7518#section-3.1)).

use std::fmt;

use jsonwebtoken::{Algorithm, AlgorithmFamily};

/// A signature algorithm that JWTs are checked with. Which of them count here is pinned, and each key is for
/// algorithms of its own kind; the header of a token decides nothing (RFC 8725 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VerificationAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    ES256,
    /// ECDSA with P-384 and SHA-384.
    ES384,
    /// RSA PKCS #1 v1.5 with SHA-256.
    RS256,
    /// RSA PKCS #1 v1.5 with SHA-384.
    RS384,
    /// RSA PKCS #1 v1.5 with SHA-512.
    RS512,
    /// RSA-PSS with SHA-256.
    PS256,
    /// RSA-PSS with SHA-384.
    PS384,
    /// RSA-PSS with SHA-512.
    PS512,
    /// Ed25519 (RFC 8037), which RFC 9864 calls `Ed25519`.
    EdDSA,
    /// HMAC with SHA-256: the key is a shared secret.
    HS256,
    /// HMAC with SHA-384.
    HS384,
    /// HMAC with SHA-512.
    HS512,
}

impl VerificationAlgorithm {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::ES256,
        Self::ES384,
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::EdDSA,
        Self::HS256,
        Self::HS384,
        Self::HS512,
    ];

    /// Those whose keys may be published.
    pub const ASYMMETRIC: [Self; 9] = [
        Self::ES256,
        Self::ES384,
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::EdDSA,
    ];

    /// The `alg` of a JOSE header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::EdDSA => "EdDSA",
            Self::HS256 => "HS256",
            Self::HS384 => "HS384",
            Self::HS512 => "HS512",
        }
    }

    /// The algorithm with this `alg`.
    pub fn named(name: &str) -> Option<Self> {
        if name == "Ed25519" {
            return Some(Self::EdDSA);
        }
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str() == name)
    }

    /// The algorithm that `token_key` names: in Java's words, or in those of JOSE as some servers do.
    pub(super) fn of_token_key(name: &str) -> Option<Self> {
        match name {
            "SHA256withECDSA" => Some(Self::ES256),
            "SHA384withECDSA" => Some(Self::ES384),
            "SHA256withRSA" => Some(Self::RS256),
            "SHA384withRSA" => Some(Self::RS384),
            "SHA512withRSA" => Some(Self::RS512),
            "HMACSHA256" => Some(Self::HS256),
            "HMACSHA384" => Some(Self::HS384),
            "HMACSHA512" => Some(Self::HS512),
            jose => Self::named(jose),
        }
    }

    /// Whether the key is a shared secret, which no key set may publish.
    pub fn is_shared(self) -> bool {
        !Self::ASYMMETRIC.contains(&self)
    }

    /// The kind of key that it needs.
    pub(super) fn family(self) -> AlgorithmFamily {
        self.jose().family()
    }

    pub(super) const fn jose(self) -> Algorithm {
        match self {
            Self::ES256 => Algorithm::ES256,
            Self::ES384 => Algorithm::ES384,
            Self::RS256 => Algorithm::RS256,
            Self::RS384 => Algorithm::RS384,
            Self::RS512 => Algorithm::RS512,
            Self::PS256 => Algorithm::PS256,
            Self::PS384 => Algorithm::PS384,
            Self::PS512 => Algorithm::PS512,
            Self::EdDSA => Algorithm::EdDSA,
            Self::HS256 => Algorithm::HS256,
            Self::HS384 => Algorithm::HS384,
            Self::HS512 => Algorithm::HS512,
        }
    }
}

impl fmt::Display for VerificationAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
