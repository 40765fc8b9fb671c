//! From a grant to tokens, and from tokens to the answer that carries them
//! ([RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).

use std::sync::Arc;
use std::time::Duration;

use serde_json::Map;
use sha2::{Digest as _, Sha256};
use symbolon::clock::{Clock, Timestamp};
use symbolon::identifiers::ClientId;
use symbolon::random::Random;
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::{GrantType, TokenResponse};

use crate::clients::client::Client;
use crate::dialects::{Dialect, spring, standard};
use crate::keys::KeyRing;
use crate::records::{
    AccessToken, AccessTokenId, Grant, GrantId, NewTokens, PasswordMark, RefreshToken,
    RefreshTokenId, TokenFormat, WITHOUT_END_SECS,
};
use crate::resource_owners::owner::ResourceOwner;
use crate::stores::{
    AccessTokenStore, Issuance, RefreshTokenStore, Reuse, ReuseKey, StoreError, or_if_damaged,
};
use crate::tokens::enhancer::TokenEnhancer;
use crate::tokens::jwt::{self, JwtError};

/// What takes longer is not waited for: a connection is held for it.
const LONGEST_ENHANCEMENT: Duration = Duration::from_secs(10);

/// Tokens cannot be issued, through no fault of the client.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The token cannot be signed.
    #[error(transparent)]
    Jwt(#[from] JwtError),
    /// A grant that nobody has received a token of has been revoked.
    #[error("a new grant has been revoked")]
    GrantGone,
    /// A handle was made by a key that is gone.
    #[error("the key of a handle is gone")]
    HandleKeyGone,
}

/// What a client was given, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Who got it.
    pub client_id: ClientId,
    /// Whose data it opens.
    pub owner: Option<String>,
    /// The grant that it belongs to.
    pub grant_id: GrantId,
    /// How the client came to it.
    pub grant_type: GrantType,
    /// What may be done with it.
    pub scope: Scope,
}

/// Tokens on their way to the client.
#[derive(Debug)]
pub struct IssuedTokens {
    /// Whose they are.
    pub issued: Issued,
    /// Which access token is among them.
    pub access_token_id: AccessTokenId,
    /// The answer that carries them.
    pub response: TokenResponse,
    /// Whether they come in the place of a token of the Spring server before this one.
    pub replaces_legacy: bool,
}

/// What an answer carries.
#[derive(Clone, Copy)]
struct Given<'a> {
    id: &'a AccessTokenId,
    token: &'a AccessToken,
    /// Of its refresh token.
    refresh_token_expires_at: Option<Timestamp>,
}

/// Whether a refresh token is made too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithRefreshToken {
    /// Yes.
    Yes,
    /// No.
    No,
}

impl WithRefreshToken {
    /// A refresh token goes to clients that are registered for exchanging it.
    pub fn of(client: &Client) -> Self {
        if client.may_use(GrantType::RefreshToken) {
            Self::Yes
        } else {
            Self::No
        }
    }
}

/// Issues tokens.
#[derive(Clone)]
pub struct TokenIssuer {
    /// The server's name, `iss` in JWTs.
    pub issuer: Arc<str>,
    /// Where access tokens are kept.
    pub access_tokens: Arc<dyn AccessTokenStore>,
    /// Where refresh tokens are kept: those that are JWTs tell their end.
    pub refresh_tokens: Arc<dyn RefreshTokenStore>,
    /// Make and sign them.
    pub keys: Arc<KeyRing>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Says more of access tokens, where there is somebody.
    pub enhancer: Option<Arc<dyn TokenEnhancer>>,
}

impl TokenIssuer {
    /// Makes the tokens of a grant; nothing is written yet.
    pub fn mint(
        &self,
        client: &Client,
        grant_id: GrantId,
        grant: Grant,
        with_refresh_token: WithRefreshToken,
    ) -> NewTokens {
        let now = self.clock.now();
        let ring = self.keys.current();
        let random = self.random.as_ref();
        let life_secs = client.access_token_ttl_secs;
        let refresh_token = (with_refresh_token == WithRefreshToken::Yes).then(|| {
            let id: RefreshTokenId = ring.handles.mint(grant_id, random);
            let life_secs = client.refresh_token_ttl_secs;
            let token = RefreshToken {
                grant: grant.clone(),
                issued_at: now,
                expires_at: life_secs.map(|secs| now.plus_secs(secs)),
            };
            (id, token)
        });
        NewTokens {
            access_token_id: ring.handles.mint(grant_id, random),
            access_token: AccessToken {
                grant,
                format: client.token_format,
                issued_at: now,
                expires_at: now.plus_secs(life_secs.unwrap_or(WITHOUT_END_SECS)),
                refresh_token_id: refresh_token.as_ref().map(|(id, _)| *id),
                additional: None,
            },
            refresh_token,
        }
    }

    /// Has the enhancer say more of an access token, where there is one: before it is written.
    pub async fn enhance(&self, client: &Client, tokens: &mut NewTokens) -> Result<(), IssueError> {
        let Some(enhancer) = &self.enhancer else {
            return Ok(());
        };
        let said = enhancer.enhance(client, &tokens.access_token.grant);
        let said = tokio::time::timeout(LONGEST_ENHANCEMENT, said).await;
        let said = said.map_err(|error| StoreError::Unavailable(error.to_string()))??;
        tokens.access_token.additional = (!said.is_empty()).then(|| Box::new(said));
        Ok(())
    }

    /// Which password the owner of a new grant has.
    pub fn password_mark(&self, owner: &ResourceOwner) -> Option<PasswordMark> {
        let ring = self.keys.current();
        owner.mark(|hash| ring.password_mark(hash))
    }

    /// Issues the first tokens of a new grant or, where the client has that habit, returns the ones that
    /// are there already.
    pub async fn issue_first(
        &self,
        client: &Client,
        grant: Grant,
        with_refresh_token: WithRefreshToken,
    ) -> Result<IssuedTokens, IssueError> {
        let grant_type = grant.grant_type;
        let grant_id = GrantId::mint(self.random.as_ref());
        let mut tokens = self.mint(client, grant_id, grant, with_refresh_token);
        self.enhance(client, &mut tokens).await?;
        if client.reuse_access_tokens {
            // Nobody knows this grant yet, so nobody can have revoked it.
            let issued = self.issue_or_reuse(client, &tokens).await?;
            return issued.ok_or(IssueError::GrantGone);
        }
        self.access_tokens.issue_tokens(&tokens).await?;
        self.answer(client, grant_type, &tokens)
    }

    /// Issues the tokens of a code that was redeemed or, where the client has that habit, returns the ones
    /// that are there already. `None` when nothing was issued, because the grant has been revoked meanwhile.
    pub async fn issue_for_code(
        &self,
        client: &Client,
        tokens: &NewTokens,
    ) -> Result<Option<IssuedTokens>, IssueError> {
        if client.reuse_access_tokens {
            return self.issue_or_reuse(client, tokens).await;
        }
        match self.access_tokens.issue_tokens_of_code(tokens).await? {
            Issuance::Issued => self
                .answer(client, tokens.access_token.grant.grant_type, tokens)
                .map(Some),
            Issuance::GrantRevoked => Ok(None),
        }
    }

    /// Issues tokens for a client that gets the ones that are there already. `None` when nothing was issued
    /// because the grant has been revoked meanwhile.
    async fn issue_or_reuse(
        &self,
        client: &Client,
        tokens: &NewTokens,
    ) -> Result<Option<IssuedTokens>, IssueError> {
        let grant = &tokens.access_token.grant;
        let key = reuse_key(grant);
        let (store, grant_type) = (&self.access_tokens, grant.grant_type);
        match store.issue_or_reuse_tokens(&key, tokens).await? {
            Reuse::Existing {
                access_token_id,
                access_token,
            } => {
                let (id, token) = (&access_token_id, &access_token);
                let answer = self.token_answer(client, grant_type, id, token);
                answer.await.map(Some)
            }
            Reuse::Issued => self.answer(client, grant_type, tokens).map(Some),
            Reuse::GrantRevoked => Ok(None),
        }
    }

    /// Writes the answer that carries the tokens of a new grant or of a rotation, which a client asked for in this way.
    pub fn answer(
        &self,
        client: &Client,
        grant_type: GrantType,
        tokens: &NewTokens,
    ) -> Result<IssuedTokens, IssueError> {
        let refresh_token = tokens.refresh_token.as_ref();
        let given = Given {
            id: &tokens.access_token_id,
            token: &tokens.access_token,
            refresh_token_expires_at: refresh_token.and_then(|(_, token)| token.expires_at),
        };
        self.written_answer(client, grant_type, given)
    }

    /// [`TokenIssuer::answer`] with an access token whose refresh token was there before. Where that is a JWT it costs a
    /// read to tell its end.
    pub async fn token_answer(
        &self,
        client: &Client,
        grant_type: GrantType,
        id: &AccessTokenId,
        token: &AccessToken,
    ) -> Result<IssuedTokens, IssueError> {
        let refresh_token_id = token.refresh_token_id.as_ref();
        let found = match refresh_token_id.filter(|_| client.has_jwt_refresh_tokens()) {
            Some(id) => or_if_damaged(self.refresh_tokens.find_refresh_token(id).await, || None)?,
            None => None,
        };
        let given = Given {
            id,
            token,
            refresh_token_expires_at: found.and_then(|token| token.expires_at),
        };
        self.written_answer(client, grant_type, given)
    }

    fn written_answer(
        &self,
        client: &Client,
        grant_type: GrantType,
        given: Given<'_>,
    ) -> Result<IssuedTokens, IssueError> {
        let Given { id, token, .. } = given;
        let now = self.clock.now();
        let refresh_token = self.written_refresh_token(client, given)?;
        let mut additional = match (client.dialect, token.format) {
            (Dialect::Spring, TokenFormat::Jwt) => spring::additional_information(&id.to_text()),
            (Dialect::Spring, TokenFormat::Opaque) | (Dialect::Standard, _) => Map::new(),
        };
        if let Some(said) = &token.additional {
            let members = said.members();
            additional.extend(members.map(|(name, value)| (name.clone(), value.clone())));
        }
        let response = TokenResponse {
            access_token: self.written(client.dialect, id, token)?,
            token_type: token_type(client.dialect).to_owned(),
            refresh_token,
            expires_in: token.end().map(|end| now.secs_until(end)),
            scope: Some(token.grant.scope.clone()).filter(|scope| !scope.is_empty()),
            additional: additional.into(),
        };
        Ok(IssuedTokens {
            issued: Issued {
                client_id: client.id.clone(),
                owner: token.grant.owner.clone(),
                grant_id: id.grant_id(),
                grant_type,
                scope: token.grant.scope.clone(),
            },
            access_token_id: *id,
            response,
            replaces_legacy: false,
        })
    }

    /// The refresh token, if there is one, as the client will present it.
    fn written_refresh_token(
        &self,
        client: &Client,
        given: Given<'_>,
    ) -> Result<Option<Secret>, IssueError> {
        let Some(id) = &given.token.refresh_token_id else {
            return Ok(None);
        };
        let ring = self.keys.current();
        if client.has_jwt_refresh_tokens() {
            let key = ring.active_key(self.clock.now());
            let key = key.ok_or(JwtError::NoActiveKey)?;
            let expires_at = given.refresh_token_expires_at;
            let claims = spring::refresh_claims(id, expires_at, given.id, given.token);
            let additional = given.token.additional.as_deref();
            return Ok(Some(jwt::sign_refresh_token(key, &claims, additional)?));
        }
        let handle = ring.handles.write(id);
        Ok(Some(handle.ok_or(IssueError::HandleKeyGone)?))
    }

    /// The access token as the client will present it.
    fn written(
        &self,
        dialect: Dialect,
        id: &AccessTokenId,
        token: &AccessToken,
    ) -> Result<Secret, IssueError> {
        let ring = self.keys.current();
        match token.format {
            TokenFormat::Opaque => ring.handles.write(id).ok_or(IssueError::HandleKeyGone),
            TokenFormat::Jwt => {
                let now = self.clock.now();
                let key = ring.active_key(now).ok_or(JwtError::NoActiveKey)?;
                Ok(jwt::sign_access_token(
                    key,
                    dialect,
                    &self.issuer,
                    id,
                    token,
                )?)
            }
        }
    }
}

const fn token_type(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Spring => spring::TOKEN_TYPE,
        Dialect::Standard => standard::TOKEN_TYPE,
    }
}

/// Names the token that is returned again: same owner with the same password, same client, same scope; the
/// grant type does not matter, as with Spring.
fn reuse_key(grant: &Grant) -> ReuseKey {
    let mut digest = Sha256::new();
    let mark = grant.password_mark.as_ref();
    for part in [
        grant.client_id.as_str(),
        grant.owner.as_deref().unwrap_or_default(),
        mark.map(PasswordMark::as_str).unwrap_or_default(),
    ] {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    digest.update([u8::from(grant.owner.is_some())]);
    digest.update(grant.scope.to_string());
    ReuseKey(digest.finalize().into())
}
