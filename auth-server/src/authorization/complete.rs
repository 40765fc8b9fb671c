//! The owner said yes or no: a code, the implicit grant's token, or a refusal.

use std::sync::Arc;

use symbolon::authorization::AuthorizationOutcome;
use symbolon::clock::Clock;
use symbolon::error::{ErrorCode, ErrorResponse};
use symbolon::random::Random;
use symbolon::scope::Scope;

use crate::authorization::redirect::Redirection;
use crate::authorization::request::{CheckedRequest, ResponseType};
use crate::grants::implicit::ImplicitGrant;
use crate::keys::KeyRing;
use crate::records::{AnswerContent, AuthorizationCode, CodeId, Grant, GrantId};
use crate::resource_owners::owner::ResourceOwner;
use crate::stores::AuthorizationCodeStore;
use crate::tokens::issue::{IssueError, Issued};

/// Ends authorization requests.
#[derive(Clone)]
pub struct Completion {
    /// Where codes are kept.
    pub codes: Arc<dyn AuthorizationCodeStore>,
    /// Issues tokens at once.
    pub implicit: ImplicitGrant,
    /// Make codes.
    pub keys: Arc<KeyRing>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Seconds that a code lives.
    pub code_life_secs: u64,
}

/// A request that has its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completed {
    /// Brings the answer to the client.
    pub redirection: Redirection,
    /// What the client gets with it.
    pub gives: Gives,
    /// The same, as it is remembered for a browser that asks again.
    pub given: AnswerContent,
}

/// What a client gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A code.
    Code(Issued),
    /// A token.
    Token(Issued),
    /// Nothing: the owner said no, or the client has got it before.
    Nothing,
}

impl Completion {
    /// Gives the client what the owner approved.
    pub async fn grant(
        &self,
        request: &CheckedRequest,
        owner: &ResourceOwner,
        scope: Scope,
    ) -> Result<Completed, IssueError> {
        let grant = Grant {
            grant_type: request.response_type.grant_type(),
            client_id: request.client.id.clone(),
            owner: Some(owner.name.clone()),
            scope,
            authorities: owner.authorities.clone(),
            audience: request.client.resource_ids.clone(),
            password_mark: self.implicit.issuer.password_mark(owner),
            given_at: Some(self.clock.now()),
        };
        match request.response_type {
            ResponseType::Code => self.issue_code(request, grant).await,
            ResponseType::Token => {
                let tokens = self.implicit.issue(&request.client, grant).await?;
                let outcome = AuthorizationOutcome::Token(Box::new(tokens.response));
                Ok(Completed {
                    redirection: request.answer(outcome),
                    gives: Gives::Token(tokens.issued),
                    given: AnswerContent::Token(tokens.access_token_id),
                })
            }
        }
    }

    /// The answer that a request has got before, once more. `None` when it is not good any more.
    pub async fn again(
        &self,
        request: &CheckedRequest,
        given: AnswerContent,
    ) -> Result<Option<Completed>, IssueError> {
        let outcome = match given {
            AnswerContent::Nothing => return Ok(Some(deny(request))),
            AnswerContent::Code(id) => {
                let handle = self.keys.current().handles.write(&id);
                handle.map(AuthorizationOutcome::Code)
            }
            AnswerContent::Token(id) => {
                let tokens = self.implicit.again(&request.client, &id).await?;
                tokens.map(|tokens| AuthorizationOutcome::Token(Box::new(tokens.response)))
            }
        };
        Ok(outcome.map(|outcome| Completed {
            redirection: request.answer(outcome),
            gives: Gives::Nothing,
            given,
        }))
    }

    async fn issue_code(
        &self,
        request: &CheckedRequest,
        grant: Grant,
    ) -> Result<Completed, IssueError> {
        let ring = self.keys.current();
        let random = self.random.as_ref();
        let id: CodeId = ring.handles.mint(GrantId::mint(random), random);
        let issued = Issued {
            client_id: grant.client_id.clone(),
            owner: grant.owner.clone(),
            grant_id: id.grant_id(),
            grant_type: grant.grant_type,
            scope: grant.scope.clone(),
        };
        let code = AuthorizationCode {
            grant,
            redirect_uri: request.redirect.uri().to_owned(),
            redirect_uri_was_sent: request.redirect.was_sent(),
            code_challenge: request.code_challenge.clone(),
            expires_at: self.clock.now().plus_secs(self.code_life_secs),
        };
        self.codes.store_code(&id, &code).await?;
        let handle = ring.handles.write(&id).ok_or(IssueError::HandleKeyGone)?;
        Ok(Completed {
            redirection: request.answer(AuthorizationOutcome::Code(handle)),
            gives: Gives::Code(issued),
            given: AnswerContent::Code(id),
        })
    }
}

/// Tells the client that the owner said no (RFC 6749 §4.1.2.1).
pub fn deny(request: &CheckedRequest) -> Completed {
    let error = ErrorResponse::new(ErrorCode::AccessDenied, "User denied access");
    Completed {
        redirection: request.answer(AuthorizationOutcome::Error(error)),
        gives: Gives::Nothing,
        given: AnswerContent::Nothing,
    }
}
