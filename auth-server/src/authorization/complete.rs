//! The owner said yes: a code, or the implicit grant's token.

use symbolon::authorization::AuthorizationOutcome;
use symbolon::error::{ErrorCode, ErrorResponse};
use symbolon::scope::Scope;
use symbolon::token::GrantType;

use crate::audit::{AuditEvent, Issued};
use crate::authorization::request::{CheckedRequest, Redirection, ResponseType};
use crate::grants::implicit;
use crate::records::{AuthorizationCode, Grant};
use crate::records::{CodeId, GrantId};
use crate::resource_owners::owner::ResourceOwner;
use crate::server::Server;
use crate::tokens::issue::IssueError;

/// Gives the client what the owner, from this address, approved.
pub async fn grant(
    server: &Server,
    request: &CheckedRequest,
    (owner, address): (&ResourceOwner, &str),
    scope: Scope,
) -> Result<Redirection, IssueError> {
    let grant = Grant {
        grant_type: request.response_type.grant_type(),
        client_id: request.client.id.clone(),
        owner: Some(owner.name.clone()),
        scope,
        authorities: owner.authorities.clone(),
        audience: request.client.resource_ids.clone(),
    };
    let outcome = match request.response_type {
        ResponseType::Code => issue_code(server, request, address, grant).await?,
        ResponseType::Token => {
            let issued = implicit::issue(server, &request.client, grant).await?;
            server.audit.record(&AuditEvent::TokenIssued(Issued {
                client: &request.client.id,
                owner: issued.owner.as_deref(),
                grant_id: issued.grant_id,
                grant_type: GrantType::Implicit,
                scope: issued.response.scope.as_ref(),
                address,
            }));
            AuthorizationOutcome::Token(Box::new(issued.response))
        }
    };
    Ok(request.answer(server, outcome))
}

/// Tells the client that the owner said no (RFC 6749 §4.1.2.1).
pub fn deny(server: &Server, request: &CheckedRequest) -> Redirection {
    let error = ErrorResponse::new(ErrorCode::AccessDenied, "User denied access");
    request.answer(server, AuthorizationOutcome::Error(error))
}

async fn issue_code(
    server: &Server,
    request: &CheckedRequest,
    address: &str,
    grant: Grant,
) -> Result<AuthorizationOutcome, IssueError> {
    let ring = server.ring();
    let random = server.random.as_ref();
    let id: CodeId = ring.handles.mint(GrantId::mint(random), random);
    let code = AuthorizationCode {
        grant,
        redirect_uri: request.redirect.uri().to_owned(),
        redirect_uri_was_sent: request.redirect.was_sent(),
        code_challenge: request.code_challenge.clone(),
        expires_at: server
            .now()
            .plus_secs(server.lifetimes.authorization_code_secs),
    };
    server.store.store_code(&id, &code).await?;
    let handle = ring.handles.write(&id).ok_or(IssueError::HandleKeyGone)?;
    server.audit.record(&AuditEvent::CodeIssued(Issued {
        client: &request.client.id,
        owner: code.grant.owner.as_deref(),
        grant_id: id.grant_id(),
        grant_type: code.grant.grant_type,
        scope: Some(&code.grant.scope),
        address,
    }));
    Ok(AuthorizationOutcome::Code(handle))
}
