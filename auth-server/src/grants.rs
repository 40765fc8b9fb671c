//! Grants: how a client comes to a token. [`Grants::exchange`] is the whole token endpoint; each grant has
//! a file of its own.

use symbolon::token::TokenRequest;

use crate::clients::authentication::AuthenticatedClient;
use crate::tokens::issue::IssuedTokens;

mod asked;
pub mod authorization_code;
pub mod client_credentials;
mod error;
pub mod implicit;
pub mod password;
pub mod refresh_token;
pub mod scope;

pub use asked::asked_by;
pub use error::TokenError;

use authorization_code::AuthorizationCodeGrant;
use client_credentials::ClientCredentialsGrant;
use password::PasswordGrant;
use refresh_token::RefreshTokenGrant;

/// The grants of the token endpoint.
#[derive(Clone)]
pub struct Grants {
    /// RFC 6749 §4.1.
    pub authorization_code: AuthorizationCodeGrant,
    /// RFC 6749 §4.3.
    pub password: PasswordGrant,
    /// RFC 6749 §4.4.
    pub client_credentials: ClientCredentialsGrant,
    /// RFC 6749 §6.
    pub refresh_token: RefreshTokenGrant,
}

impl Grants {
    /// Gives an authenticated client, which calls from `address`, the token it asks for, or the reason why
    /// not.
    pub async fn exchange(
        &self,
        client: &AuthenticatedClient,
        address: &str,
        request: TokenRequest,
    ) -> Result<IssuedTokens, TokenError> {
        if !client.may_exchange(request.grant_type()) {
            return Err(TokenError::GrantNotRegistered);
        }
        match request {
            TokenRequest::AuthorizationCode(request) => {
                self.authorization_code.exchange(client, request).await
            }
            TokenRequest::Password(request) => {
                self.password.exchange(client, address, request).await
            }
            TokenRequest::ClientCredentials(request) => {
                self.client_credentials.exchange(client, request).await
            }
            TokenRequest::RefreshToken(request) => {
                self.refresh_token.exchange(client, request).await
            }
        }
    }
}
