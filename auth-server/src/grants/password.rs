//! The resource owner password credentials grant
//! ([RFC 6749 §4.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.3)): for clients of the same house.

use symbolon::token::{GrantType, PasswordRequest};

use crate::clients::authentication::AuthenticatedClient;
use crate::grants::error::TokenError;
use crate::grants::scope::requested_scope;
use crate::records::Grant;
use crate::resource_owners::sign_in::SignIn;
use crate::resource_owners::throttle::Caller;
use crate::tokens::issue::{IssuedTokens, TokenIssuer, WithRefreshToken};

/// Issues tokens to clients that know their owner's password.
#[derive(Clone)]
pub struct PasswordGrant {
    /// Checks names and passwords, with the same brakes as the sign-in page.
    pub sign_in: SignIn,
    /// Issues the tokens.
    pub issuer: TokenIssuer,
}

impl PasswordGrant {
    /// Issues the owner's tokens to a client that calls from `address`.
    pub async fn exchange(
        &self,
        client: &AuthenticatedClient,
        address: &str,
        request: PasswordRequest,
    ) -> Result<IssuedTokens, TokenError> {
        let PasswordRequest {
            username,
            password,
            scope,
        } = request;
        let scope = requested_scope(client, scope.as_deref())?;
        let caller = Caller {
            address,
            known_browser: None,
        };
        let owner = self
            .sign_in
            .authenticate(&caller, &username, &password)
            .await?;
        let grant = Grant {
            grant_type: GrantType::Password,
            client_id: client.id.clone(),
            owner: Some(owner.name.clone()),
            scope,
            authorities: owner.authorities.clone(),
            audience: client.resource_ids.clone(),
            password_mark: self.issuer.password_mark(&owner),
            given_at: Some(self.issuer.clock.now()),
        };
        let with_refresh_token = WithRefreshToken::of(client);
        let issued = self.issuer.issue_first(client, grant, with_refresh_token);
        issued.await.map_err(|error| TokenError::AfterSignIn {
            owner: owner.name.clone(),
            error,
        })
    }
}
