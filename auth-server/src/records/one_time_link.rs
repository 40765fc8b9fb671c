//! A link that somebody was sent, and that is good once.

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;

use crate::records::{EmailAddress, PasswordMark};

/// What a link that was sent lets somebody do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneTimeLink {
    /// What.
    pub purpose: LinkPurpose,
    /// With which account.
    pub owner: String,
    /// Which password the account had: with another one the link is good for nothing.
    pub password_mark: PasswordMark,
    /// Where it was sent: when its owner reads mails elsewhere, or nowhere, it is good for nothing.
    pub email: EmailAddress,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkPurpose {
    /// Choosing a new password in the place of one that was forgotten.
    PasswordReset,
}
