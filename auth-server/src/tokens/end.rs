//! Ending what an owner gave, to one client or to all; and what one client holds, of whomever.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::future::try_join_all;
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;

use crate::records::{Approval, ApprovalStatus, Given, GrantId};
use crate::stores::{
    ApprovalStore, GivenGrant, GrantStore, SearchPart, SearchPlace, SessionStore, StoreError,
};

/// Grants that are ended at a time: they share what a write costs, and whoever else writes waits for no more.
const ENDED_AT_ONCE: usize = 32;

/// Parts of all approvals that are looked at in one part of ending.
const APPROVAL_PARTS: usize = 32;

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
    /// One grant that has tokens.
    Grant(GrantId),
}

/// Where ending goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndPlace {
    /// Approvals of a client are still looked for.
    Approvals(SearchPlace),
    /// Approvals are forgotten, and grants looked for.
    Grants(SearchPlace),
}

impl EndPlace {
    /// The place as text, for whoever goes on with another request.
    pub fn to_text(&self) -> String {
        match self {
            Self::Approvals(place) => format!("a{}", place.to_text()),
            Self::Grants(place) => format!("g{}", place.to_text()),
        }
    }

    /// Reads what [`EndPlace::to_text`] wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        let approvals = text.strip_prefix('a').and_then(SearchPlace::from_text);
        let grants = text.strip_prefix('g').and_then(SearchPlace::from_text);
        let approvals = approvals.map(Self::Approvals);
        approvals.or_else(|| grants.map(Self::Grants))
    }
}

/// A part of what ending comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedPart {
    /// What has ended, which may be nothing.
    pub found: Vec<GivenGrant>,
    /// Where to go on; `None` when all has ended.
    pub next: Option<EndPlace>,
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
    /// Whether it has anything now.
    pub has_grants: bool,
    /// What may be done with that.
    pub scopes: BTreeSet<String>,
    /// What it gets besides, or again, without asking.
    pub unasked: Option<Unasked>,
}

/// What an owner has allowed a client that it does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unasked {
    /// What may be done.
    pub scopes: BTreeSet<String>,
    /// Until when the owner is not asked.
    pub until: Timestamp,
}

impl ClientAccess {
    /// Of grants of one client, and what was decided about it; `None`: it has nothing, and would be asked about.
    fn of(client_id: ClientId, grants: &[Given], decided: Vec<Approval>) -> Option<Self> {
        let scopes = grants.iter().flat_map(|given| given.scope.names());
        let scopes: BTreeSet<String> = scopes.map(ToOwned::to_owned).collect();
        let unasked = Unasked::of(decided, &scopes);
        let is_something = !grants.is_empty() || unasked.is_some();
        is_something.then(|| Self {
            client_id,
            // What is not known is less than what is.
            since: grants.iter().map(|given| given.given_at).min().flatten(),
            last_token: grants.iter().filter_map(|given| given.issued_at).max(),
            has_grants: !grants.is_empty(),
            scopes,
            unasked,
        })
    }
}

impl Unasked {
    /// Of what was decided about a client that has these scopes.
    fn of(decided: Vec<Approval>, had: &BTreeSet<String>) -> Option<Self> {
        let approved = decided.into_iter();
        let approved = approved.filter(|one| one.status == ApprovalStatus::Approved);
        let more: Vec<Approval> = approved.filter(|one| !had.contains(&one.scope)).collect();
        Some(Self {
            until: more.iter().map(|one| one.expires_at).max()?,
            scopes: more.into_iter().map(|one| one.scope).collect(),
        })
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
                let mut part = self.grants.list_grants_from(name, from).await?;
                if let Some(client_id) = client_id {
                    part.found.retain(|one| one.given.client_id == *client_id);
                }
                Ok(part)
            }
            AccessOf::Grant(grant_id) => {
                let found = self.grants.find_grant(grant_id).await?;
                Ok(SearchPart::whole(found.into_iter().collect()))
            }
            AccessOf::Client(client_id) => self.grants.search_grants(client_id, from).await,
        }
    }

    /// What clients have of an owner, by their ids, and what they get without asking.
    pub async fn clients_of(&self, owner: &str) -> Result<Vec<ClientAccess>, StoreError> {
        let mut by_client: BTreeMap<ClientId, Vec<Given>> = BTreeMap::new();
        for GivenGrant { given, .. } in self.grants.list_grants(owner).await? {
            let of_client = by_client.entry(given.client_id.clone());
            of_client.or_default().push(given);
        }
        for client_id in self.approvals.approved_clients(owner).await? {
            by_client.entry(client_id).or_default();
        }
        let clients = by_client.into_iter().map(|(client_id, grants)| async move {
            let decided = self.approvals.find_approvals(owner, &client_id).await?;
            Ok::<_, StoreError>(ClientAccess::of(client_id, &grants, decided))
        });
        Ok(try_join_all(clients).await?.into_iter().flatten().collect())
    }

    /// Whether a client would get something of an owner without asking.
    pub async fn is_allowed(&self, owner: &str, client_id: &ClientId) -> Result<bool, StoreError> {
        let decided = self.approvals.find_approvals(owner, client_id).await?;
        Ok(Unasked::of(decided, &BTreeSet::new()).is_some())
    }

    /// Ends it, a part at a time, and returns what has ended. Owners are asked again when one of these clients comes again; of
    /// all clients, the owner's sessions end too.
    pub async fn end(
        &self,
        of: &AccessOf,
        from: Option<&EndPlace>,
    ) -> Result<EndedPart, StoreError> {
        let from = match from {
            Some(EndPlace::Grants(place)) => Some(place),
            // First, so that nothing new is given unasked.
            Some(EndPlace::Approvals(_)) | None => {
                if let Some(next) = self.end_what_gives_more(of, from).await? {
                    let found = Vec::new();
                    let next = Some(next);
                    return Ok(EndedPart { found, next });
                }
                None
            }
        };
        let part = self.list(of, from).await?;
        self.forget_approvals(of, &part.found).await?;
        Ok(EndedPart {
            found: self.revoke_all(part.found).await?,
            next: part.next.map(EndPlace::Grants),
        })
    }

    /// [`Access::end`], all parts of it.
    pub async fn end_all(&self, of: &AccessOf) -> Result<Vec<GivenGrant>, StoreError> {
        let (mut ended, mut from) = (Vec::new(), None);
        loop {
            let part = self.end(of, from.as_ref()).await?;
            ended.extend(part.found);
            from = part.next;
            if from.is_none() {
                return Ok(ended);
            }
        }
    }

    /// Ends every grant of an owner, and returns what has ended. What the owner decided stays: who is asked for it again
    /// need not ask. Whoever wants no new grants ends the sessions before.
    pub async fn end_grants_of(&self, owner: &str) -> Result<Vec<GivenGrant>, StoreError> {
        self.revoke_all(self.grants.list_grants(owner).await?).await
    }

    /// Ends them, and returns those that nobody else has ended meanwhile: each end is told once.
    async fn revoke_all(&self, found: Vec<GivenGrant>) -> Result<Vec<GivenGrant>, StoreError> {
        let mut is_first = Vec::new();
        for some in found.chunks(ENDED_AT_ONCE) {
            let ending = some
                .iter()
                .map(|one| self.grants.revoke_grant(&one.grant_id));
            is_first.extend(try_join_all(ending).await?);
        }
        let told = found.into_iter().zip(is_first);
        Ok(told
            .filter_map(|(one, is_first)| is_first.then_some(one))
            .collect())
    }

    /// Those behind these grants. Of a whole client all were forgotten before.
    async fn forget_approvals(
        &self,
        of: &AccessOf,
        found: &[GivenGrant],
    ) -> Result<(), StoreError> {
        let behind = |one: &GivenGrant| Some((one.owner.clone()?, one.given.client_id.clone()));
        let mut approved: BTreeSet<(String, ClientId)> = match of {
            AccessOf::Client(_) => BTreeSet::new(),
            AccessOf::Owner { .. } | AccessOf::Grant(_) => {
                found.iter().filter_map(behind).collect()
            }
        };
        if let AccessOf::Owner {
            name,
            client_id: Some(client_id),
        } = of
        {
            approved.insert((name.clone(), client_id.clone()));
        }
        for (owner, client_id) in &approved {
            self.approvals.forget_approvals(owner, client_id).await?;
        }
        Ok(())
    }

    /// Answers where to go on, if there may be more approvals.
    async fn end_what_gives_more(
        &self,
        of: &AccessOf,
        from: Option<&EndPlace>,
    ) -> Result<Option<EndPlace>, StoreError> {
        match of {
            AccessOf::Owner {
                name,
                client_id: None,
            } => {
                self.sessions.end_sessions_of(name).await?;
                let approvals = &self.approvals;
                for client_id in approvals.approved_clients(name).await? {
                    approvals.forget_approvals(name, &client_id).await?;
                }
                Ok(None)
            }
            AccessOf::Owner { .. } | AccessOf::Grant(_) => Ok(None),
            AccessOf::Client(client_id) => {
                let mut place = match from {
                    Some(EndPlace::Approvals(place)) => Some(place.clone()),
                    Some(EndPlace::Grants(_)) | None => None,
                };
                for _ in 0..APPROVAL_PARTS {
                    let from = place.as_ref();
                    let approvals = &self.approvals;
                    place = approvals.forget_approvals_of_all(client_id, from).await?;
                    if place.is_none() {
                        return Ok(None);
                    }
                }
                Ok(place.map(EndPlace::Approvals))
            }
        }
    }
}
