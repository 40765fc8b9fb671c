//! The refresh token grant ([RFC 6749 §6](https://www.rfc-editor.org/rfc/rfc6749#section-6)), with rotation
//! ([RFC 9700 §4.14.2](https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2)).

use std::sync::Arc;

use symbolon::scope::Scope;
use symbolon::token::{GrantType, RefreshTokenRequest};

use crate::clients::authentication::AuthenticatedClient;
use crate::grants::error::TokenError;
use crate::grants::scope::{self, ScopeError};
use crate::records::{AccessToken, AccessTokenId, Grant, NewTokens, RefreshToken, RefreshTokenId};
use crate::stores::{RefreshTokenStore, Renewal, Rotation, or_if_damaged};
use crate::tokens::check::{CheckError, TokenChecker};
use crate::tokens::issue::{IssuedTokens, TokenIssuer, WithRefreshToken};

/// Exchanges refresh tokens for new tokens.
#[derive(Clone)]
pub struct RefreshTokenGrant {
    /// Where refresh tokens are kept.
    pub refresh_tokens: Arc<dyn RefreshTokenStore>,
    /// Finds out what is presented.
    pub checker: TokenChecker,
    /// Issues the tokens.
    pub issuer: TokenIssuer,
    /// Seconds after its rotation in which a refresh token that is repeated gets the same successor.
    pub grace_secs: u64,
}

impl RefreshTokenGrant {
    /// Exchanges a refresh token. The scope may be narrowed, never widened.
    pub async fn exchange(
        &self,
        client: &AuthenticatedClient,
        request: RefreshTokenRequest,
    ) -> Result<IssuedTokens, TokenError> {
        let RefreshTokenRequest {
            refresh_token,
            scope,
        } = request;
        let checked = self.checker.kept_refresh_token(&refresh_token).await;
        let (id, token) = checked.map_err(|error| match error {
            CheckError::Store(error) => error.into(),
            CheckError::NotRecognised | CheckError::Expired | CheckError::NotAllowed => {
                TokenError::UnknownRefreshToken
            }
        })?;
        if token.grant.client_id != client.id {
            return Err(TokenError::RefreshTokenOfOtherClient);
        }
        let granted = self.current_grant(client, token).await?;
        let scope = narrow(&granted.scope, scope.as_deref())?;
        if client.rotate_refresh_tokens {
            self.rotate(client, &id, granted, scope).await
        } else {
            let narrowed = Grant { scope, ..granted };
            self.renew(client, &id, narrowed).await
        }
    }

    /// What was granted, as far as the client is still registered for it, with the authorities that the
    /// owner has now.
    async fn current_grant(
        &self,
        client: &AuthenticatedClient,
        token: RefreshToken,
    ) -> Result<Grant, TokenError> {
        let scope = token.grant.scope.narrow(&client.scope);
        let authorities = match &token.grant.owner {
            Some(name) => {
                let parties = &self.checker.parties;
                let owner = parties.owner(name, &token.grant).await?;
                owner.ok_or(TokenError::OwnerGone)?.authorities.clone()
            }
            None => client.authorities.clone(),
        };
        Ok(Grant {
            scope,
            authorities,
            ..token.grant
        })
    }

    /// RFC 6749 §6: only the access token is narrowed to `scope`; the new refresh token has the scope of
    /// the old one.
    async fn rotate(
        &self,
        client: &AuthenticatedClient,
        id: &RefreshTokenId,
        granted: Grant,
        scope: Scope,
    ) -> Result<IssuedTokens, TokenError> {
        let with_refresh_token = WithRefreshToken::Yes;
        let issuer = &self.issuer;
        let mut successor = issuer.mint(client, id.grant_id(), granted, with_refresh_token);
        successor.access_token.grant.scope = scope;
        let rotated = self
            .refresh_tokens
            .rotate_refresh_token(id, &successor, self.grace_secs)
            .await;
        match or_if_damaged(rotated, || Rotation::Unknown)? {
            Rotation::Rotated => {
                self.answer(client, &successor.access_token_id, &successor.access_token)
            }
            Rotation::SameSuccessor(same) => {
                self.answer(client, &same.access_token_id, &same.access_token)
            }
            Rotation::Reused => Err(TokenError::RefreshTokenReused {
                grant_id: id.grant_id(),
                owner: successor.access_token.grant.owner,
            }),
            Rotation::Unknown => Err(TokenError::UnknownRefreshToken),
        }
    }

    /// The Spring habit: the refresh token stays as it is, with the scope that it had.
    async fn renew(
        &self,
        client: &AuthenticatedClient,
        id: &RefreshTokenId,
        grant: Grant,
    ) -> Result<IssuedTokens, TokenError> {
        let without = WithRefreshToken::No;
        let mut tokens: NewTokens = self.issuer.mint(client, id.grant_id(), grant, without);
        tokens.access_token.refresh_token_id = Some(*id);
        let renewed = self.refresh_tokens.renew_access_token(id, &tokens).await;
        match or_if_damaged(renewed, || Renewal::Unknown)? {
            Renewal::Renewed => self.answer(client, &tokens.access_token_id, &tokens.access_token),
            Renewal::Unknown => Err(TokenError::UnknownRefreshToken),
        }
    }

    fn answer(
        &self,
        client: &AuthenticatedClient,
        id: &AccessTokenId,
        token: &AccessToken,
    ) -> Result<IssuedTokens, TokenError> {
        let grant_type = GrantType::RefreshToken;
        Ok(self.issuer.token_answer(client, grant_type, id, token)?)
    }
}

fn narrow(granted: &Scope, requested: Option<&str>) -> Result<Scope, TokenError> {
    let scope = match scope::named(requested) {
        Ok(None) => granted.clone(),
        Ok(Some(scope)) if granted.covers(&scope) => scope,
        Ok(Some(_)) | Err(_) => {
            return Err(TokenError::ScopeWidened {
                granted: granted.clone(),
            });
        }
    };
    if scope.is_empty() {
        Err(ScopeError::Empty.into())
    } else {
        Ok(scope)
    }
}
