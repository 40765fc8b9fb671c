//! Who administers by API: a token of this server, checked as at any resource server, and what whoever stands behind it may
//! do now.

use actix_web::HttpRequest;

use crate::administration::{Administrator, Administrators};
use crate::http::bearer_token::bearer_token;
use crate::http::caller::address;
use crate::http::noted_refusal::Asker;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::token_length::is_too_long;
use crate::pages::Language;
use crate::records::Grant;
use crate::server::Server;
use crate::tokens::check::CheckError;

/// A caller that may do what it asks for.
pub(crate) struct ApiAdministrator {
    by: String,
    address: String,
    language: Language,
}

impl ApiAdministrator {
    /// The same for the audit stream.
    pub(crate) fn who(&self) -> Administrator<'_> {
        Administrator {
            by: Some(&self.by),
            address: &self.address,
            language: self.language,
        }
    }

    /// Where they are.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

/// Whoever calls with a token of this scope, where there is an API at all.
pub(crate) async fn administrator(
    server: &Server,
    request: &HttpRequest,
    scope: &'static str,
) -> Result<ApiAdministrator, Refusal> {
    if !server.administrators.api {
        return Err(Refusal::not_found());
    }
    let token = bearer_token(request).ok_or_else(Refusal::token_needed)?;
    if is_too_long(server, &token) {
        return Err(Refusal::token_not_good());
    }
    let (_, token) = server
        .checker
        .kept_access_token(&token)
        .await
        .map_err(refused)?;
    let grant = &token.grant;
    let allowed = allowed(server, grant, scope).await;
    allowed.map_err(|refusal| refusal.to(asker(grant)))?;
    Ok(ApiAdministrator {
        by: match &grant.owner {
            Some(owner) => owner.clone(),
            None => format!("client {}", grant.client_id),
        },
        address: address(request),
        language: frame(server, request).language(),
    })
}

/// Who shows a token.
fn asker(grant: &Grant) -> Asker {
    Asker {
        client: Some(grant.client_id.clone()),
        owner: grant.owner.clone(),
    }
}

/// Whether a token is for here, of this scope, and of somebody who administers.
async fn allowed(server: &Server, grant: &Grant, scope: &'static str) -> Result<(), Refusal> {
    let authorities = authorities_now(server, grant).await?;
    // A token for everywhere is one that any resource server could bring here.
    let is_for_here = |id: &String| id == Administrators::RESOURCE_ID;
    if !grant.audience.iter().any(is_for_here) {
        return Err(Refusal::token_not_good());
    }
    if !grant.scope.contains(scope) {
        return Err(Refusal::insufficient_scope(scope));
    }
    if !server.administrators.include(&authorities) {
        return Err(Refusal::access_denied());
    }
    Ok(())
}

/// What whoever a token acts for may do now, whatever they might when it was issued.
async fn authorities_now(server: &Server, grant: &Grant) -> Result<Vec<String>, Refusal> {
    let parties = &server.checker.parties;
    let client = parties.clients.find(&grant.client_id).await?;
    let client = client.ok_or_else(Refusal::token_not_good)?;
    let Some(name) = &grant.owner else {
        return Ok(client.authorities.clone());
    };
    let owner = parties.owner(name, grant).await?;
    let owner = owner.ok_or_else(Refusal::token_not_good)?;
    Ok(owner.authorities.clone())
}

/// RFC 6750 §3.1: a token that is none is refused with a challenge.
fn refused(error: CheckError) -> Refusal {
    match error {
        CheckError::Store(error) => error.into(),
        CheckError::NotRecognised | CheckError::Expired | CheckError::NotAllowed => {
            Refusal::token_not_good()
        }
    }
}
