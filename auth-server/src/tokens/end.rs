//! Ending what an owner gave, to one client or to all; and what one client holds, of whomever.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::future::try_join_all;
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;

use crate::records::Given;
use crate::stores::{
    ApprovalStore, GivenGrant, GrantStore, SearchPart, SearchPlace, SessionStore, StoreError,
};

/// Grants that are ended at a time: they share what a write costs, and whoever else writes waits for no more.
const ENDED_AT_ONCE: usize = 32;

/// Which access is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessOf {
    /// What an owner gave.
    Owner {
        /// The owner's name. There need not be such an account any more.
        name: String,
        /// To whom; `None` means to all clients.
        client_id: Option<ClientId>,
    },
    /// What a client holds: of all owners, and its own. It need not be registered any more.
    Client(ClientId),
}

/// What one client has of an owner, by however many grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientAccess {
    /// Who has it. It need not be registered any more.
    pub client_id: ClientId,
    /// Since when; unknown when that was not kept of one of the grants.
    pub since: Option<Timestamp>,
    /// When the last token was issued.
    pub last_token: Option<Timestamp>,
    /// What may be done.
    pub scopes: BTreeSet<String>,
}

impl ClientAccess {
    /// Of grants of one client.
    fn of(client_id: ClientId, grants: &[Given]) -> Self {
        let scopes = grants.iter().flat_map(|given| given.scope.names());
        Self {
            client_id,
            // What is not known is less than what is.
            since: grants.iter().map(|given| given.given_at).min().flatten(),
            last_token: grants.iter().filter_map(|given| given.issued_at).max(),
            scopes: scopes.map(ToOwned::to_owned).collect(),
        }
    }
}

/// Lists and ends access, a part at a time: what a client holds is searched for, and may be much.
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
    pub async fn list(
        &self,
        of: &AccessOf,
        from: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError> {
        match of {
            AccessOf::Owner { name, client_id } => {
                let mut found = self.grants.list_grants(name).await?;
                if let Some(client_id) = client_id {
                    found.retain(|one| one.given.client_id == *client_id);
                }
                Ok(SearchPart::whole(found))
            }
            AccessOf::Client(client_id) => self.grants.search_grants(client_id, from).await,
        }
    }

    /// What clients have of an owner, by their ids.
    pub async fn clients_of(&self, owner: &str) -> Result<Vec<ClientAccess>, StoreError> {
        let mut by_client: BTreeMap<ClientId, Vec<Given>> = BTreeMap::new();
        for GivenGrant { given, .. } in self.grants.list_grants(owner).await? {
            let of_client = by_client.entry(given.client_id.clone());
            of_client.or_default().push(given);
        }
        let clients = by_client.into_iter();
        Ok(clients
            .map(|(client_id, grants)| ClientAccess::of(client_id, &grants))
            .collect())
    }

    /// Ends it, and returns what has ended. Owners are asked again when one of these clients comes again; of all
    /// clients, the owner's sessions end too.
    pub async fn end(
        &self,
        of: &AccessOf,
        from: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError> {
        if from.is_none() {
            // First, so that nothing new is given unasked.
            self.end_what_gives_more(of).await?;
        }
        let part = self.list(of, from).await?;
        if let AccessOf::Owner { name, client_id } = of {
            let clients = part.found.iter().map(|one| &one.given.client_id);
            for client_id in clients.chain(client_id) {
                self.approvals.forget_approvals(name, client_id).await?;
            }
        }
        self.revoke_all(&part.found).await?;
        Ok(part)
    }

    /// Ends every grant of an owner, and returns what has ended. What the owner decided stays: who is asked for it again
    /// need not ask. Whoever wants no new grants ends the sessions before.
    pub async fn end_grants_of(&self, owner: &str) -> Result<Vec<GivenGrant>, StoreError> {
        let found = self.grants.list_grants(owner).await?;
        self.revoke_all(&found).await?;
        Ok(found)
    }

    async fn revoke_all(&self, found: &[GivenGrant]) -> Result<(), StoreError> {
        for some in found.chunks(ENDED_AT_ONCE) {
            let ending = some
                .iter()
                .map(|one| self.grants.revoke_grant(&one.grant_id));
            try_join_all(ending).await?;
        }
        Ok(())
    }

    async fn end_what_gives_more(&self, of: &AccessOf) -> Result<(), StoreError> {
        match of {
            AccessOf::Owner {
                name,
                client_id: None,
            } => self.sessions.end_sessions_of(name).await,
            AccessOf::Owner { .. } => Ok(()),
            AccessOf::Client(client_id) => {
                let approvals = &self.approvals;
                let mut next = approvals.forget_approvals_of_all(client_id, None).await?;
                while let Some(place) = next {
                    let from = Some(&place);
                    next = approvals.forget_approvals_of_all(client_id, from).await?;
                }
                Ok(())
            }
        }
    }
}
