//! A client gives a token back ([RFC 7009 §2.1](https://www.rfc-editor.org/rfc/rfc7009#section-2.1)).

use std::sync::Arc;

use symbolon::secret::Secret;

use crate::clients::authentication::AuthenticatedClient;
use crate::records::{Grant, GrantId};
use crate::stores::{AccessTokenStore, GrantStore, StoreError};
use crate::tokens::check::{CheckError, TokenChecker};
use crate::tokens::legacy::LegacyTokens;

/// What came of giving a token back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// An access token has ended; the rest of its grant stays.
    AccessToken(Ended),
    /// A refresh token has ended, and with it its whole grant.
    Grant(Ended),
    /// The token was issued to another client: nothing has ended.
    OtherClient {
        /// The grant that stays.
        grant_id: GrantId,
    },
    /// The token is not good, so what the client wants is so already (RFC 7009 §2.2).
    NothingToEnd,
}

/// What has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The grant that it belonged to.
    pub grant_id: GrantId,
    /// Whose data it opened.
    pub owner: Option<String>,
}

/// Revokes tokens.
#[derive(Clone)]
pub struct TokenRevoker {
    /// Finds out what is presented.
    pub checker: TokenChecker,
    /// Where access tokens are kept.
    pub access_tokens: Arc<dyn AccessTokenStore>,
    /// Ends grants.
    pub grants: Arc<dyn GrantStore>,
    /// Knows the tokens of the Spring server before this one, where there was one.
    pub legacy_tokens: Option<LegacyTokens>,
}

impl TokenRevoker {
    /// Revokes a token of this client.
    pub async fn revoke(
        &self,
        client: &AuthenticatedClient,
        presented: &Secret,
    ) -> Result<Revocation, StoreError> {
        match self.checker.kept_access_token(presented).await {
            Ok((id, token)) if token.grant.client_id == client.id => {
                self.access_tokens.revoke_access_token(&id).await?;
                let ended = ended(id.grant_id(), token.grant);
                return Ok(Revocation::AccessToken(ended));
            }
            Ok((id, _)) => {
                let grant_id = id.grant_id();
                return Ok(Revocation::OtherClient { grant_id });
            }
            Err(CheckError::Store(error)) => return Err(error),
            Err(CheckError::NotRecognised | CheckError::Expired | CheckError::NotAllowed) => {}
        }
        match self.checker.kept_refresh_token(presented).await {
            Ok((id, token)) if token.grant.client_id == client.id => {
                let is_first = self.grants.revoke_grant(&id.grant_id()).await?;
                Ok(if is_first {
                    Revocation::Grant(ended(id.grant_id(), token.grant))
                } else {
                    // Somebody else has ended it a moment ago.
                    Revocation::NothingToEnd
                })
            }
            Ok((id, _)) => Ok(Revocation::OtherClient {
                grant_id: id.grant_id(),
            }),
            Err(CheckError::Store(error)) => Err(error),
            Err(CheckError::NotRecognised | CheckError::Expired | CheckError::NotAllowed) => {
                match (self.end_damaged(presented).await?, &self.legacy_tokens) {
                    (Revocation::NothingToEnd, Some(legacy)) => {
                        end_legacy(legacy, client, presented).await
                    }
                    (ended, _) => Ok(ended),
                }
            }
        }
    }

    /// Of a token whose record is damaged nobody knows any more which client it was issued to; whoever has it wants
    /// it to end, and it opens nothing.
    async fn end_damaged(&self, presented: &Secret) -> Result<Revocation, StoreError> {
        let checker = &self.checker;
        if let Ok((id, _)) = checker.read_access_token(presented)
            && is_damaged(&self.access_tokens.find_access_token(&id).await)
        {
            self.access_tokens.revoke_access_token(&id).await?;
            return Ok(Revocation::AccessToken(ended_of_nobody(id.grant_id())));
        }
        if let Ok(id) = checker.read_refresh_token(presented)
            && is_damaged(&checker.refresh_tokens.find_refresh_token(&id).await)
        {
            self.grants.revoke_grant(&id.grant_id()).await?;
            return Ok(Revocation::Grant(ended_of_nobody(id.grant_id())));
        }
        Ok(Revocation::NothingToEnd)
    }
}

/// A token of the Spring server is taken away there.
async fn end_legacy(
    legacy: &LegacyTokens,
    client: &AuthenticatedClient,
    presented: &Secret,
) -> Result<Revocation, StoreError> {
    let grant_id = legacy.grant_id(presented);
    if let Some(token) = known(legacy.kept_access_token(presented).await)? {
        if token.grant.client_id != client.id {
            return Ok(Revocation::OtherClient { grant_id });
        }
        legacy.take_access_token(presented).await?;
        return Ok(Revocation::AccessToken(ended(grant_id, token.grant)));
    }
    match known(legacy.kept_refresh_token(presented).await)? {
        Some(token) if token.grant.client_id == client.id => {
            legacy.take_refresh_token(presented).await?;
            Ok(Revocation::Grant(ended(grant_id, token.grant)))
        }
        Some(_) => Ok(Revocation::OtherClient { grant_id }),
        None => Ok(Revocation::NothingToEnd),
    }
}

fn known<T>(checked: Result<T, CheckError>) -> Result<Option<T>, StoreError> {
    match checked {
        Ok(token) => Ok(Some(token)),
        Err(CheckError::Store(error)) => Err(error),
        Err(CheckError::NotRecognised | CheckError::Expired | CheckError::NotAllowed) => Ok(None),
    }
}

fn is_damaged<T>(found: &Result<T, StoreError>) -> bool {
    matches!(found, Err(StoreError::Damaged(_)))
}

fn ended_of_nobody(grant_id: GrantId) -> Ended {
    let owner = None;
    Ended { grant_id, owner }
}

fn ended(grant_id: GrantId, grant: Grant) -> Ended {
    let owner = grant.owner;
    Ended { grant_id, owner }
}
