//! What an owner has decided, and what must still be asked (E2).

use symbolon::scope::Scope;

use crate::authorization::request::CheckedRequest;
use crate::records::{Approval, ApprovalStatus};
use crate::server::Server;
use crate::stores::StoreError;

/// Whether the owner must be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApprovalNeed {
    /// Everything was approved before or needs no approval.
    None,
    /// These scopes must be asked about.
    Ask(Vec<Question>),
}

/// One scope that the owner is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The scope name.
    pub scope: String,
    /// What the owner decided the last time.
    pub last_decision: Option<ApprovalStatus>,
}

/// What the owner must be asked about a request. Scopes that are approved automatically are never asked
/// about; if one of the others lacks an approval, all of them are, so that the owner sees the whole.
pub async fn needed_approval(
    server: &Server,
    owner: &str,
    request: &CheckedRequest,
) -> Result<ApprovalNeed, StoreError> {
    let asked = asked_about(request);
    if asked.is_empty() {
        return Ok(ApprovalNeed::None);
    }
    let decisions = server
        .store
        .find_approvals(owner, &request.client.id)
        .await?;
    let last_decision = |scope: &str| {
        decisions
            .iter()
            .find(|one| one.scope == scope)
            .map(|one| one.status)
    };
    let questions: Vec<Question> = asked
        .names()
        .map(|scope| Question {
            scope: scope.to_owned(),
            last_decision: last_decision(scope),
        })
        .collect();
    let remembered = server.lifetimes.approval_secs > 0
        && questions
            .iter()
            .all(|one| one.last_decision == Some(ApprovalStatus::Approved));
    Ok(if remembered {
        ApprovalNeed::None
    } else {
        ApprovalNeed::Ask(questions)
    })
}

/// The owner's answer: keeps it, and says what is granted. `None` when all that was asked was denied.
pub async fn decide(
    server: &Server,
    owner: &str,
    request: &CheckedRequest,
    approved: impl Fn(&str) -> bool,
) -> Result<Option<Scope>, StoreError> {
    let asked = asked_about(request);
    let denied: Vec<&str> = asked.names().filter(|scope| !approved(scope)).collect();
    let life = server.lifetimes.approval_secs;
    if life > 0 {
        let expires_at = server.now().plus_secs(life);
        let decisions: Vec<Approval> = asked
            .names()
            .map(|scope| Approval {
                scope: scope.to_owned(),
                status: if approved(scope) {
                    ApprovalStatus::Approved
                } else {
                    ApprovalStatus::Denied
                },
                expires_at,
            })
            .collect();
        server
            .store
            .record_approvals(owner, &request.client.id, &decisions)
            .await?;
    }
    if denied.len() == asked.names().count() && !denied.is_empty() {
        return Ok(None);
    }
    Ok(Some(request.scope.without(&denied)))
}

fn asked_about(request: &CheckedRequest) -> Scope {
    let automatic: Vec<&str> = request.client.auto_approve.names().collect();
    request.scope.without(&automatic)
}
