//! What owners decided: one hash for an owner and a client, a field for each scope.

use async_trait::async_trait;
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;

use super::RedisStore;
use super::records::{decode, encode};
use crate::records::Approval;
use crate::stores::{ApprovalStore, SearchPlace, StoreError, or_if_damaged};

impl RedisStore {
    async fn note_approved(
        &self,
        owner: &str,
        client_id: &ClientId,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let script = &self.scripts.note_approved;
        let mut script = script.key(self.keys.approved(owner));
        script.arg(client_id.as_str()).arg(until.as_secs());
        script.arg(self.ttl_secs(until)).arg(self.now().as_secs());
        let _done: String = self.connection.invoke(&script).await?;
        Ok(())
    }
}

#[async_trait]
impl ApprovalStore for RedisStore {
    async fn find_approvals(
        &self,
        owner: &str,
        client_id: &ClientId,
    ) -> Result<Vec<Approval>, StoreError> {
        let mut command = redis::cmd("HVALS");
        command.arg(self.keys.approvals(owner, client_id));
        let records: Vec<String> = self.connection.query(&command).await?;
        let mut approvals = Vec::with_capacity(records.len());
        for record in &records {
            let approval: Option<Approval> = or_if_damaged(decode(record).map(Some), || None)?;
            approvals.extend(approval.filter(|approval| self.now() < approval.expires_at));
        }
        approvals.sort_by(|one, other| one.scope.cmp(&other.scope));
        Ok(approvals)
    }

    async fn record_approvals(
        &self,
        owner: &str,
        client_id: &ClientId,
        decisions: &[Approval],
    ) -> Result<(), StoreError> {
        let Some(last) = decisions.iter().map(|decision| decision.expires_at).max() else {
            return Ok(());
        };
        // First, so that no approval is one that its owner does not see.
        self.note_approved(owner, client_id, last).await?;
        let key = self.keys.approvals(owner, client_id);
        let mut script = self.scripts.record_approvals.key(key);
        script.arg(self.ttl_secs(last));
        for decision in decisions {
            script.arg(&decision.scope).arg(encode(decision)?);
        }
        let _done: String = self.connection.invoke(&script).await?;
        Ok(())
    }

    async fn approved_clients(&self, owner: &str) -> Result<Vec<ClientId>, StoreError> {
        let mut command = redis::cmd("ZRANGE");
        command.arg(self.keys.approved(owner)).arg(0).arg(-1);
        let mut found: Vec<String> = self.connection.query(&command).await?;
        found.sort();
        Ok(found.into_iter().map(ClientId::new).collect())
    }

    async fn forget_approvals(&self, owner: &str, client_id: &ClientId) -> Result<(), StoreError> {
        let mut command = redis::cmd("DEL");
        command.arg(self.keys.approvals(owner, client_id));
        let () = self.connection.query(&command).await?;
        let mut command = redis::cmd("ZREM");
        command
            .arg(self.keys.approved(owner))
            .arg(client_id.as_str());
        self.connection.query(&command).await
    }

    async fn forget_approvals_of_all(
        &self,
        client_id: &ClientId,
        from: Option<&SearchPlace>,
    ) -> Result<Option<SearchPlace>, StoreError> {
        let pattern = self.keys.pattern_of_approvals(client_id);
        let scanned = self.scan(&pattern, from).await?;
        if !scanned.keys.is_empty() {
            // Each in a slot of its own.
            let mut commands = redis::pipe();
            for key in &scanned.keys {
                commands.del(key).ignore();
            }
            let () = self.connection.query_all(&commands).await?;
        }
        Ok(scanned.next)
    }
}
