//! Is this token good, and what does it stand for? One read of the store, and one more for the token's client
//! and for its owner where they are registered there and not in the settings.

use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon::secret::Secret;

use crate::clients::authentication::AuthenticatedClient;
use crate::keys::KeyRing;
use crate::records::{
    AccessToken, AccessTokenId, Grant, HandleId, RefreshToken, RefreshTokenId, TokenFormat,
};
use crate::stores::{AccessTokenStore, RefreshTokenStore, StoreError, or_if_damaged};
use crate::tokens::jwt::{self, SignedClaims};
use crate::tokens::parties::Parties;

/// Why a token is not good.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// It is garbage, unknown, expired, revoked, or its client or owner is gone or locked.
    #[error("Token was not recognised")]
    NotRecognised,
    /// It is a JWT of ours whose time has passed.
    #[error("Token has expired")]
    Expired,
    /// It is good, but it is another client's, and who asks may not ask about those. The caller cannot
    /// tell this from a token that is not good.
    #[error("Token was not recognised")]
    NotAllowed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a JWT shows of itself, whether or not it is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwtKind {
    /// No key of ours has signed it.
    Unreadable,
    /// An access token.
    Access,
    /// A refresh token, which is for the token endpoint only.
    Refresh,
}

/// Checks tokens.
#[derive(Clone)]
pub struct TokenChecker {
    /// Where access tokens are kept.
    pub access_tokens: Arc<dyn AccessTokenStore>,
    /// Where refresh tokens are kept.
    pub refresh_tokens: Arc<dyn RefreshTokenStore>,
    /// A token whose client or owner is gone is not good.
    pub parties: Parties,
    /// Made the tokens.
    pub keys: Arc<KeyRing>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl TokenChecker {
    /// The access token that was presented, when it is good.
    pub async fn access_token(
        &self,
        presented: &Secret,
    ) -> Result<(AccessTokenId, AccessToken), CheckError> {
        let (id, token) = self.kept_access_token(presented).await?;
        self.check_parties(&token.grant).await?;
        Ok((id, token))
    }

    /// The access token that was presented, whether or not its parties still stand: for giving it back.
    pub async fn kept_access_token(
        &self,
        presented: &Secret,
    ) -> Result<(AccessTokenId, AccessToken), CheckError> {
        let (id, format) = self.read_access_token(presented)?;
        let found = self.access_tokens.find_access_token(&id).await;
        let found = or_if_damaged(found, || None)?;
        let token = found
            .filter(|token| token.format == format)
            .ok_or(CheckError::NotRecognised)?;
        Ok((id, token))
    }

    /// The id that an access token, in either format, carries under our signature.
    pub(super) fn read_access_token(
        &self,
        presented: &Secret,
    ) -> Result<(AccessTokenId, TokenFormat), CheckError> {
        let ring = self.keys.current();
        if !jwt::looks_like_jwt(presented) {
            let id = ring.handles.read(presented);
            return Ok((id.ok_or(CheckError::NotRecognised)?, TokenFormat::Opaque));
        }
        let claims = jwt::verify(&ring, presented);
        let claims = claims.filter(|claims| claims.ati.is_none());
        Ok((self.id_of(claims)?, TokenFormat::Jwt))
    }

    /// The id that a refresh token, in either format, carries under our signature. What is kept of it is the same for
    /// both, so those of before a change of the format stay good.
    pub(super) fn read_refresh_token(
        &self,
        presented: &Secret,
    ) -> Result<RefreshTokenId, CheckError> {
        let ring = self.keys.current();
        if !jwt::looks_like_jwt(presented) {
            let id = ring.handles.read(presented);
            return id.ok_or(CheckError::NotRecognised);
        }
        let claims = jwt::verify(&ring, presented);
        self.id_of(claims.filter(|claims| claims.ati.is_some()))
    }

    /// The id that a JWT of ours says, of a time that has not passed.
    fn id_of<K>(&self, claims: Option<SignedClaims>) -> Result<HandleId<K>, CheckError> {
        let claims = claims.ok_or(CheckError::NotRecognised)?;
        let now = self.clock.now();
        // One without an end says none: we have signed it so.
        if claims.exp.is_some_and(|expires_at| expires_at <= now) {
            return Err(CheckError::Expired);
        }
        let id = claims.jti.as_deref().and_then(HandleId::from_text);
        id.ok_or(CheckError::NotRecognised)
    }

    /// What is presented, when it has the form of a JWT. Without asking the store.
    pub fn jwt_kind(&self, presented: &Secret) -> Option<JwtKind> {
        jwt::looks_like_jwt(presented).then(|| {
            let ring = self.keys.current();
            match jwt::verify(&ring, presented) {
                None => JwtKind::Unreadable,
                Some(claims) if claims.ati.is_some() => JwtKind::Refresh,
                Some(_) => JwtKind::Access,
            }
        })
    }

    /// The refresh token that was presented, when it is good. (One that was used already is not told from
    /// one that was not: only its rotation decides that.)
    pub async fn refresh_token(
        &self,
        presented: &Secret,
    ) -> Result<(RefreshTokenId, RefreshToken), CheckError> {
        let (id, token) = self.kept_refresh_token(presented).await?;
        self.check_parties(&token.grant).await?;
        Ok((id, token))
    }

    /// The refresh token that was presented, whether or not its parties still stand: for giving it back, and
    /// for its exchange, which says why not.
    pub async fn kept_refresh_token(
        &self,
        presented: &Secret,
    ) -> Result<(RefreshTokenId, RefreshToken), CheckError> {
        let id = self.read_refresh_token(presented)?;
        let found = self.refresh_tokens.find_refresh_token(&id).await;
        let found = or_if_damaged(found, || None)?;
        let token = found.ok_or(CheckError::NotRecognised)?;
        Ok((id, token))
    }

    /// [`TokenChecker::access_token`] for a client that asks: whoever may not ask about the tokens of
    /// others learns about its own only. A script that got a token in the implicit grant checks with it that
    /// the token was meant for it.
    pub async fn access_token_for(
        &self,
        client: &AuthenticatedClient,
        presented: &Secret,
    ) -> Result<(AccessTokenId, AccessToken), CheckError> {
        let (id, token) = self.access_token(presented).await?;
        may_know(client, &token.grant)?;
        Ok((id, token))
    }

    /// [`TokenChecker::refresh_token`] for a client that asks. One that was used already is not good any
    /// more, though within its grace it would still get the same answer (RFC 7662 §2.2).
    pub async fn refresh_token_for(
        &self,
        client: &AuthenticatedClient,
        presented: &Secret,
    ) -> Result<(RefreshTokenId, RefreshToken), CheckError> {
        let (id, token) = self.refresh_token(presented).await?;
        may_know(client, &token.grant)?;
        if self.refresh_tokens.is_refresh_token_used(&id).await? {
            return Err(CheckError::NotRecognised);
        }
        Ok((id, token))
    }

    async fn check_parties(&self, grant: &Grant) -> Result<(), CheckError> {
        if self.parties.stand(grant).await? {
            Ok(())
        } else {
            Err(CheckError::NotRecognised)
        }
    }
}

/// A client may know about its own tokens. A resource server may know about those that are good at it (RFC 7662
/// §4): the audience names one of its ids, or nobody. One that is registered without ids stands for all of an old
/// estate, and may know about every token.
pub(super) fn may_know(client: &AuthenticatedClient, grant: &Grant) -> Result<(), CheckError> {
    let ids = &client.resource_ids;
    let is_audience = ids.is_empty()
        || grant.audience.is_empty()
        || grant.audience.iter().any(|audience| ids.contains(audience));
    if client.id == grant.client_id || (client.may_introspect && is_audience) {
        return Ok(());
    }
    Err(CheckError::NotAllowed)
}
