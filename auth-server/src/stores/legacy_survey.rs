//! Going through the tokens that a Spring server has given out, to count them.

use async_trait::async_trait;
use symbolon::clock::Timestamp;

use crate::legacy_tokens::{LegacyAccessToken, LegacyAuthentication, LegacyRefreshToken};
use crate::stores::StoreError;

/// Which token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurveyedKind {
    /// An access token.
    Access,
    /// A refresh token.
    Refresh,
}

/// A token as a survey counts it. Nothing in it can be presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyedToken {
    /// Which.
    pub kind: SurveyedKind,
    /// What it is about, or why it cannot be read.
    pub read: Result<SurveyedGrant, String>,
}

impl SurveyedToken {
    /// The token that two streams make up: its own, and what it stands for.
    pub(crate) fn of(kind: SurveyedKind, token: &[u8], authentication: &[u8]) -> Self {
        let expires_at = match kind {
            SurveyedKind::Access => LegacyAccessToken::read(token).map(|token| token.expires_at),
            SurveyedKind::Refresh => LegacyRefreshToken::read(token).map(|token| token.expires_at),
        };
        let read = expires_at.and_then(|expires_at| {
            Ok(SurveyedGrant {
                client_id: LegacyAuthentication::read(authentication)?.client_id,
                expires_at,
            })
        });
        Self {
            kind,
            read: read.map_err(|error| error.to_string()),
        }
    }
}

/// What a token is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyedGrant {
    /// Who may act.
    pub client_id: String,
    /// When it ends; `None`: never.
    pub expires_at: Option<Timestamp>,
}

/// Some of the tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SurveyPage {
    /// The tokens. While tokens come and go one may be missing, or be there twice.
    pub tokens: Vec<SurveyedToken>,
    /// Where the next page begins; `None`: there is none.
    pub next: Option<String>,
}

/// Keeps the tokens of a Spring server.
#[async_trait]
pub trait LegacyTokenSurvey: Send + Sync {
    /// The tokens of a page: the first, or one whose beginning another one named.
    async fn survey(&self, place: Option<&str>) -> Result<SurveyPage, StoreError>;
}
