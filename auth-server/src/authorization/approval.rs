//! What an owner has decided, and what must still be asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon::scope::Scope;
use symbolon::token::GrantType;

use crate::authorization::approval_rule::ApprovalRule;
use crate::authorization::request::CheckedRequest;
use crate::records::{Approval, ApprovalHandler, ApprovalStatus, Given, GrantId};
use crate::resource_owners::owner::ResourceOwner;
use crate::stores::{ApprovalStore, GrantStore, StoreError};

/// Whether the owner must be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApprovalNeed {
    /// Everything was approved before or needs no approval.
    None,
    /// Nothing that was asked for may be given.
    Denied,
    /// These scopes must be asked about.
    Ask(Vec<Question>),
}

/// For how long a decision counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remembered {
    /// For this request alone.
    Not,
    /// So many seconds.
    Secs(u64),
    /// As long as the client holds what came of it.
    WhileTokensLive,
}

/// One scope that the owner is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The scope name.
    pub scope: String,
    /// What the owner decided the last time.
    pub last_decision: Option<ApprovalStatus>,
}

/// What an owner's answer comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ruling {
    /// What is granted; `None` when all that was asked was denied.
    pub granted: Option<Scope>,
    /// What was given before and has ended, because its approval was taken back.
    pub ended: Vec<GrantId>,
}

/// What owners have decided.
#[derive(Clone)]
pub struct Approvals {
    /// Where it is remembered.
    pub store: Arc<dyn ApprovalStore>,
    /// What hangs on it.
    pub grants: Arc<dyn GrantStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Seconds that a decision is remembered; `None` means that owners are asked every time.
    pub remembered_secs: Option<u64>,
    /// What whoever embeds the server says besides.
    pub rule: Option<Arc<dyn ApprovalRule>>,
}

impl Approvals {
    /// The request of an owner as the rule leaves it, where there is one.
    pub async fn ruled(
        &self,
        owner: &ResourceOwner,
        mut request: CheckedRequest,
    ) -> Result<CheckedRequest, StoreError> {
        let Some(rule) = &self.rule else {
            return Ok(request);
        };
        let ruling = rule.rule(&request.client, owner, &request.scope).await?;
        let withheld: Vec<&str> = ruling.withheld.names().collect();
        request.scope = request.scope.without(&withheld);
        request.approved = ruling.approved;
        Ok(request)
    }

    /// Whether the rule has left nothing of a request.
    pub fn withholds_all(&self, request: &CheckedRequest) -> bool {
        self.rule.is_some() && request.scope.is_empty()
    }

    /// What the owner must be asked about a request. Scopes that are approved automatically are never asked
    /// about; if one of the others lacks an approval, all of them are, so that the owner sees the whole.
    pub async fn needed(
        &self,
        owner: &str,
        request: &CheckedRequest,
    ) -> Result<ApprovalNeed, StoreError> {
        if self.withholds_all(request) {
            return Ok(ApprovalNeed::Denied);
        }
        if asked_about(request).is_empty() {
            return Ok(ApprovalNeed::None);
        }
        let questions = self.questions(owner, request).await?;
        let is_approved =
            |question: &Question| question.last_decision == Some(ApprovalStatus::Approved);
        Ok(
            if self.remembers(request) && questions.iter().all(is_approved) {
                ApprovalNeed::None
            } else {
                ApprovalNeed::Ask(questions)
            },
        )
    }

    fn remembers(&self, request: &CheckedRequest) -> bool {
        self.remembered(request) != Remembered::Not
    }

    /// For how long an owner who says yes now is not asked again.
    pub fn remembered(&self, request: &CheckedRequest) -> Remembered {
        if !request.client.remembers_approvals {
            return Remembered::Not;
        }
        match request.client.spring.approval_handler {
            ApprovalHandler::Decisions => {
                let secs = self.remembered_secs;
                secs.map_or(Remembered::Not, Remembered::Secs)
            }
            ApprovalHandler::LiveTokens | ApprovalHandler::SameToken => Remembered::WhileTokensLive,
            ApprovalHandler::EveryTime => Remembered::Not,
        }
    }

    /// All that a request asks of its owner, with what was decided the last time.
    pub async fn questions(
        &self,
        owner: &str,
        request: &CheckedRequest,
    ) -> Result<Vec<Question>, StoreError> {
        let asked = asked_about(request);
        let decisions = self.decisions(owner, request).await?;
        let questions = asked.names().map(|scope| Question {
            scope: scope.to_owned(),
            last_decision: decisions.get(scope).copied(),
        });
        Ok(questions.collect())
    }

    /// What an owner has decided about this client's scopes, as far as that counts for it.
    async fn decisions(
        &self,
        owner: &str,
        request: &CheckedRequest,
    ) -> Result<BTreeMap<String, ApprovalStatus>, StoreError> {
        let client = &request.client;
        let is_of_any_scope = match client.spring.approval_handler {
            ApprovalHandler::EveryTime => return Ok(BTreeMap::new()),
            ApprovalHandler::Decisions => {
                let decided = self.store.find_approvals(owner, &client.id).await?;
                let decided = decided.into_iter().map(|one| (one.scope, one.status));
                return Ok(decided.collect());
            }
            ApprovalHandler::LiveTokens => true,
            ApprovalHandler::SameToken => false,
        };
        let counts = |given: &Given| {
            given.client_id == client.id && (is_of_any_scope || given.scope == request.scope)
        };
        let mut approved = BTreeMap::new();
        for one in self.grants.list_grants(owner).await? {
            for name in one.given.scope.names().filter(|_| counts(&one.given)) {
                approved.insert(name.to_owned(), ApprovalStatus::Approved);
            }
        }
        Ok(approved)
    }

    /// Keeps the owner's answer and carries it out: what is denied now ends what was given before.
    pub async fn decide(
        &self,
        owner: &str,
        request: &CheckedRequest,
        approved: &BTreeSet<String>,
    ) -> Result<Ruling, StoreError> {
        let asked = asked_about(request);
        self.remember(owner, request, &asked, approved).await?;
        let is_denied = |scope: &&str| !approved.contains(*scope);
        let denied: Vec<&str> = asked.names().filter(is_denied).collect();
        let ended = self.withdraw(owner, request, &denied).await?;
        let denies_all = denied.len() == asked.names().count() && !denied.is_empty();
        let denies_all = denies_all || self.withholds_all(request);
        let granted = (!denies_all).then(|| request.scope.without(&denied));
        Ok(Ruling { granted, ended })
    }

    /// Ends every grant that this client has by an approval of one of these scopes. What the owner's password gave
    /// it was asked of nobody, and stays.
    async fn withdraw(
        &self,
        owner: &str,
        request: &CheckedRequest,
        denied: &[&str],
    ) -> Result<Vec<GrantId>, StoreError> {
        if denied.is_empty() {
            return Ok(Vec::new());
        }
        let needs_it = |given: &Given| {
            let is_asked = [GrantType::AuthorizationCode, GrantType::Implicit];
            given.client_id == request.client.id
                && is_asked.contains(&given.grant_type)
                && given.scope.names().any(|scope| denied.contains(&scope))
        };
        let mut ended = Vec::new();
        for one in self.grants.list_grants(owner).await? {
            if needs_it(&one.given) && self.grants.revoke_grant(&one.grant_id).await? {
                ended.push(one.grant_id);
            }
        }
        Ok(ended)
    }

    async fn remember(
        &self,
        owner: &str,
        request: &CheckedRequest,
        asked: &Scope,
        approved: &BTreeSet<String>,
    ) -> Result<(), StoreError> {
        let keeps = request.client.spring.approval_handler == ApprovalHandler::Decisions;
        let Some(life_secs) = self.remembered_secs.filter(|_| keeps) else {
            return Ok(());
        };
        let expires_at = self.clock.now().plus_secs(life_secs);
        let decision = |scope: &str| Approval {
            scope: scope.to_owned(),
            status: if approved.contains(scope) {
                ApprovalStatus::Approved
            } else {
                ApprovalStatus::Denied
            },
            expires_at,
        };
        let decisions: Vec<Approval> = asked.names().map(decision).collect();
        self.store
            .record_approvals(owner, &request.client.id, &decisions)
            .await
    }
}

fn asked_about(request: &CheckedRequest) -> Scope {
    let asks_always = request.client.spring.approval_handler == ApprovalHandler::EveryTime;
    let is_approved = |name: &str| request.approved.names().any(|approved| approved == name);
    let is_automatic = |name: &str| !asks_always && request.client.auto_approve.covers(name);
    let automatic = request.scope.names();
    let automatic = automatic.filter(|name| is_automatic(name) || is_approved(name));
    request.scope.without(&automatic.collect::<Vec<_>>())
}
