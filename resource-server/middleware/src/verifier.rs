//! Ways to learn whether a token is good: by asking the authorization server ([`RemoteVerifier`]) or
//! by checking a signature ([`JwtVerifier`]); [`CachedVerifier`] remembers what either said.

mod cache;
mod jwt;
mod keys;
mod remote;
mod transport;

use async_trait::async_trait;
use symbolon::secret::Secret;

use crate::authentication::Authentication;

pub use cache::{CacheLimits, CacheStatistics, CachedVerifier};
pub use jwt::JwtVerifier;
pub use keys::{KeyPublication, KeySource};
pub use remote::RemoteVerifier;
pub use transport::{Timeouts, Transport, TransportError};

/// Tells whether a token is good and what it stands for.
///
/// Implement it for tests, or for a way of checking that this crate does not know.
#[async_trait]
pub trait TokenVerifier: Send + Sync + std::fmt::Debug {
    /// Checks `token`.
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError>;

    /// Grows whenever what was said about tokens before is void, because keys were replaced.
    fn generation(&self) -> u64 {
        0
    }
}

/// No answer, or the answer no. Neither variant ever holds a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerificationError {
    /// The token is not good.
    #[error("{0}")]
    Invalid(InvalidToken),
    /// Whether it is good cannot be told now; the text, for logs, says why.
    #[error("{0}")]
    Unavailable(String),
}

impl From<InvalidToken> for VerificationError {
    fn from(reason: InvalidToken) -> Self {
        Self::Invalid(reason)
    }
}

/// Why a token is not good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidToken {
    /// The authorization server does not vouch for it.
    #[error("the authorization server does not vouch for the token")]
    Refused,
    /// It is no JWT, or one with claims that make no sense.
    #[error("the token is not a JWT with the claims of an access token")]
    Unreadable,
    /// Its header names an algorithm that is not allowed here.
    #[error("the token names an algorithm that is not allowed here")]
    WrongAlgorithm,
    /// Its header demands extensions (RFC 7515 §4.1.11).
    #[error("the token's header names critical extensions")]
    CriticalExtension,
    /// Its header says that it is another kind of JWT (RFC 9068 §4, RFC 8725 §3.11).
    #[error("the token is another kind of JWT")]
    WrongType,
    /// No key of the authorization server has the name in its header.
    #[error("the token names a key that the authorization server does not publish")]
    UnknownKey,
    /// The signature does not fit the key, or the algorithm is not the key's.
    #[error("the token's signature does not hold")]
    BadSignature,
    /// It is past its `exp`.
    #[error("the token has expired")]
    Expired,
    /// It has no `exp`, and nobody could revoke it.
    #[error("the token has no expiry")]
    NoExpiry,
    /// Its `nbf` is still to come.
    #[error("the token is not good yet")]
    NotYetGood,
    /// Another authorization server issued it.
    #[error("the token's issuer is another one")]
    WrongIssuer,
    /// It is a refresh token, which is for the token endpoint only.
    #[error("the token is a refresh token")]
    RefreshToken,
    /// It is not a bearer token: whoever presents it would have to prove more.
    #[error("the token is not a bearer token")]
    NotBearer,
}

impl InvalidToken {
    /// The text for callers: the words of the Spring dialect, and no more than a caller needs.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Refused | Self::WrongIssuer | Self::NotBearer | Self::WrongType => {
                "Invalid access token"
            }
            Self::Unreadable
            | Self::WrongAlgorithm
            | Self::CriticalExtension
            | Self::UnknownKey
            | Self::BadSignature
            | Self::NoExpiry => "Cannot convert access token to JSON",
            Self::Expired => "Access token expired",
            Self::NotYetGood => "Access token is not valid yet",
            Self::RefreshToken => "Encoded token is a refresh token",
        }
    }
}
