//! The refresh token grant ([RFC 6749 §6](https://www.rfc-editor.org/rfc/rfc6749#section-6)), with rotation
//! ([RFC 9700 §4.14.2](https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2)).

use symbolon::scope::Scope;
use symbolon::token::RefreshTokenRequest;

use crate::audit::AuditEvent;
use crate::clients::authentication::AuthenticatedClient;
use crate::grants::{ScopeError, TokenError};
use crate::records::RefreshTokenId;
use crate::records::{Grant, NewTokens, RefreshToken};
use crate::server::Server;
use crate::stores::{Renewal, Rotation};
use crate::tokens::check::{CheckError, check_refresh_token};
use crate::tokens::issue::{IssuedTokens, WithRefreshToken, mint_tokens, token_response};

/// Exchanges a refresh token. The scope may be narrowed, never widened (G6).
pub(super) async fn exchange(
    server: &Server,
    client: &AuthenticatedClient,
    address: &str,
    request: RefreshTokenRequest,
) -> Result<IssuedTokens, TokenError> {
    let (id, token) = check_refresh_token(server, &request.refresh_token)
        .await
        .map_err(|error| match error {
            CheckError::Store(error) => error.into(),
            CheckError::NotRecognised | CheckError::Expired | CheckError::NotAllowed => {
                TokenError::UnknownRefreshToken
            }
        })?;
    if token.grant.client_id != client.id {
        return Err(TokenError::RefreshTokenOfOtherClient);
    }
    let full = current_grant(server, client, token)?;
    let narrowed = Grant {
        scope: narrow(&full.scope, request.scope.as_deref())?,
        ..full.clone()
    };
    if client.rotate_refresh_tokens {
        rotate(server, client, address, &id, (full, narrowed)).await
    } else {
        renew(server, client, &id, narrowed).await
    }
}

/// What was granted, as far as the client is still registered for it, with the authorities that the
/// owner has now.
fn current_grant(
    server: &Server,
    client: &AuthenticatedClient,
    token: RefreshToken,
) -> Result<Grant, TokenError> {
    let scope = token.grant.scope.narrow(&client.scope);
    let authorities = match &token.grant.owner {
        Some(name) => {
            let owner = server.owners.find(name).ok_or(TokenError::OwnerGone)?;
            owner.authorities.clone()
        }
        None => client.authorities.clone(),
    };
    Ok(Grant {
        scope,
        authorities,
        ..token.grant
    })
}

fn narrow(granted: &Scope, requested: Option<&str>) -> Result<Scope, TokenError> {
    let scope = match requested.map(Scope::parse) {
        None => granted.clone(),
        Some(Ok(scope)) if granted.covers(&scope) => scope,
        Some(_) => {
            return Err(TokenError::ScopeWidened {
                granted: granted.clone(),
            });
        }
    };
    if scope.is_empty() {
        Err(ScopeError::Empty.into())
    } else {
        Ok(scope)
    }
}

/// RFC 6749 §6: only the access token is narrowed; the new refresh token has the scope of the old one.
async fn rotate(
    server: &Server,
    client: &AuthenticatedClient,
    address: &str,
    id: &RefreshTokenId,
    (full, narrowed): (Grant, Grant),
) -> Result<IssuedTokens, TokenError> {
    let mut successor = mint_tokens(server, client, id.grant_id(), full, WithRefreshToken::Yes);
    successor.access_token.grant = narrowed;
    let grace_secs = server.lifetimes.refresh_grace_secs;
    match server
        .store
        .rotate_refresh_token(id, &successor, grace_secs)
        .await?
    {
        Rotation::Rotated => Ok(token_response(
            server,
            client,
            &successor.access_token_id,
            &successor.access_token,
        )?),
        Rotation::SameSuccessor(same) => Ok(token_response(
            server,
            client,
            &same.access_token_id,
            &same.access_token,
        )?),
        Rotation::Reused => {
            server.audit.record(&AuditEvent::RefreshTokenReused {
                client: &client.id,
                owner: successor.access_token.grant.owner.as_deref(),
                grant_id: id.grant_id(),
                address,
            });
            Err(TokenError::RefreshTokenReused)
        }
        Rotation::Unknown => Err(TokenError::UnknownRefreshToken),
    }
}

/// The Spring habit: the refresh token stays as it is, with the scope that it had.
async fn renew(
    server: &Server,
    client: &AuthenticatedClient,
    id: &RefreshTokenId,
    grant: Grant,
) -> Result<IssuedTokens, TokenError> {
    let mut tokens: NewTokens =
        mint_tokens(server, client, id.grant_id(), grant, WithRefreshToken::No);
    tokens.access_token.refresh_token_id = Some(*id);
    match server.store.renew_access_token(id, &tokens).await? {
        Renewal::Renewed => Ok(token_response(
            server,
            client,
            &tokens.access_token_id,
            &tokens.access_token,
        )?),
        Renewal::Unknown => Err(TokenError::UnknownRefreshToken),
    }
}
