//! The client credentials grant ([RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)): the
//! client is its own resource owner, and gets no refresh token.

use symbolon::token::{ClientCredentialsRequest, GrantType};

use crate::clients::authentication::AuthenticatedClient;
use crate::grants::error::TokenError;
use crate::grants::scope::requested_scope;
use crate::records::Grant;
use crate::tokens::issue::{IssuedTokens, TokenIssuer, WithRefreshToken};

/// Issues tokens to clients that act for themselves.
#[derive(Clone)]
pub struct ClientCredentialsGrant {
    /// Issues the tokens.
    pub issuer: TokenIssuer,
}

impl ClientCredentialsGrant {
    /// Issues the client's own token.
    pub async fn exchange(
        &self,
        client: &AuthenticatedClient,
        request: ClientCredentialsRequest,
    ) -> Result<IssuedTokens, TokenError> {
        let ClientCredentialsRequest { scope } = request;
        let grant = Grant {
            grant_type: GrantType::ClientCredentials,
            client_id: client.id.clone(),
            owner: None,
            scope: requested_scope(client, scope.as_deref())?,
            authorities: client.authorities.clone(),
            audience: client.resource_ids.clone(),
            password_mark: None,
            given_at: None,
        };
        let without = WithRefreshToken::No;
        Ok(self.issuer.issue_first(client, grant, without).await?)
    }
}
