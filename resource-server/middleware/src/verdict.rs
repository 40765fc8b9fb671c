//! What comes of a check besides an [`Authentication`](crate::Authentication): the token is not good, or
//! nobody can say.

use symbolon::members::UnreadableMember;

/// No answer, or the answer no. Neither variant ever holds a token.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerificationError {
    /// The token is not good.
    #[error("{0}")]
    Invalid(InvalidToken),
    /// Whether it is good cannot be said now; the text, for logs, says why.
    #[error("{0}")]
    Unavailable(String),
}

impl From<InvalidToken> for VerificationError {
    fn from(reason: InvalidToken) -> Self {
        Self::Invalid(reason)
    }
}

/// Why a token is not good. There will be more reasons with more kinds of tokens.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidToken {
    /// The authorization server does not vouch for it.
    #[error("the authorization server does not vouch for the token")]
    Refused,
    /// It is longer than any honest token.
    #[error("the token is too long")]
    TooLong,
    /// It is no JWT.
    #[error("the token is not a JWT")]
    Unreadable,
    /// A claim that decides makes no sense.
    #[error("the token's claim `{name}` cannot be read")]
    UnreadableClaim {
        /// Its name.
        name: String,
    },
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
    #[error("the token has no `exp`")]
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
    pub const fn description(&self) -> &'static str {
        match self {
            Self::Refused
            | Self::TooLong
            | Self::WrongIssuer
            | Self::NotBearer
            | Self::WrongType => "Invalid access token",
            Self::Unreadable
            | Self::UnreadableClaim { .. }
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

impl From<UnreadableMember> for InvalidToken {
    fn from(unreadable: UnreadableMember) -> Self {
        Self::UnreadableClaim {
            name: unreadable.name,
        }
    }
}
