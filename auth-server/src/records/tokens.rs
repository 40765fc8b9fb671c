//! Access and refresh tokens: self-contained, so that checking one costs one read.

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;

use crate::records::{AccessTokenId, AdditionalInformation, Grant, RefreshTokenId};

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
    /// What is said of it besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional: Option<Box<AdditionalInformation>>,
}

/// Seconds that an access token is kept which does not expire: a hundred years, ten times as long as any other lives. Such
/// a token is known by that, so that every store, which ends what it keeps, and every older server can read it.
pub const WITHOUT_END_SECS: u64 = 100 * 365 * 24 * 60 * 60;

impl AccessToken {
    /// When it stops being good; `None`: never.
    pub fn end(&self) -> Option<Timestamp> {
        let is_endless = self.issued_at.secs_until(self.expires_at) >= WITHOUT_END_SECS;
        (!is_endless).then_some(self.expires_at)
    }
}

/// A refresh token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshToken {
    /// What its access tokens may stand for.
    pub grant: Grant,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it stops being good; `None` means it does not expire.
    pub expires_at: Option<Timestamp>,
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
