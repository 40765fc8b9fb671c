//! Access tokens: self-contained records, so that checking one costs one read.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::token::GrantType;

use crate::stores::{RefreshToken, StoreError};
use crate::tokens::handle::{AccessTokenId, RefreshTokenId};

/// What was granted, whatever dialect will tell of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// How the client came to it.
    pub grant_type: GrantType,
    /// Who may act.
    pub client_id: ClientId,
    /// Whose data it opens; `None` when the client acts for itself.
    pub owner: Option<String>,
    /// What may be done.
    pub scope: Scope,
    /// The owner's authorities, or the client's when it acts for itself.
    pub authorities: Vec<String>,
    /// The resource ids where it is good; none means everywhere.
    pub audience: Vec<String>,
}

/// The form in which a token is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenFormat {
    /// A handle: whoever gets it must ask what it stands for.
    Opaque,
    /// A signed JWT: whoever has the key can read it.
    Jwt,
}

/// An access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// What it stands for.
    pub grant: Grant,
    /// How it is presented.
    pub format: TokenFormat,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it stops being good.
    pub expires_at: Timestamp,
    /// The refresh token that was issued with it.
    pub refresh_token_id: Option<RefreshTokenId>,
}

/// Tokens that are issued together, in one grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTokens {
    /// The access token's id.
    pub access_token_id: AccessTokenId,
    /// The access token.
    pub access_token: AccessToken,
    /// The refresh token, when there is one.
    pub refresh_token: Option<(RefreshTokenId, RefreshToken)>,
}

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
pub trait AccessTokens: Send + Sync {
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
