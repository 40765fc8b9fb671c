//! Access tokens.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::EmbeddedStore;
use super::keys::Key;
use super::records::{View, encode};
use super::token_records::EncodedTokens;
use crate::records::{AccessToken, AccessTokenId, NewTokens};
use crate::stores::{AccessTokenStore, Issuance, Reuse, ReuseKey, StoreError, or_if_damaged};

/// The last token that was issued under a [`ReuseKey`].
#[derive(Serialize, Deserialize)]
struct LastIssued {
    access_token_id: AccessTokenId,
}

#[async_trait]
impl AccessTokenStore for EmbeddedStore {
    async fn issue_tokens(&self, tokens: &NewTokens) -> Result<(), StoreError> {
        let tokens = EncodedTokens::of(tokens)?;
        self.write(move |view| {
            let mut changes = view.changes();
            tokens.write(view, &mut changes)?;
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
            tokens.write(view, &mut changes)?;
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
            tokens.write(view, &mut changes)?;
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
    let Some(LastIssued { access_token_id }) = or_if_damaged(view.find(key), || None)? else {
        return Ok(None);
    };
    let found = view.find(&Key::access_token(&access_token_id));
    let found: Option<AccessToken> = or_if_damaged(found, || None)?;
    Ok(found.map(|access_token| Reuse::Existing {
        access_token_id,
        access_token: Box::new(access_token),
    }))
}
