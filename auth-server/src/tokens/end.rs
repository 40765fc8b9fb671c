//! Ending what an owner gave: to one client, or to all.

use std::sync::Arc;

use symbolon::identifiers::ClientId;

use crate::stores::{ApprovalStore, GivenGrant, GrantStore, SessionStore, StoreError};

/// Whose access, and to whom it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessOf {
    /// The owner's name. There need not be such an account any more.
    pub owner: String,
    /// The client; `None` means all.
    pub client_id: Option<ClientId>,
}

/// Lists and ends access.
#[derive(Clone)]
pub struct Access {
    /// Grants, with an index by owner.
    pub grants: Arc<dyn GrantStore>,
    /// What owners decided.
    pub approvals: Arc<dyn ApprovalStore>,
    /// Where owners are signed in.
    pub sessions: Arc<dyn SessionStore>,
}

impl Access {
    /// What still opens something.
    pub async fn list(&self, of: &AccessOf) -> Result<Vec<GivenGrant>, StoreError> {
        let mut found = self.grants.list_grants(&of.owner).await?;
        if let Some(client_id) = &of.client_id {
            found.retain(|one| one.given.client_id == *client_id);
        }
        Ok(found)
    }

    /// Ends it, and returns what has ended. The owner is asked again when one of these clients comes again; of
    /// all clients, the owner's sessions end too.
    pub async fn end(&self, of: &AccessOf) -> Result<Vec<GivenGrant>, StoreError> {
        if of.client_id.is_none() {
            // First, so that no session gives anything new.
            self.sessions.end_sessions_of(&of.owner).await?;
        }
        let ended = self.list(of).await?;
        let clients = ended.iter().map(|one| &one.given.client_id);
        for client_id in clients.chain(&of.client_id) {
            let approvals = &self.approvals;
            approvals.forget_approvals(&of.owner, client_id).await?;
        }
        for one in &ended {
            self.grants.revoke_grant(&one.grant_id).await?;
        }
        Ok(ended)
    }
}
