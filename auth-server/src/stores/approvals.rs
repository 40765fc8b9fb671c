//! What owners decided about clients, scope by scope.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;

use crate::stores::StoreError;

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

/// Keeps approvals.
#[async_trait]
pub trait Approvals: Send + Sync {
    /// What the owner decided about the client and has not expired, in alphabetical order of scope.
    async fn find_approvals(
        &self,
        owner: &str,
        client_id: &ClientId,
    ) -> Result<Vec<Approval>, StoreError>;

    /// Keeps decisions, in place of earlier ones about the same scopes; those about others stay.
    async fn record_approvals(
        &self,
        owner: &str,
        client_id: &ClientId,
        decisions: &[Approval],
    ) -> Result<(), StoreError>;
}
