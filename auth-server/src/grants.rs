//! Grants: how a client comes to a token. [`exchange`] is the whole token endpoint.

use symbolon::error::ErrorCode;
use symbolon::scope::Scope;
use symbolon::token::{GrantType, TokenRequest, TokenRequestError};

use crate::clients::authentication::AuthenticatedClient;
use crate::clients::client::Client;
use crate::resource_owners::sign_in::SignInError;
use crate::server::Server;
use crate::stores::StoreError;
use crate::tokens::issue::{IssueError, IssuedTokens, WithRefreshToken};

mod authorization_code;
mod client_credentials;
pub mod implicit;
mod password;
mod refresh_token;

/// Why the token endpoint says no. The texts are those of the Spring dialect where it has one; they
/// never repeat what was presented.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The request cannot be understood.
    #[error(transparent)]
    Request(#[from] TokenRequestError),
    /// G7: the client is not registered for this grant.
    #[error("Unauthorized grant type")]
    GrantNotRegistered,
    /// The scope cannot be asked for.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// G6: more than was granted.
    #[error("Unable to narrow the scope of the client authentication")]
    ScopeWidened {
        /// What was granted.
        granted: Scope,
    },
    /// The code is garbage, unknown or expired.
    #[error("Invalid authorization code")]
    UnknownCode,
    /// The code was used before; everything that came from it is revoked.
    #[error("Invalid authorization code")]
    CodeReplayed,
    /// The code was given to another client.
    #[error("Client ID mismatch")]
    CodeOfOtherClient,
    /// RFC 6749 §4.1.3: not the redirect URI of the authorization request.
    #[error("Redirect URI mismatch.")]
    RedirectMismatch,
    /// RFC 7636 §4.6: the verifier is missing, malformed, not the right one, or there was no challenge.
    #[error("PKCE verification failed")]
    PkceFailed,
    /// The refresh token is garbage, unknown, expired or revoked.
    #[error("Invalid refresh token")]
    UnknownRefreshToken,
    /// The refresh token was used before; the whole grant is revoked.
    #[error("Invalid refresh token")]
    RefreshTokenReused,
    /// The refresh token was given to another client.
    #[error("Wrong client for this refresh token")]
    RefreshTokenOfOtherClient,
    /// The owner's account is gone.
    #[error("user not found")]
    OwnerGone,
    /// The owner's name and password are not good, or may not be tried now.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The server failed.
    #[error(transparent)]
    Issue(#[from] IssueError),
}

/// Why a scope cannot be asked for (RFC 6749 §3.3).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// It is malformed or not registered with the client.
    #[error("Invalid scope")]
    Invalid {
        /// What the client may ask for.
        registered: Scope,
    },
    /// There is nothing that the client may have.
    #[error("Empty scope (either the client or the user is not allowed the requested scopes)")]
    Empty,
}

impl From<StoreError> for TokenError {
    fn from(error: StoreError) -> Self {
        Self::Issue(error.into())
    }
}

impl TokenError {
    /// The `error` of the answer (RFC 6749 §5.2).
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Request(TokenRequestError::UnsupportedGrantType) => {
                ErrorCode::UnsupportedGrantType
            }
            Self::Request(TokenRequestError::ImplicitAtTokenEndpoint)
            | Self::UnknownCode
            | Self::CodeReplayed
            | Self::CodeOfOtherClient
            | Self::RedirectMismatch
            | Self::PkceFailed
            | Self::UnknownRefreshToken
            | Self::RefreshTokenReused
            | Self::RefreshTokenOfOtherClient
            | Self::OwnerGone
            | Self::SignIn(SignInError::BadCredentials) => ErrorCode::InvalidGrant,
            Self::Request(
                TokenRequestError::MissingGrantType
                | TokenRequestError::MissingCode
                | TokenRequestError::MissingRefreshToken
                | TokenRequestError::MissingOwnerCredentials,
            ) => ErrorCode::InvalidRequest,
            Self::GrantNotRegistered => ErrorCode::UnauthorizedClient,
            Self::Scope(_) | Self::ScopeWidened { .. } => ErrorCode::InvalidScope,
            Self::SignIn(SignInError::TooManyAttempts { .. } | SignInError::Busy)
            | Self::Issue(IssueError::Store(StoreError::Unavailable(_))) => {
                ErrorCode::TemporarilyUnavailable
            }
            Self::Issue(
                IssueError::Store(StoreError::Damaged(_))
                | IssueError::Jwt(_)
                | IssueError::GrantGone
                | IssueError::HandleKeyGone,
            ) => ErrorCode::ServerError,
        }
    }
}

/// Gives an authenticated client the token it asks for, or the reason why not.
pub async fn exchange(
    server: &Server,
    client: &AuthenticatedClient,
    address: &str,
    request: TokenRequest,
) -> Result<IssuedTokens, TokenError> {
    if !client.may_use(request.grant_type()) {
        return Err(TokenError::GrantNotRegistered);
    }
    match request {
        TokenRequest::AuthorizationCode(request) => {
            authorization_code::exchange(server, client, address, request).await
        }
        TokenRequest::Password(request) => {
            password::exchange(server, client, address, request).await
        }
        TokenRequest::ClientCredentials(request) => {
            client_credentials::exchange(server, client, request).await
        }
        TokenRequest::RefreshToken(request) => {
            refresh_token::exchange(server, client, address, request).await
        }
    }
}

/// The scope that a client asks for, checked against its registration; all of that when it does not say
/// (RFC 6749 §3.3).
pub fn requested_scope(client: &Client, requested: Option<&str>) -> Result<Scope, ScopeError> {
    let invalid = || ScopeError::Invalid {
        registered: client.scope.clone(),
    };
    let scope = match requested {
        Some(text) => Scope::parse(text).map_err(|_| invalid())?,
        None => client.scope.clone(),
    };
    if scope.is_empty() {
        Err(ScopeError::Empty)
    } else if client.scope.covers(&scope) {
        Ok(scope)
    } else {
        Err(invalid())
    }
}

/// A refresh token goes to clients that are registered for exchanging it.
fn with_refresh_token(client: &Client) -> WithRefreshToken {
    if client.may_use(GrantType::RefreshToken) {
        WithRefreshToken::Yes
    } else {
        WithRefreshToken::No
    }
}
