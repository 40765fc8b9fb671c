//! What owners decided: one record for each scope, so that each expires on its own.

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::encode;
use crate::records::Approval;
use crate::stores::{ApprovalStore, StoreError};

#[async_trait]
impl ApprovalStore for EmbeddedStore {
    async fn find_approvals(
        &self,
        owner: &str,
        client_id: &ClientId,
    ) -> Result<Vec<Approval>, StoreError> {
        let found = self.read(|view| view.list_readable(&Key::approvals_of(owner, client_id)))?;
        let mut approvals: Vec<Approval> =
            found.into_iter().map(|(_, approval)| approval).collect();
        // The keys are in the order of length first.
        approvals.sort_by(|one, other| one.scope.cmp(&other.scope));
        Ok(approvals)
    }

    async fn record_approvals(
        &self,
        owner: &str,
        client_id: &ClientId,
        decisions: &[Approval],
    ) -> Result<(), StoreError> {
        let mut records = Vec::with_capacity(decisions.len());
        for decision in decisions {
            let key = Key::approval(owner, client_id, &decision.scope);
            records.push((key, decision.expires_at, encode(decision)?));
        }
        self.write(move |view| {
            let mut changes = view.changes();
            for (key, expires_at, record) in records {
                changes.put(key, expires_at, record);
            }
            Ok(((), changes))
        })
        .await
    }

    async fn forget_approvals(&self, owner: &str, client_id: &ClientId) -> Result<(), StoreError> {
        let prefix = Key::approvals_of(owner, client_id);
        self.write(move |view| {
            let mut changes = view.changes();
            for key in view.keys(&prefix)? {
                changes.remove(key);
            }
            Ok(((), changes))
        })
        .await
    }
}
