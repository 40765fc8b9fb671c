//! What can go wrong, one type per boundary. No text in here repeats a token, a code, a secret or a
//! password, not even one that a server repeats in its answer.

use std::sync::Arc;

use symbolon::authorization::AuthorizationResponseError;
use symbolon::error::{ErrorCode, ErrorResponse};
use url::Url;

use crate::pending::{PendingAuthorization, PendingImplicit};

/// A call that could not be made, or whose token could not be had.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Only the resource owner can help: send the browser to `url`.
    #[error("the resource owner has to authorize this client first")]
    AuthorizationRequired(Box<AuthorizationRequired>),
    /// The same for a page that uses the implicit grant.
    #[error("the resource owner has to authorize this page first")]
    ImplicitAuthorizationRequired(Box<ImplicitAuthorizationRequired>),
    /// There is no token, and no provider that could get one.
    #[error("there is no token, and no provider to obtain one")]
    NoProvider,
    /// The authorization server gave no token. Shared by all the calls that waited for it.
    #[error(transparent)]
    Token(#[from] Arc<TokenError>),
    /// What the browser brought back is not an answer to our request.
    #[error(transparent)]
    Callback(#[from] CallbackError),
    /// The tokens could not be read from or written to where they are kept.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// The protected resource could not be reached.
    #[error("the resource server could not be called")]
    Http(#[from] reqwest::Error),
    /// The runtime stopped while a token was being renewed.
    #[error("the renewal of the token was stopped")]
    Stopped,
}

impl From<TokenError> for ClientError {
    fn from(error: TokenError) -> Self {
        Self::Token(Arc::new(error))
    }
}

/// Where to send the browser, and what has to be kept until it comes back.
#[derive(Debug)]
pub struct AuthorizationRequired {
    /// The authorization request.
    pub url: Url,
    /// Its other half: belongs into the same browser's session.
    pub pending: PendingAuthorization,
}

/// [`AuthorizationRequired`] of the implicit grant.
#[derive(Debug)]
pub struct ImplicitAuthorizationRequired {
    /// The authorization request.
    pub url: Url,
    /// Its other half: stays in the page.
    pub pending: PendingImplicit,
}

/// Why the token endpoint gave no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It said no (RFC 6749 §5.2).
    #[error("the authorization server refused: {error}")]
    Refused {
        /// The status of its answer.
        status: u16,
        /// Its reason.
        error: ErrorResponse,
    },
    /// It could not be reached, or not in time. The tokens that are kept stay as they are.
    #[error("the token endpoint cannot be reached")]
    TokenEndpointUnavailable(#[source] reqwest::Error),
    /// It answered something that is neither a token nor an OAuth 2 error.
    #[error("the token endpoint answered {status} without a token or an OAuth 2 error")]
    UnexpectedAnswer {
        /// The status of its answer.
        status: u16,
    },
    /// Its answer is longer than any token response.
    #[error("the answer of the token endpoint is too long")]
    AnswerTooLong,
    /// RFC 6749 §7.1: a client must not use a token whose type it does not understand.
    #[error("the authorization server issued a token that is not a bearer token")]
    UnsupportedTokenType,
    /// RFC 9700 §4.4: a code goes only to the server that it was asked from.
    #[error("the authorization was started at another authorization server or for another client")]
    ForeignGrant,
    /// The server has no such endpoint, as far as this client was told.
    #[error("the authorization server has no {0}")]
    NoEndpoint(&'static str),
}

impl TokenError {
    /// True when what was presented (a code, a refresh token, the owner's credentials) is dead and
    /// asking again is useless. Spring servers say `invalid_token` of an expired refresh token.
    pub fn is_invalid_grant(&self) -> bool {
        match self {
            Self::Refused { error, .. } => {
                matches!(
                    error.error,
                    ErrorCode::InvalidGrant | ErrorCode::InvalidToken
                )
            }
            Self::TokenEndpointUnavailable(_)
            | Self::UnexpectedAnswer { .. }
            | Self::AnswerTooLong
            | Self::UnsupportedTokenType
            | Self::ForeignGrant
            | Self::NoEndpoint(_) => false,
        }
    }
}

/// Why a callback was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// RFC 6749 §10.12: `state` is absent or not the one of this browser's request.
    #[error("the answer does not belong to a request of this browser")]
    ForeignState,
    /// RFC 9207 §2.4: `iss` is not the server that was asked.
    #[error("the answer comes from another authorization server")]
    ForeignIssuer,
    /// RFC 9207 §2.4: this server always says who it is, and here it did not.
    #[error("the answer does not say which authorization server it comes from")]
    MissingIssuer,
    /// RFC 6749 §4.1.2.1: the owner or the server said no.
    #[error("{0}")]
    Refused(ErrorResponse),
    /// The answer cannot be read.
    #[error("the answer of the authorization server cannot be read: {0}")]
    Malformed(#[from] AuthorizationResponseError),
    /// RFC 6749 §4.2.2: the fragment holds no bearer token.
    #[error("the answer of the authorization server holds no bearer token")]
    NoToken,
}

/// The place where tokens are kept failed.
#[derive(Debug, thiserror::Error)]
#[error("the tokens cannot be read or written")]
pub struct ContextError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl ContextError {
    /// Wraps what the store says.
    pub fn new(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(reason.into())
    }
}

/// Why the metadata of an authorization server cannot be used (RFC 8414).
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// The issuer is not an address that metadata can be below.
    #[error("the issuer is not an http address")]
    Issuer,
    /// There is no answer.
    #[error("the metadata of the authorization server cannot be fetched")]
    Unavailable(#[source] reqwest::Error),
    /// The answer is no metadata document.
    #[error("the authorization server answered {status} without metadata")]
    UnexpectedAnswer {
        /// The status of its answer.
        status: u16,
    },
    /// RFC 8414 §3.3: the document speaks for another issuer.
    #[error("the metadata is that of another issuer")]
    ForeignIssuer,
}
