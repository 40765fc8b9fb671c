//! What owners decided: one record for each scope, so that each expires on its own.

use std::collections::BTreeSet;

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::{KeyRange, encode};
use super::search::PART;
use crate::records::Approval;
use crate::stores::{ApprovalStore, SearchPlace, StoreError};

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

    async fn approved_clients(&self, owner: &str) -> Result<Vec<ClientId>, StoreError> {
        let keys = self.read(|view| view.keys(&Key::approvals_by(owner)))?;
        let names = keys.iter().filter_map(Key::approved_client);
        let names = names.filter_map(|name| std::str::from_utf8(name).ok());
        // The keys are in the order of length first, and one client has as many as scopes.
        let clients: BTreeSet<ClientId> = names.map(ClientId::new).collect();
        Ok(clients.into_iter().collect())
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

    /// Searched by whoever asks, so that the writer has only to remove what was found.
    async fn forget_approvals_of_all(
        &self,
        client_id: &ClientId,
        from: Option<&SearchPlace>,
    ) -> Result<Option<SearchPlace>, StoreError> {
        tokio::task::yield_now().await;
        let after = from.map(|place| Key::from_bytes(&place.0));
        let keys = self.read(|view| {
            view.some_keys(&KeyRange {
                prefix: &Key::approvals(),
                after: after.as_ref(),
                limit: PART,
            })
        })?;
        let last = keys.last().filter(|_| keys.len() == PART);
        let next = last.map(|key| SearchPlace(key.as_bytes().to_vec()));
        let its: Vec<Key> = keys
            .into_iter()
            .filter(|key| key.is_approval_of(client_id))
            .collect();
        if !its.is_empty() {
            self.write(move |view| {
                let mut changes = view.changes();
                for key in its {
                    changes.remove(key);
                }
                Ok(((), changes))
            })
            .await?;
        }
        Ok(next)
    }
}
