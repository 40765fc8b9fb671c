//! Is this token good, and what does it stand for? One read of the store.

use symbolon::secret::Secret;

use crate::clients::authentication::AuthenticatedClient;
use crate::records::{AccessToken, Grant, RefreshToken, TokenFormat};
use crate::records::{AccessTokenId, RefreshTokenId};
use crate::server::Server;
use crate::stores::StoreError;
use crate::tokens::jwt;

/// Why a token is not good.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// It is garbage, unknown, expired, revoked, or its client is gone.
    #[error("Token was not recognised")]
    NotRecognised,
    /// It is a JWT of ours whose time has passed.
    #[error("Token has expired")]
    Expired,
    /// It is good, but it is another client's, and who asks may not ask about those. The caller cannot
    /// tell this from a token that is not good.
    #[error("Token was not recognised")]
    NotAllowed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The access token that was presented, when it is good.
pub async fn check_access_token(
    server: &Server,
    presented: &Secret,
) -> Result<(AccessTokenId, AccessToken), CheckError> {
    let ring = server.ring();
    let (id, format) = if jwt::looks_like_jwt(presented) {
        let claims = jwt::verify_access_token(&ring, presented).ok_or(CheckError::NotRecognised)?;
        if claims
            .exp
            .is_none_or(|expires_at| expires_at <= server.now())
        {
            return Err(CheckError::Expired);
        }
        let id = claims.jti.as_deref().and_then(AccessTokenId::from_text);
        (id.ok_or(CheckError::NotRecognised)?, TokenFormat::Jwt)
    } else {
        let id = ring
            .handles
            .read(presented)
            .ok_or(CheckError::NotRecognised)?;
        (id, TokenFormat::Opaque)
    };
    let found = server.store.find_access_token(&id).await?;
    let token = found
        .filter(|token| token.format == format)
        .ok_or(CheckError::NotRecognised)?;
    if server.clients.find(&token.grant.client_id).is_none() {
        return Err(CheckError::NotRecognised);
    }
    Ok((id, token))
}

/// The refresh token that was presented, when it is good. (One that was used already is not told from
/// one that was not: only its rotation decides that.)
pub async fn check_refresh_token(
    server: &Server,
    presented: &Secret,
) -> Result<(RefreshTokenId, RefreshToken), CheckError> {
    let id = server
        .ring()
        .handles
        .read(presented)
        .ok_or(CheckError::NotRecognised)?;
    let found = server.store.find_refresh_token(&id).await?;
    let token = found.ok_or(CheckError::NotRecognised)?;
    if server.clients.find(&token.grant.client_id).is_none() {
        return Err(CheckError::NotRecognised);
    }
    Ok((id, token))
}

/// [`check_access_token`] for a client that asks: whoever may not ask about the tokens of others learns
/// about its own only. A script that got a token in the implicit grant checks with it that the token was
/// meant for it.
pub async fn check_access_token_for(
    server: &Server,
    client: &AuthenticatedClient,
    presented: &Secret,
) -> Result<(AccessTokenId, AccessToken), CheckError> {
    let (id, token) = check_access_token(server, presented).await?;
    may_know(client, &token.grant)?;
    Ok((id, token))
}

/// [`check_refresh_token`] for a client that asks. One that was used already is not good any more, though
/// within its grace it would still get the same answer (RFC 7662 §2.2).
pub async fn check_refresh_token_for(
    server: &Server,
    client: &AuthenticatedClient,
    presented: &Secret,
) -> Result<(RefreshTokenId, RefreshToken), CheckError> {
    let (id, token) = check_refresh_token(server, presented).await?;
    may_know(client, &token.grant)?;
    if server.store.is_refresh_token_used(&id).await? {
        return Err(CheckError::NotRecognised);
    }
    Ok((id, token))
}

fn may_know(client: &AuthenticatedClient, grant: &Grant) -> Result<(), CheckError> {
    if client.may_introspect || client.id == grant.client_id {
        return Ok(());
    }
    Err(CheckError::NotAllowed)
}
