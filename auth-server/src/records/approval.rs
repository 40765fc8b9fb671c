//! What an owner decided about a client, scope by scope.

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The scope name.
    pub scope: String,
    /// Yes or no.
    pub status: ApprovalStatus,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalStatus {
    /// Not asked again while it lasts.
    Approved,
    /// Asked again, with "no" preset.
    Denied,
}
