//! Grants: how a client comes to a token. [`Grants::exchange`] is the whole token endpoint; each grant has
//! a file of its own.

use symbolon::token::{TokenRequest, TokenRequestError};

use crate::clients::authentication::AuthenticatedClient;
use crate::tokens::issue::IssuedTokens;

mod asked;
pub mod authorization_code;
pub mod client_credentials;
mod error;
pub mod extension;
pub mod implicit;
pub mod password;
pub mod refresh_token;
pub mod scope;

pub use asked::asked_by;
pub use error::TokenError;

use authorization_code::AuthorizationCodeGrant;
use client_credentials::ClientCredentialsGrant;
use extension::ExtensionGrantExchange;
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
    /// RFC 6749 §4.5.
    pub extension: ExtensionGrantExchange,
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
        let grant_type = request.grant_type();
        if !self.extension.grants.have(&grant_type) {
            return Err(TokenRequestError::UnsupportedGrantType.into());
        }
        if !client.may_exchange(grant_type) {
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
            TokenRequest::Extension(request) => {
                self.extension.exchange(client, address, &request).await
            }
        }
    }
}
