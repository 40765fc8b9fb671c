//! From an authorization request to a code, a token or a refusal
//! ([RFC 6749 §4.1.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1)).

use std::sync::Arc;

use symbolon::authorization::AuthorizationRequest;
use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;

use crate::records::PendingId;
use crate::resource_owners::owner::ResourceOwner;
use crate::sessions::{BrowserSession, Sessions};
use crate::stores::StoreError;
use crate::tokens::issue::IssueError;

pub mod approval;
pub mod complete;
pub mod decision;
pub mod pending;
pub mod redirect;
pub mod request;

use approval::{ApprovalNeed, Approvals, Question};
use complete::{Completed, Completion, deny};
use decision::Decision;
use pending::PendingAuthorizations;
use request::{AuthorizationRequests, CheckedRequest, RequestError};

/// What the authorization endpoint does, step by step.
#[derive(Clone)]
pub struct Authorization {
    /// Checks requests.
    pub requests: AuthorizationRequests,
    /// Knows who is signed in.
    pub sessions: Sessions,
    /// Keeps requests that wait.
    pub pending: PendingAuthorizations,
    /// Knows what must be asked.
    pub approvals: Approvals,
    /// Gives codes and tokens.
    pub completion: Completion,
}

/// What comes next for a request that is in order.
#[derive(Debug)]
pub enum Step {
    /// Somebody must sign in; meanwhile the request waits under this name.
    SignIn(PendingId),
    /// The owner must be asked.
    Ask(Box<ApprovalRequest>),
    /// Nothing: the browser goes back to the client.
    Complete(Completed),
}

/// What an owner is asked.
#[derive(Debug)]
pub struct ApprovalRequest {
    /// The name under which the request waits for the answer.
    pub id: PendingId,
    /// Who asks, for what.
    pub request: CheckedRequest,
    /// Who is asked.
    pub owner: Arc<ResourceOwner>,
    /// What about.
    pub questions: Vec<Question>,
}

/// An owner's decision on a request, and what came of it.
#[derive(Debug)]
pub struct Decided {
    /// Who asked.
    pub client_id: ClientId,
    /// Who decided; nobody has to be signed in to say no.
    pub owner: Option<String>,
    /// What was granted; `None` when all of it was denied.
    pub granted: Option<Scope>,
    /// The answer to the client. The decision stands also when there is none.
    pub outcome: Result<Completed, IssueError>,
}

/// Why a request does not go on.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizationError {
    /// No request of that name waits in this session.
    #[error("no authorization request waits for an approval")]
    NothingWaits,
    /// The request is not in order.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The answer cannot be issued.
    #[error(transparent)]
    Issue(#[from] IssueError),
}

impl Authorization {
    /// Goes on with a request that was checked: `asked` is what the client sent.
    pub async fn start(
        &self,
        session: &BrowserSession,
        asked: AuthorizationRequest,
        checked: CheckedRequest,
    ) -> Result<Step, AuthorizationError> {
        let Some(owner) = self.sessions.owner(session).await? else {
            return Ok(Step::SignIn(self.pending.keep(&session.id, asked).await?));
        };
        match self.approvals.needed(&owner.name, &checked).await? {
            ApprovalNeed::None => self.grant_all(&checked, &owner).await,
            ApprovalNeed::Ask(questions) => Ok(Step::Ask(Box::new(ApprovalRequest {
                id: self.pending.keep(&session.id, asked).await?,
                request: checked,
                owner,
                questions,
            }))),
        }
    }

    /// Goes on with a request that waits, when its owner has signed in.
    pub async fn resume(
        &self,
        session: &BrowserSession,
        id: PendingId,
    ) -> Result<Step, AuthorizationError> {
        let Some(owner) = self.sessions.owner(session).await? else {
            return Ok(Step::SignIn(id));
        };
        let waiting = self.pending.find(&session.id, &id).await?;
        let asked = waiting.ok_or(AuthorizationError::NothingWaits)?;
        let request = self.requests.check(&asked).await?;
        match self.approvals.needed(&owner.name, &request).await? {
            ApprovalNeed::None => {
                let taken = self.pending.take(&session.id, &id).await?;
                taken.ok_or(AuthorizationError::NothingWaits)?;
                self.grant_all(&request, &owner).await
            }
            ApprovalNeed::Ask(questions) => Ok(Step::Ask(Box::new(ApprovalRequest {
                id,
                request,
                owner,
                questions,
            }))),
        }
    }

    /// Carries out an owner's decision on a request that waits.
    pub async fn decide(
        &self,
        session: &BrowserSession,
        decision: Decision,
    ) -> Result<Decided, AuthorizationError> {
        let Decision {
            about,
            denies_all,
            approved,
        } = decision;
        let id = self.pending.meant(&session.id, about).await?;
        let owner = self.sessions.owner(session).await?;
        if owner.is_none() && !denies_all {
            return Err(AuthorizationError::NothingWaits);
        }
        let id = id.ok_or(AuthorizationError::NothingWaits)?;
        let taken = self.pending.take(&session.id, &id).await?;
        let asked = taken.ok_or(AuthorizationError::NothingWaits)?;
        let request = self.requests.check(&asked).await?;
        let granted = match &owner {
            Some(owner) if !denies_all => {
                let approvals = &self.approvals;
                approvals.decide(&owner.name, &request, &approved).await?
            }
            Some(_) | None => None,
        };
        let outcome = match (&owner, granted.clone()) {
            (Some(owner), Some(scope)) => self.completion.grant(&request, owner, scope).await,
            (Some(_) | None, _) => Ok(deny(&request)),
        };
        Ok(Decided {
            client_id: request.client.id.clone(),
            owner: owner.map(|owner| owner.name.clone()),
            granted,
            outcome,
        })
    }

    /// Gives the client what it asked for, because nothing needs to be asked.
    async fn grant_all(
        &self,
        request: &CheckedRequest,
        owner: &ResourceOwner,
    ) -> Result<Step, AuthorizationError> {
        let scope = request.scope.clone();
        let completed = self.completion.grant(request, owner, scope).await?;
        Ok(Step::Complete(completed))
    }
}
