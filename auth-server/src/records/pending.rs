//! An authorization request that waits in a session.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use symbolon::authorization::AuthorizationRequest;
use symbolon::clock::Timestamp;
use symbolon::random::Random;

use crate::records::{AccessTokenId, CodeId};

/// Names one waiting authorization request of a session.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PendingId(String);

impl PendingId {
    /// A new name: 128 random bits in base64url.
    pub fn mint(random: &dyn Random) -> Self {
        Self(random.text::<16>())
    }

    /// A name as a form or address presents it.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == 16).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PendingId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// An authorization request that waits for its owner to sign in or decide. It was checked when it
/// came; whatever form is posted later, this is what is approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingAuthorization {
    /// The request as the client sent it.
    pub request: AuthorizationRequest,
    /// When it came; the oldest give way when there are too many.
    pub requested_at: Timestamp,
    /// Which of those that came in the same second it is, where that is counted.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub turn: u32,
    /// When it is forgotten.
    pub expires_at: Timestamp,
    /// What it was answered with, once it does not wait any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<PendingAnswer>,
}

impl PendingAuthorization {
    /// In which languages its client would have its owner read.
    pub fn locales_asked(&self) -> Option<LocalesAsked> {
        LocalesAsked::in_request(&self.request, self.requested_at)
    }
}

/// In which languages a client would have an owner read, and when it said so: what a person has chosen since outweighs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalesAsked {
    /// Tags of BCP 47 with a space between them, the preferred one first.
    pub locales: String,
    /// When the request came.
    pub asked_at: Timestamp,
}

impl LocalesAsked {
    /// What a request that came at this time says, if it does.
    pub fn in_request(request: &AuthorizationRequest, asked_at: Timestamp) -> Option<Self> {
        let locales = request.ui_locales.clone()?;
        Some(Self { locales, asked_at })
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
const fn is_zero(turn: &u32) -> bool {
    *turn == 0
}

/// The answer that a request has got: enough to give the same again to a browser that asks twice, and nothing
/// that could be presented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingAnswer {
    /// Who was signed in.
    pub owner: Option<String>,
    /// What the client was given.
    pub given: AnswerContent,
}

/// What a client was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerContent {
    /// A code.
    Code(CodeId),
    /// A token.
    Token(AccessTokenId),
    /// Nothing: the owner said no.
    Nothing,
}
