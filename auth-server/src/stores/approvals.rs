//! What owners decided about clients, scope by scope.

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use crate::records::Approval;
use crate::stores::{Observed, SearchPlace, StoreError};

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

    /// Clients about which the owner has decided something that may still hold, in the order of their ids. It is a hint: what
    /// [`ApprovalStore::find_approvals`] does not find of one is forgotten.
    async fn approved_clients(&self, owner: &str) -> Result<Vec<ClientId>, StoreError>;

    /// Forgets all that the owner decided about the client: the owner will be asked again.
    async fn forget_approvals(&self, owner: &str, client_id: &ClientId) -> Result<(), StoreError>;

    /// Forgets what whichever owner decided about the client, a part at a time, as
    /// [`GrantStore::search_grants`](crate::stores::GrantStore::search_grants) does; answers where to go on.
    async fn forget_approvals_of_all(
        &self,
        client_id: &ClientId,
        from: Option<&SearchPlace>,
    ) -> Result<Option<SearchPlace>, StoreError>;
}

#[async_trait]
impl ApprovalStore for Observed<dyn ApprovalStore> {
    async fn find_approvals(
        &self,
        owner: &str,
        client_id: &ClientId,
    ) -> Result<Vec<Approval>, StoreError> {
        self.observe("find_approvals", self.port.find_approvals(owner, client_id))
            .await
    }

    async fn record_approvals(
        &self,
        owner: &str,
        client_id: &ClientId,
        decisions: &[Approval],
    ) -> Result<(), StoreError> {
        self.observe(
            "record_approvals",
            self.port.record_approvals(owner, client_id, decisions),
        )
        .await
    }

    async fn approved_clients(&self, owner: &str) -> Result<Vec<ClientId>, StoreError> {
        self.observe("approved_clients", self.port.approved_clients(owner))
            .await
    }

    async fn forget_approvals(&self, owner: &str, client_id: &ClientId) -> Result<(), StoreError> {
        self.observe(
            "forget_approvals",
            self.port.forget_approvals(owner, client_id),
        )
        .await
    }

    async fn forget_approvals_of_all(
        &self,
        client_id: &ClientId,
        from: Option<&SearchPlace>,
    ) -> Result<Option<SearchPlace>, StoreError> {
        self.observe(
            "forget_approvals_of_all",
            self.port.forget_approvals_of_all(client_id, from),
        )
        .await
    }
}
