//! Access tokens, and the writing of tokens that all who issue have in common.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::{Changes, View, encode};
use super::refresh_tokens::StoredRefreshToken;
use crate::records::{AccessToken, NewTokens};
use crate::records::{AccessTokenId, GrantId, RefreshTokenId};
use crate::stores::{AccessTokenStore, Issuance, LONGEST_LIFE_SECS, Reuse, ReuseKey, StoreError};

/// The last token that was issued under a [`ReuseKey`].
#[derive(Serialize, Deserialize)]
struct LastIssued {
    access_token_id: AccessTokenId,
}

/// Tokens ready to be written: encoded by the caller, so that the writer's one thread need not.
pub(super) struct EncodedTokens {
    pub(super) access_token_id: AccessTokenId,
    pub(super) refresh_token_id: Option<RefreshTokenId>,
    access_token: (Timestamp, Vec<u8>),
    refresh_token: Option<(Option<Timestamp>, Vec<u8>)>,
}

impl EncodedTokens {
    pub(super) fn of(tokens: &NewTokens) -> Result<Self, StoreError> {
        let refresh_token = match &tokens.refresh_token {
            Some((_, token)) => Some((
                token.expires_at,
                encode(&StoredRefreshToken::fresh(token.clone()))?,
            )),
            None => None,
        };
        Ok(Self {
            access_token_id: tokens.access_token_id,
            refresh_token_id: tokens.refresh_token.as_ref().map(|(id, _)| *id),
            access_token: (
                tokens.access_token.expires_at,
                encode(&tokens.access_token)?,
            ),
            refresh_token,
        })
    }

    pub(super) fn grant_id(&self) -> GrantId {
        self.access_token_id.grant_id()
    }

    pub(super) fn write(self, view: &View<'_>, changes: &mut Changes) {
        let (expires_at, record) = self.access_token;
        changes.put(Key::access_token(&self.access_token_id), expires_at, record);
        if let (Some(id), Some((expires_at, record))) = (self.refresh_token_id, self.refresh_token)
        {
            let never = view.now().plus_secs(LONGEST_LIFE_SECS);
            let forget_at = expires_at.unwrap_or(never);
            changes.put(Key::refresh_token(&id), forget_at, record);
        }
    }
}

/// Ends every access token that a grant has so far.
pub(super) fn end_access_tokens(
    view: &View<'_>,
    grant_id: &GrantId,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    for key in view.keys(&Key::access_tokens_of(grant_id))? {
        changes.remove(key);
    }
    Ok(())
}

#[async_trait]
impl AccessTokenStore for EmbeddedStore {
    async fn issue_tokens(&self, tokens: &NewTokens) -> Result<(), StoreError> {
        let tokens = EncodedTokens::of(tokens)?;
        self.write(move |view| {
            let mut changes = view.changes();
            tokens.write(view, &mut changes);
            Ok(((), changes))
        })
        .await
    }

    async fn issue_tokens_of_code(&self, tokens: &NewTokens) -> Result<Issuance, StoreError> {
        let tokens = EncodedTokens::of(tokens)?;
        self.write(move |view| {
            let mut changes = view.changes();
            if view.is_revoked(&tokens.grant_id())? {
                return Ok((Issuance::GrantRevoked, changes));
            }
            tokens.write(view, &mut changes);
            Ok((Issuance::Issued, changes))
        })
        .await
    }

    async fn issue_or_reuse_tokens(
        &self,
        key: &ReuseKey,
        tokens: &NewTokens,
    ) -> Result<Reuse, StoreError> {
        let key = Key::reuse(key);
        let expires_at = tokens.access_token.expires_at;
        let tokens = EncodedTokens::of(tokens)?;
        self.write(move |view| {
            let mut changes = view.changes();
            if let Some(existing) = find_last_issued(view, &key)? {
                return Ok((existing, changes));
            }
            if view.is_revoked(&tokens.grant_id())? {
                return Ok((Reuse::GrantRevoked, changes));
            }
            let access_token_id = tokens.access_token_id;
            changes.put(key, expires_at, encode(&LastIssued { access_token_id })?);
            tokens.write(view, &mut changes);
            Ok((Reuse::Issued, changes))
        })
        .await
    }

    async fn find_access_token(
        &self,
        id: &AccessTokenId,
    ) -> Result<Option<AccessToken>, StoreError> {
        self.read(|view| view.find(&Key::access_token(id)))
    }

    async fn revoke_access_token(&self, id: &AccessTokenId) -> Result<(), StoreError> {
        let key = Key::access_token(id);
        self.write(move |view| {
            let mut changes = view.changes();
            changes.remove(key);
            Ok(((), changes))
        })
        .await
    }
}

fn find_last_issued(view: &View<'_>, key: &Key) -> Result<Option<Reuse>, StoreError> {
    let Some(LastIssued { access_token_id }) = view.find(key)? else {
        return Ok(None);
    };
    let found: Option<AccessToken> = view.find(&Key::access_token(&access_token_id))?;
    Ok(found.map(|access_token| Reuse::Existing {
        access_token_id,
        access_token: Box::new(access_token),
    }))
}
