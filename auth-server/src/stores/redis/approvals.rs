//! What owners decided: one hash for an owner and a client, a field for each scope.

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use super::RedisStore;
use super::records::{decode, encode};
use crate::records::Approval;
use crate::stores::{ApprovalStore, SearchPlace, StoreError, or_if_damaged};

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
        let key = self.keys.approvals(owner, client_id);
        let mut script = self.scripts.record_approvals.key(key);
        script.arg(self.ttl_secs(last));
        for decision in decisions {
            script.arg(&decision.scope).arg(encode(decision)?);
        }
        let _done: String = self.connection.invoke(&script).await?;
        Ok(())
    }

    async fn forget_approvals(&self, owner: &str, client_id: &ClientId) -> Result<(), StoreError> {
        let mut command = redis::cmd("DEL");
        command.arg(self.keys.approvals(owner, client_id));
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
