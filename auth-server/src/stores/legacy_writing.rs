//! Tokens of this server, written where a Spring server looks for its own.

use async_trait::async_trait;
use symbolon::secret::Secret;

use crate::legacy_tokens::{LegacyAccessToken, LegacyAuthentication};
use crate::records::GrantId;
use crate::stores::{Observed, StoreError};

/// The tokens that a grant has now, as a Spring server keeps them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenTokens {
    /// The access token, with its refresh token.
    pub access_token: LegacyAccessToken,
    /// What the access token stands for.
    pub authentication: LegacyAuthentication,
    /// What the refresh token stands for, when there is one.
    pub refresh_authentication: Option<LegacyAuthentication>,
    /// Whether the grant may have had others before.
    pub takes_a_place: bool,
}

/// Writes into the store of a Spring server. What cannot be written is told, and loses nothing here.
#[async_trait]
pub trait LegacyTokenWriter: Send + Sync {
    /// Writes the tokens of a grant, in the place of those that it had. One round trip. Nothing is written of a grant
    /// that has ended there within the last hour. What cannot be written now is not tried again; those that it had are
    /// taken away as soon as that can be done.
    async fn write_legacy_tokens(
        &self,
        grant_id: &GrantId,
        tokens: &WrittenTokens,
    ) -> Result<(), StoreError>;

    /// Takes an access token of a grant away. The rest of the grant stays; it goes, too, if this cannot be done now but
    /// later. One round trip.
    async fn end_legacy_access_token(
        &self,
        grant_id: &GrantId,
        access_token: &Secret,
    ) -> Result<(), StoreError>;

    /// Takes all tokens of a grant away. One round trip. What cannot be taken away now is tried again until it can.
    async fn end_legacy_grant(&self, grant_id: &GrantId) -> Result<(), StoreError>;
}

#[async_trait]
impl LegacyTokenWriter for Observed<dyn LegacyTokenWriter> {
    async fn write_legacy_tokens(
        &self,
        grant_id: &GrantId,
        tokens: &WrittenTokens,
    ) -> Result<(), StoreError> {
        self.observe(
            "write_legacy_tokens",
            self.port.write_legacy_tokens(grant_id, tokens),
        )
        .await
    }

    async fn end_legacy_access_token(
        &self,
        grant_id: &GrantId,
        access_token: &Secret,
    ) -> Result<(), StoreError> {
        self.observe(
            "end_legacy_access_token",
            self.port.end_legacy_access_token(grant_id, access_token),
        )
        .await
    }

    async fn end_legacy_grant(&self, grant_id: &GrantId) -> Result<(), StoreError> {
        self.observe("end_legacy_grant", self.port.end_legacy_grant(grant_id))
            .await
    }
}
