//! What owners decided about clients, scope by scope.

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use crate::records::Approval;
use crate::stores::StoreError;

/// Keeps approvals.
#[async_trait]
pub trait ApprovalStore: Send + Sync {
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
