//! Tokens of this server, written where a Spring server looks for its own.

use async_trait::async_trait;
use symbolon::secret::Secret;

use crate::legacy_tokens::{LegacyAccessToken, LegacyAuthentication};
use crate::records::GrantId;
use crate::stores::{Observed, StoreError};

/// An access token and its refresh token, as a Spring server keeps them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenTokens {
    /// The access token, with its refresh token.
    pub access_token: LegacyAccessToken,
    /// What the access token stands for.
    pub authentication: LegacyAuthentication,
    /// What the refresh token stands for, when there is one.
    pub refresh_authentication: Option<LegacyAuthentication>,
}

/// Tokens of one grant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokensOfGrant {
    /// Access tokens.
    pub access_tokens: Vec<Secret>,
    /// Refresh tokens.
    pub refresh_tokens: Vec<Secret>,
}

/// Writes into the store of a Spring server. What cannot be written is told, and loses nothing here. Nobody knows in which
/// order the writes of many servers arrive, so writing takes nothing away.
#[async_trait]
pub trait LegacyTokenWriter: Send + Sync {
    /// Writes tokens of a grant beside those that it has there, and answers all that it has then. One round trip. Of a
    /// grant that has ended there within the last hour nothing is written, and it has none.
    async fn write_legacy_tokens(
        &self,
        grant_id: &GrantId,
        tokens: &WrittenTokens,
    ) -> Result<TokensOfGrant, StoreError>;

    /// What was written of a grant and not taken away. One round trip.
    async fn list_legacy_tokens(&self, grant_id: &GrantId) -> Result<TokensOfGrant, StoreError>;

    /// Takes these tokens of a grant away, if they were written. One round trip.
    async fn end_legacy_tokens(
        &self,
        grant_id: &GrantId,
        tokens: &TokensOfGrant,
    ) -> Result<(), StoreError>;

    /// Takes all tokens of a grant away. One round trip.
    async fn end_legacy_grant(&self, grant_id: &GrantId) -> Result<(), StoreError>;
}

#[async_trait]
impl LegacyTokenWriter for Observed<dyn LegacyTokenWriter> {
    async fn write_legacy_tokens(
        &self,
        grant_id: &GrantId,
        tokens: &WrittenTokens,
    ) -> Result<TokensOfGrant, StoreError> {
        self.observe(
            "write_legacy_tokens",
            self.port.write_legacy_tokens(grant_id, tokens),
        )
        .await
    }

    async fn list_legacy_tokens(&self, grant_id: &GrantId) -> Result<TokensOfGrant, StoreError> {
        self.observe("list_legacy_tokens", self.port.list_legacy_tokens(grant_id))
            .await
    }

    async fn end_legacy_tokens(
        &self,
        grant_id: &GrantId,
        tokens: &TokensOfGrant,
    ) -> Result<(), StoreError> {
        self.observe(
            "end_legacy_tokens",
            self.port.end_legacy_tokens(grant_id, tokens),
        )
        .await
    }

    async fn end_legacy_grant(&self, grant_id: &GrantId) -> Result<(), StoreError> {
        self.observe("end_legacy_grant", self.port.end_legacy_grant(grant_id))
            .await
    }
}
