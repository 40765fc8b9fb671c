//! Tokens that a Spring server has given out, in the store that it keeps them in.

use async_trait::async_trait;
use symbolon::secret::Secret;

use crate::legacy_tokens::{
    LegacyAccessToken, LegacyAuthentication, LegacyRefreshToken, LegacyTokenError,
};
use crate::stores::{Observed, StoreError};

/// Keeps the tokens of a Spring server. Nothing is added to it through this port.
#[async_trait]
pub trait LegacyTokenStore: Send + Sync {
    /// An access token and what it stands for. One round trip. Whether it is over is for the caller to say.
    async fn find_legacy_access_token(
        &self,
        presented: &Secret,
    ) -> Result<Option<(LegacyAccessToken, LegacyAuthentication)>, StoreError>;

    /// A refresh token and what it stands for. One round trip. Whether it is over is for the caller to say.
    async fn find_legacy_refresh_token(
        &self,
        presented: &Secret,
    ) -> Result<Option<(LegacyRefreshToken, LegacyAuthentication)>, StoreError>;

    /// Takes a refresh token away, with the access token that was given with it. Of many callers at once exactly one
    /// gets `true`.
    async fn take_legacy_refresh_token(&self, presented: &Secret) -> Result<bool, StoreError>;

    /// Takes an access token away.
    async fn take_legacy_access_token(&self, presented: &Secret) -> Result<(), StoreError>;
}

#[async_trait]
impl LegacyTokenStore for Observed<dyn LegacyTokenStore> {
    async fn find_legacy_access_token(
        &self,
        presented: &Secret,
    ) -> Result<Option<(LegacyAccessToken, LegacyAuthentication)>, StoreError> {
        self.observe(
            "find_legacy_access_token",
            self.port.find_legacy_access_token(presented),
        )
        .await
    }

    async fn find_legacy_refresh_token(
        &self,
        presented: &Secret,
    ) -> Result<Option<(LegacyRefreshToken, LegacyAuthentication)>, StoreError> {
        self.observe(
            "find_legacy_refresh_token",
            self.port.find_legacy_refresh_token(presented),
        )
        .await
    }

    async fn take_legacy_refresh_token(&self, presented: &Secret) -> Result<bool, StoreError> {
        self.observe(
            "take_legacy_refresh_token",
            self.port.take_legacy_refresh_token(presented),
        )
        .await
    }

    async fn take_legacy_access_token(&self, presented: &Secret) -> Result<(), StoreError> {
        self.observe(
            "take_legacy_access_token",
            self.port.take_legacy_access_token(presented),
        )
        .await
    }
}

/// What is kept of a token and of its authentication, as Java's serialization has written it.
pub(super) type Streams = (Vec<u8>, Vec<u8>);

/// What the streams of an access token say, when they are of the one that was presented.
pub(super) fn read_access_token(
    presented: &Secret,
    (token, authentication): &Streams,
) -> Result<Option<(LegacyAccessToken, LegacyAuthentication)>, StoreError> {
    let token = read(LegacyAccessToken::read(token))?;
    let authentication = read(LegacyAuthentication::read(authentication))?;
    Ok(Some((token, authentication)).filter(|(token, _)| token.value == *presented))
}

/// What the streams of a refresh token say, when they are of the one that was presented.
pub(super) fn read_refresh_token(
    presented: &Secret,
    (token, authentication): &Streams,
) -> Result<Option<(LegacyRefreshToken, LegacyAuthentication)>, StoreError> {
    let token = read(LegacyRefreshToken::read(token))?;
    let authentication = read(LegacyAuthentication::read(authentication))?;
    Ok(Some((token, authentication)).filter(|(token, _)| token.value == *presented))
}

fn read<T>(read: Result<T, LegacyTokenError>) -> Result<T, StoreError> {
    read.map_err(|error| StoreError::Damaged(format!("a token of the Spring server: {error}")))
}
