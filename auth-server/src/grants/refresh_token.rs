//! The refresh token grant ([RFC 6749 §6](https://www.rfc-editor.org/rfc/rfc6749#section-6)), with rotation
//! ([RFC 9700 §4.14.2](https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2)).

use std::sync::Arc;

use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::{GrantType, RefreshTokenRequest};

use crate::clients::authentication::AuthenticatedClient;
use crate::grants::error::TokenError;
use crate::grants::scope::{self, ScopeError};
use crate::records::{Grant, GrantId, NewTokens, RefreshToken, RefreshTokenId};
use crate::stores::{GrantStore, RefreshTokenStore, Renewal, Rotation, or_if_damaged};
use crate::tokens::check::{CheckError, JwtKind, TokenChecker};
use crate::tokens::issue::{IssuedTokens, TokenIssuer, WithRefreshToken};
use crate::tokens::legacy::LegacyTokens;

/// How the client came to what it gets here.
const THIS_GRANT: GrantType = GrantType::RefreshToken;

/// Exchanges refresh tokens for new tokens.
#[derive(Clone)]
pub struct RefreshTokenGrant {
    /// Where refresh tokens are kept.
    pub refresh_tokens: Arc<dyn RefreshTokenStore>,
    /// Finds out what is presented.
    pub checker: TokenChecker,
    /// Ends grants that nobody has received.
    pub grants: Arc<dyn GrantStore>,
    /// Knows the refresh tokens of the Spring server before this one, where there was one.
    pub legacy_tokens: Option<LegacyTokens>,
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
        if let (Err(CheckError::NotRecognised), Some(legacy)) = (&checked, &self.legacy_tokens) {
            let presented = Presented {
                refresh_token,
                scope,
            };
            return self.replace(client, legacy, presented).await;
        }
        let (id, token) = checked.map_err(|error| self.not_good(client, &refresh_token, error))?;
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
        if token.grant.client_id != client.id {
            return Err(TokenError::RefreshTokenOfOtherClient);
        }
        let scope = client.narrow(&token.grant.scope);
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

    /// A refresh token of the Spring server is honoured once, and replaced by tokens of a new grant here. They are
    /// written before it is taken away there, so that what fails in between takes nothing from the client. Who comes
    /// second gets nothing, and what was written for him ends, as it does when nobody knows whether it was taken away.
    async fn replace(
        &self,
        client: &AuthenticatedClient,
        legacy: &LegacyTokens,
        presented: Presented,
    ) -> Result<IssuedTokens, TokenError> {
        let checked = legacy.kept_refresh_token(&presented.refresh_token).await;
        let granted = self
            .current_grant(client, checked.map_err(not_known)?)
            .await?;
        let scope = narrow(&granted.scope, presented.scope.as_deref())?;
        let granted = self.with_password_mark(granted).await?;
        let grant_id = GrantId::mint(self.issuer.random.as_ref());
        let with_refresh_token = WithRefreshToken::Yes;
        let mut tokens = self
            .issuer
            .mint(client, grant_id, granted, with_refresh_token);
        tokens.access_token.grant.scope = scope;
        self.issuer.enhance(client, &mut tokens).await?;
        self.issuer.access_tokens.issue_tokens(&tokens).await?;
        let taken = legacy.take_refresh_token(&presented.refresh_token).await;
        if matches!(taken, Ok(true)) {
            let issued = self.issuer.answer(client, THIS_GRANT, &tokens)?;
            return Ok(IssuedTokens {
                replaces_legacy: true,
                ..issued
            });
        }
        let revoked = self.grants.revoke_grant(&grant_id).await;
        taken?;
        revoked?;
        Err(TokenError::UnknownRefreshToken)
    }

    /// The grant, bound to the password that its owner has now.
    async fn with_password_mark(&self, grant: Grant) -> Result<Grant, TokenError> {
        let Some(name) = &grant.owner else {
            return Ok(grant);
        };
        let owner = self.checker.parties.owner(name, &grant).await?;
        let owner = owner.ok_or(TokenError::OwnerGone)?;
        let password_mark = self.issuer.password_mark(&owner);
        Ok(Grant {
            password_mark,
            ..grant
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
        issuer.enhance(client, &mut successor).await?;
        let rotated = self
            .refresh_tokens
            .rotate_refresh_token(id, &successor, self.grace_secs)
            .await;
        match or_if_damaged(rotated, || Rotation::Unknown)? {
            Rotation::Rotated => Ok(issuer.answer(client, THIS_GRANT, &successor)?),
            Rotation::SameSuccessor(same) => {
                let (id, token) = (&same.access_token_id, &same.access_token);
                Ok(issuer.token_answer(client, THIS_GRANT, id, token).await?)
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
        self.issuer.enhance(client, &mut tokens).await?;
        let renewed = self.refresh_tokens.renew_access_token(id, &tokens).await;
        match or_if_damaged(renewed, || Renewal::Unknown)? {
            Renewal::Renewed => {
                let (id, token) = (&tokens.access_token_id, &tokens.access_token);
                let answer = self.issuer.token_answer(client, THIS_GRANT, id, token);
                Ok(answer.await?)
            }
            Renewal::Unknown => Err(TokenError::UnknownRefreshToken),
        }
    }

    /// Why a refresh token is not good: of a client whose refresh tokens are JWTs, by what it presents.
    fn not_good(
        &self,
        client: &AuthenticatedClient,
        presented: &Secret,
        error: CheckError,
    ) -> TokenError {
        match error {
            CheckError::Expired => TokenError::RefreshTokenExpired,
            CheckError::NotRecognised if client.has_jwt_refresh_tokens() => {
                match self.checker.jwt_kind(presented) {
                    Some(JwtKind::Unreadable) | None => TokenError::RefreshTokenUnreadable,
                    Some(JwtKind::Access) => TokenError::NoRefreshToken,
                    Some(JwtKind::Refresh) => TokenError::UnknownRefreshToken,
                }
            }
            CheckError::NotRecognised | CheckError::NotAllowed | CheckError::Store(_) => {
                not_known(error)
            }
        }
    }
}

/// What a client presents.
struct Presented {
    refresh_token: Secret,
    scope: Option<String>,
}

fn not_known(error: CheckError) -> TokenError {
    match error {
        CheckError::Store(error) => error.into(),
        CheckError::NotRecognised | CheckError::Expired | CheckError::NotAllowed => {
            TokenError::UnknownRefreshToken
        }
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
