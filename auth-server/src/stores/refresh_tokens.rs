//! Refresh tokens and their rotation ([RFC 6749 §6](https://www.rfc-editor.org/rfc/rfc6749#section-6),
//! [RFC 9700 §4.14](https://www.rfc-editor.org/rfc/rfc9700#section-4.14)).

use async_trait::async_trait;

use crate::records::{AccessToken, AccessTokenId, NewTokens, RefreshToken, RefreshTokenId};
use crate::stores::{Observed, StoreError};

/// The tokens that took the place of a rotated refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successor {
    /// The new access token's id.
    pub access_token_id: AccessTokenId,
    /// The new access token.
    pub access_token: AccessToken,
    /// The new refresh token's id.
    pub refresh_token_id: RefreshTokenId,
}

/// What became of a refresh token that was presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It is used now; the new tokens are written, the grant's earlier access tokens are gone.
    Rotated,
    /// It was rotated a moment ago and its successor has not been used: a repeated request gets the
    /// same answer, not a fork.
    SameSuccessor(Box<Successor>),
    /// It had been used before: the whole grant is revoked now.
    Reused,
    /// There is no such token, it expired or was revoked.
    Unknown,
}

/// What became of asking for a new access token under a refresh token that stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// The new access token is written, the grant's earlier ones are gone.
    Renewed,
    /// There is no such refresh token, it expired, was revoked, or was used up by a rotation.
    Unknown,
}

/// Keeps refresh tokens.
#[async_trait]
pub trait RefreshTokenStore: Send + Sync {
    /// The record of a refresh token that is neither expired nor revoked. It may have been used: only
    /// [`RefreshTokenStore::rotate_refresh_token`] decides that. Of one that was used longer ago nothing is kept, and
    /// the record is that of a token which took its place.
    async fn find_refresh_token(
        &self,
        id: &RefreshTokenId,
    ) -> Result<Option<RefreshToken>, StoreError>;

    /// Whether a refresh token of a grant that goes on was rotated: for those who only ask about it.
    async fn is_refresh_token_used(&self, id: &RefreshTokenId) -> Result<bool, StoreError>;

    /// Replaces a refresh token by `successor` (which holds one). Of many callers at once exactly one
    /// gets `Rotated`; the others within `grace_secs` seconds `SameSuccessor`. However often a grant is refreshed,
    /// what is kept of it does not grow: the last token and the one before. An id is only ever made for a token that
    /// is stored, so any other id of a grant that has a refresh token is one that was used.
    async fn rotate_refresh_token(
        &self,
        id: &RefreshTokenId,
        successor: &NewTokens,
        grace_secs: u64,
    ) -> Result<Rotation, StoreError>;

    /// Issues an access token under a refresh token that stays as it is (the Spring habit; `tokens`
    /// holds no refresh token).
    async fn renew_access_token(
        &self,
        id: &RefreshTokenId,
        tokens: &NewTokens,
    ) -> Result<Renewal, StoreError>;
}

#[async_trait]
impl RefreshTokenStore for Observed<dyn RefreshTokenStore> {
    async fn find_refresh_token(
        &self,
        id: &RefreshTokenId,
    ) -> Result<Option<RefreshToken>, StoreError> {
        self.observe("find_refresh_token", self.port.find_refresh_token(id))
            .await
    }

    async fn is_refresh_token_used(&self, id: &RefreshTokenId) -> Result<bool, StoreError> {
        self.observe("is_refresh_token_used", self.port.is_refresh_token_used(id))
            .await
    }

    async fn rotate_refresh_token(
        &self,
        id: &RefreshTokenId,
        successor: &NewTokens,
        grace_secs: u64,
    ) -> Result<Rotation, StoreError> {
        self.observe(
            "rotate_refresh_token",
            self.port.rotate_refresh_token(id, successor, grace_secs),
        )
        .await
    }

    async fn renew_access_token(
        &self,
        id: &RefreshTokenId,
        tokens: &NewTokens,
    ) -> Result<Renewal, StoreError> {
        self.observe(
            "renew_access_token",
            self.port.renew_access_token(id, tokens),
        )
        .await
    }
}
