//! From a grant to tokens, and from tokens to the answer that carries them
//! ([RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).

use serde_json::Map;
use sha2::{Digest as _, Sha256};
use symbolon::token::TokenResponse;

use crate::clients::client::Client;
use crate::dialects::{Dialect, spring, standard};
use crate::records::{AccessToken, Grant, NewTokens, RefreshToken, TokenFormat};
use crate::records::{AccessTokenId, GrantId, RefreshTokenId};
use crate::server::Server;
use crate::stores::{Reuse, ReuseKey, StoreError};
use crate::tokens::jwt::{self, JwtError};

/// Tokens cannot be issued, through no fault of the client.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The token cannot be signed.
    #[error(transparent)]
    Jwt(#[from] JwtError),
    /// A grant that nobody was told of has been revoked.
    #[error("a new grant has been revoked")]
    GrantGone,
    /// A handle was made by a key that is gone.
    #[error("the key of a handle is gone")]
    HandleKeyGone,
}

/// Tokens on their way to the client, and what the audit stream tells of them.
#[derive(Debug)]
pub struct IssuedTokens {
    /// The grant that they belong to.
    pub grant_id: GrantId,
    /// Whose data they open.
    pub owner: Option<String>,
    /// The answer that carries them.
    pub response: TokenResponse,
}

/// Whether a refresh token is made too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithRefreshToken {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// Makes the tokens of a grant; nothing is written yet.
pub fn mint_tokens(
    server: &Server,
    client: &Client,
    grant_id: GrantId,
    grant: Grant,
    with_refresh_token: WithRefreshToken,
) -> NewTokens {
    let now = server.now();
    let ring = server.ring();
    let random = server.random.as_ref();
    let refresh_token = (with_refresh_token == WithRefreshToken::Yes).then(|| {
        let id: RefreshTokenId = ring.handles.mint(grant_id, random);
        let expires_at = client
            .refresh_token_ttl_secs
            .map(|secs| now.plus_secs(secs));
        (
            id,
            RefreshToken {
                grant: grant.clone(),
                issued_at: now,
                expires_at,
            },
        )
    });
    NewTokens {
        access_token_id: ring.handles.mint(grant_id, random),
        access_token: AccessToken {
            grant,
            format: client.token_format,
            issued_at: now,
            expires_at: now.plus_secs(client.access_token_ttl_secs),
            refresh_token_id: refresh_token.as_ref().map(|(id, _)| *id),
        },
        refresh_token,
    }
}

/// Issues the first tokens of a new grant or, where the client has that habit, returns the ones that
/// are there already.
pub async fn issue_first_tokens(
    server: &Server,
    client: &Client,
    grant: Grant,
    with_refresh_token: WithRefreshToken,
) -> Result<IssuedTokens, IssueError> {
    let grant_id = GrantId::mint(server.random.as_ref());
    let tokens = mint_tokens(server, client, grant_id, grant, with_refresh_token);
    if client.reuse_access_tokens {
        // Nobody knows this grant yet, so nobody can have revoked it.
        let issued = issue_or_reuse_tokens(server, client, &tokens).await?;
        return issued.ok_or(IssueError::GrantGone);
    }
    server.store.issue_tokens(&tokens).await?;
    answer_with(server, client, &tokens)
}

/// Issues tokens for a client that gets the ones that are there already. `None` when nothing was issued
/// because the grant has been revoked meanwhile.
pub async fn issue_or_reuse_tokens(
    server: &Server,
    client: &Client,
    tokens: &NewTokens,
) -> Result<Option<IssuedTokens>, IssueError> {
    let key = reuse_key(&tokens.access_token.grant);
    let response = match server.store.issue_or_reuse_tokens(&key, tokens).await? {
        Reuse::Existing {
            access_token_id,
            access_token,
        } => token_response(server, client, &access_token_id, &access_token)?,
        Reuse::Issued => answer_with(server, client, tokens)?,
        Reuse::GrantRevoked => return Ok(None),
    };
    Ok(Some(response))
}

/// Writes the answer that carries tokens which were issued just now.
pub fn answer_with(
    server: &Server,
    client: &Client,
    tokens: &NewTokens,
) -> Result<IssuedTokens, IssueError> {
    token_response(
        server,
        client,
        &tokens.access_token_id,
        &tokens.access_token,
    )
}

/// Names the token that is returned again: same owner, same client, same scope; the grant type does not
/// matter, as with Spring.
fn reuse_key(grant: &Grant) -> ReuseKey {
    let mut digest = Sha256::new();
    for part in [
        grant.client_id.as_str(),
        grant.owner.as_deref().unwrap_or_default(),
    ] {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    digest.update([u8::from(grant.owner.is_some())]);
    digest.update(grant.scope.to_string());
    ReuseKey(digest.finalize().into())
}

/// Writes the answer that carries an access token and its refresh token.
pub fn token_response(
    server: &Server,
    client: &Client,
    id: &AccessTokenId,
    token: &AccessToken,
) -> Result<IssuedTokens, IssueError> {
    let ring = server.ring();
    let now = server.now();
    let access_token = match token.format {
        TokenFormat::Opaque => ring.handles.write(id).ok_or(IssueError::HandleKeyGone)?,
        TokenFormat::Jwt => {
            let key = ring.active_key(now).ok_or(JwtError::NoActiveKey)?;
            jwt::sign_access_token(key, client.dialect, &server.issuer, id, token)?
        }
    };
    let refresh_token = match &token.refresh_token_id {
        Some(id) => Some(ring.handles.write(id).ok_or(IssueError::HandleKeyGone)?),
        None => None,
    };
    let (token_type, additional) = match (client.dialect, token.format) {
        (Dialect::Spring, TokenFormat::Jwt) => (
            spring::TOKEN_TYPE,
            spring::additional_information(&id.to_text()),
        ),
        (Dialect::Spring, TokenFormat::Opaque) => (spring::TOKEN_TYPE, Map::new()),
        (Dialect::Standard, TokenFormat::Opaque | TokenFormat::Jwt) => {
            (standard::TOKEN_TYPE, Map::new())
        }
    };
    let response = TokenResponse {
        access_token,
        token_type: token_type.to_owned(),
        refresh_token,
        expires_in: Some(now.secs_until(token.expires_at)),
        scope: Some(token.grant.scope.clone()).filter(|scope| !scope.is_empty()),
        additional,
    };
    Ok(IssuedTokens {
        grant_id: id.grant_id(),
        owner: token.grant.owner.clone(),
        response,
    })
}
