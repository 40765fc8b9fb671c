//! What can go wrong with a call: the sum of what can go wrong on the way to its token. No text in here
//! repeats a token, a code, a secret or a password, not even one that a server repeats in its answer.

use std::sync::Arc;

use symbolon::calls::AddressError;

use crate::context::ContextError;
use crate::endpoint_call::TokenError;
use crate::pending::CallbackError;
use crate::providers::{AuthorizationRequired, ImplicitAuthorizationRequired};

/// A call that could not be made, or whose token could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
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
    /// The protected resource is not called: who listens in would have the token.
    #[error("the resource server is not called: {0}")]
    Address(#[from] AddressError),
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
