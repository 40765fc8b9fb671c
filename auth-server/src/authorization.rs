//! From an authorization request to a code, a token or a refusal
//! ([RFC 6749 §4.1.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1)).

use std::sync::Arc;

use symbolon::authorization::AuthorizationRequest;
use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;

use crate::records::{GrantId, LocalesAsked, PendingAnswer, PendingAuthorization, PendingId};
use crate::resource_owners::owner::ResourceOwner;
use crate::sessions::{BrowserSession, Sessions};
use crate::stores::{Answering, StoreError};
use crate::tokens::issue::IssueError;

pub mod approval;
pub mod approval_rule;
pub mod complete;
pub mod decision;
pub mod pending;
pub mod redirect;
pub mod request;

use approval::{ApprovalNeed, Approvals, Question, Ruling};
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
    /// Somebody must sign in; meanwhile the request of this client waits under this name.
    SignIn(PendingId, ClientId),
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
    /// In which languages, if the client said so.
    pub locales: Option<LocalesAsked>,
}

/// An owner's decision on a request, and what came of it.
#[derive(Debug)]
pub struct Decided {
    /// Who asked.
    pub client_id: ClientId,
    /// Who decided; nobody has to be signed in to say no.
    pub owner: Option<String>,
    /// What was granted now; `None` when all of it was denied.
    pub granted: Option<Scope>,
    /// What was given before and has ended now.
    pub ended: Vec<GrantId>,
    /// A form about this request came before: nothing was decided now, and the answer is the one given then.
    pub again: bool,
    /// The answer to the client. The decision stands also when there is none.
    pub outcome: Result<Completed, IssueError>,
}

impl Decided {
    /// What was decided before.
    fn again(request: &CheckedRequest, owner: Option<String>, completed: Completed) -> Self {
        Self {
            client_id: request.client.id.clone(),
            owner,
            granted: None,
            ended: Vec::new(),
            again: true,
            outcome: Ok(completed),
        }
    }
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
            let id = self.pending.keep(&session.id, asked).await?;
            return Ok(Step::SignIn(id, checked.client.id.clone()));
        };
        let checked = self.approvals.ruled(&owner, checked).await?;
        let locales = LocalesAsked::in_request(&asked, self.pending.clock.now());
        match self.approvals.needed(&owner.name, &checked).await? {
            ApprovalNeed::Denied => Ok(Step::Complete(deny(&checked))),
            ApprovalNeed::None => self.grant_all(&checked, &owner).await,
            ApprovalNeed::Ask(questions) => Ok(Step::Ask(Box::new(ApprovalRequest {
                id: self.pending.keep(&session.id, asked).await?,
                request: checked,
                owner,
                questions,
                locales,
            }))),
        }
    }

    /// Goes on with a request that waits, when its owner has signed in. One that was answered a moment ago
    /// gets the same answer again.
    pub async fn resume(
        &self,
        session: &BrowserSession,
        id: PendingId,
    ) -> Result<Step, AuthorizationError> {
        let (pending, request) = self.waiting(session, &id).await?;
        let Some(owner) = self.sessions.owner(session).await? else {
            return Ok(Step::SignIn(id, request.client.id.clone()));
        };
        let locales = pending.locales_asked();
        if let Some(answer) = pending.answer {
            let completed = self.again(&request, answer, Some(&owner.name)).await?;
            return Ok(Step::Complete(completed));
        }
        let request = self.approvals.ruled(&owner, request).await?;
        match self.approvals.needed(&owner.name, &request).await? {
            ApprovalNeed::Denied => Ok(Step::Complete(deny(&request))),
            ApprovalNeed::None => {
                let decided = self.granted_unasked(&request, &owner).await?;
                let settled = self.settled(session, &id, &request, decided).await?;
                Ok(Step::Complete(settled.outcome?))
            }
            ApprovalNeed::Ask(questions) => Ok(Step::Ask(Box::new(ApprovalRequest {
                id,
                request,
                owner,
                questions,
                locales,
            }))),
        }
    }

    /// All that was asked for, because nothing needs to be asked.
    async fn granted_unasked(
        &self,
        request: &CheckedRequest,
        owner: &ResourceOwner,
    ) -> Result<Decided, AuthorizationError> {
        let granted = request.scope.clone();
        let given = self.completion.grant(request, owner, granted.clone());
        Ok(Decided {
            client_id: request.client.id.clone(),
            owner: Some(owner.name.clone()),
            granted: Some(granted),
            ended: Vec::new(),
            again: false,
            outcome: Ok(given.await?),
        })
    }

    /// Carries out an owner's decision on a request that waits.
    pub async fn decide(
        &self,
        session: &BrowserSession,
        decision: Decision,
    ) -> Result<Decided, AuthorizationError> {
        let id = self.pending.meant(&session.id, &decision.about).await?;
        let owner = self.sessions.owner(session).await?;
        if owner.is_none() && !decision.denies_all {
            return Err(AuthorizationError::NothingWaits);
        }
        let id = id.ok_or(AuthorizationError::NothingWaits)?;
        let (pending, request) = self.waiting_for(session, &id, owner.as_deref()).await?;
        let decision = if request.client.spring.approval_handler.asks_at_once() {
            decision.at_once(&request.scope)
        } else {
            decision
        };
        let name = owner.as_ref().map(|owner| owner.name.clone());
        if let Some(answer) = pending.answer {
            let completed = self.again(&request, answer, name.as_deref()).await?;
            return Ok(Decided::again(&request, name, completed));
        }
        let Ruling { granted, ended } = match &owner {
            Some(owner) if !decision.denies_all => {
                let approvals = &self.approvals;
                let approved = &decision.approved;
                approvals.decide(&owner.name, &request, approved).await?
            }
            Some(_) | None => Ruling::default(),
        };
        let outcome = match (&owner, granted.clone()) {
            (Some(owner), Some(scope)) => self.completion.grant(&request, owner, scope).await,
            (Some(_) | None, _) => Ok(deny(&request)),
        };
        let decided = Decided {
            client_id: request.client.id.clone(),
            owner: name,
            granted,
            ended,
            again: false,
            outcome,
        };
        self.settled(session, &id, &request, decided).await
    }

    /// What is asked about a request that still waits, whatever was approved before: nothing is given and
    /// nothing decided by asking.
    pub async fn ask(
        &self,
        session: &BrowserSession,
        id: PendingId,
    ) -> Result<Step, AuthorizationError> {
        let (pending, request) = self.waiting(session, &id).await?;
        if pending.answer.is_some() {
            return Err(AuthorizationError::NothingWaits);
        }
        let Some(owner) = self.sessions.owner(session).await? else {
            return Ok(Step::SignIn(id, request.client.id.clone()));
        };
        let request = self.approvals.ruled(&owner, request).await?;
        if self.approvals.withholds_all(&request) {
            return Ok(Step::Complete(deny(&request)));
        }
        let questions = self.approvals.questions(&owner.name, &request).await?;
        Ok(Step::Ask(Box::new(ApprovalRequest {
            id,
            request,
            owner,
            questions,
            locales: pending.locales_asked(),
        })))
    }

    /// A request of this session, judged as its client is registered now.
    async fn waiting(
        &self,
        session: &BrowserSession,
        id: &PendingId,
    ) -> Result<(PendingAuthorization, CheckedRequest), AuthorizationError> {
        let pending = self.pending.find(&session.id, id).await?;
        let pending = pending.ok_or(AuthorizationError::NothingWaits)?;
        let request = self.requests.check(&pending.request).await?;
        Ok((pending, request))
    }

    /// The same, as the rule about approvals leaves it for an owner.
    async fn waiting_for(
        &self,
        session: &BrowserSession,
        id: &PendingId,
        owner: Option<&ResourceOwner>,
    ) -> Result<(PendingAuthorization, CheckedRequest), AuthorizationError> {
        let (pending, request) = self.waiting(session, id).await?;
        let request = match owner {
            Some(owner) => self.approvals.ruled(owner, request).await?,
            None => request,
        };
        Ok((pending, request))
    }

    /// The answer that a request has got before, for the same owner.
    async fn again(
        &self,
        request: &CheckedRequest,
        answer: PendingAnswer,
        owner: Option<&str>,
    ) -> Result<Completed, AuthorizationError> {
        if answer.owner.as_deref() != owner {
            return Err(AuthorizationError::NothingWaits);
        }
        let completed = self.completion.again(request, answer.given).await?;
        completed.ok_or(AuthorizationError::NothingWaits)
    }

    /// Makes what was decided the answer of its request. Where another form was faster, its answer counts, and
    /// what was made for this one is told to nobody.
    async fn settled(
        &self,
        session: &BrowserSession,
        id: &PendingId,
        request: &CheckedRequest,
        decided: Decided,
    ) -> Result<Decided, AuthorizationError> {
        let Ok(completed) = &decided.outcome else {
            // There is no answer: the request goes on waiting.
            return Ok(decided);
        };
        let answer = PendingAnswer {
            owner: decided.owner.clone(),
            given: completed.given,
        };
        match self.pending.answer(&session.id, id, &answer).await? {
            Answering::Answered => Ok(decided),
            Answering::AnsweredBefore(earlier) => {
                let owner = decided.owner;
                let completed = self.again(request, earlier, owner.as_deref()).await?;
                Ok(Decided::again(request, owner, completed))
            }
            Answering::Unknown => Err(AuthorizationError::NothingWaits),
        }
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
