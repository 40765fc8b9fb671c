//! Access tokens.

use async_trait::async_trait;

use crate::records::{AccessToken, AccessTokenId, NewTokens};
use crate::stores::{Observed, StoreError};

/// Whether tokens could be issued into a grant that may have been revoked under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuance {
    /// They were.
    Issued,
    /// Nothing was written: the grant has been revoked.
    GrantRevoked,
}

/// Same client, same owner, same scope: SHA-256 over the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReuseKey(pub [u8; 32]);

/// What came of asking for a token that may be there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reuse {
    /// There was none: the new ones were written.
    Issued,
    /// There is one that is still good; nothing was written.
    Existing {
        /// Its id.
        access_token_id: AccessTokenId,
        /// The token.
        access_token: Box<AccessToken>,
    },
    /// Nothing was written: the grant has been revoked.
    GrantRevoked,
}

/// Keeps access tokens.
#[async_trait]
pub trait AccessTokenStore: Send + Sync {
    /// Issues the first tokens of a grant that nobody else knows yet: one round trip.
    async fn issue_tokens(&self, tokens: &NewTokens) -> Result<(), StoreError>;

    /// Issues the tokens of a code that was redeemed, unless the grant was revoked meanwhile by a
    /// second use of that code.
    async fn issue_tokens_of_code(&self, tokens: &NewTokens) -> Result<Issuance, StoreError>;

    /// Issues the first tokens of a grant unless the last ones that were issued under `key` are still
    /// good, or the grant was revoked meanwhile by a second use of its code.
    async fn issue_or_reuse_tokens(
        &self,
        key: &ReuseKey,
        tokens: &NewTokens,
    ) -> Result<Reuse, StoreError>;

    /// The access token, when it is good: neither expired nor revoked. One read.
    async fn find_access_token(
        &self,
        id: &AccessTokenId,
    ) -> Result<Option<AccessToken>, StoreError>;

    /// Ends one access token. The rest of its grant stays.
    async fn revoke_access_token(&self, id: &AccessTokenId) -> Result<(), StoreError>;
}

#[async_trait]
impl AccessTokenStore for Observed<dyn AccessTokenStore> {
    async fn issue_tokens(&self, tokens: &NewTokens) -> Result<(), StoreError> {
        self.observe("issue_tokens", self.port.issue_tokens(tokens))
            .await
    }

    async fn issue_tokens_of_code(&self, tokens: &NewTokens) -> Result<Issuance, StoreError> {
        self.observe(
            "issue_tokens_of_code",
            self.port.issue_tokens_of_code(tokens),
        )
        .await
    }

    async fn issue_or_reuse_tokens(
        &self,
        key: &ReuseKey,
        tokens: &NewTokens,
    ) -> Result<Reuse, StoreError> {
        self.observe(
            "issue_or_reuse_tokens",
            self.port.issue_or_reuse_tokens(key, tokens),
        )
        .await
    }

    async fn find_access_token(
        &self,
        id: &AccessTokenId,
    ) -> Result<Option<AccessToken>, StoreError> {
        self.observe("find_access_token", self.port.find_access_token(id))
            .await
    }

    async fn revoke_access_token(&self, id: &AccessTokenId) -> Result<(), StoreError> {
        self.observe("revoke_access_token", self.port.revoke_access_token(id))
            .await
    }
}
