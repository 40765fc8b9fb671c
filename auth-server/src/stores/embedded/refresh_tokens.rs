//! Refresh tokens and their rotation.

use async_trait::async_trait;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::{Changes, View, encode};
use super::token_records::{EncodedTokens, StoredRefreshToken, Use, end_access_tokens, end_grant};
use crate::records::{NewTokens, RefreshToken, RefreshTokenId};
use crate::stores::{
    LONGEST_LIFE_SECS, RefreshTokenStore, Renewal, Rotation, StoreError, Successor,
};

#[async_trait]
impl RefreshTokenStore for EmbeddedStore {
    async fn find_refresh_token(
        &self,
        id: &RefreshTokenId,
    ) -> Result<Option<RefreshToken>, StoreError> {
        self.read(|view| match view.find(&Key::refresh_token(id))? {
            Some(StoredRefreshToken { token, .. }) => Ok(Some(token)),
            None => view.any_refresh_token(&id.grant_id()),
        })
    }

    async fn is_refresh_token_used(&self, id: &RefreshTokenId) -> Result<bool, StoreError> {
        self.read(|view| match view.find(&Key::refresh_token(id))? {
            Some(StoredRefreshToken { used, .. }) => Ok(used.is_some()),
            None => Ok(view.any_refresh_token(&id.grant_id())?.is_some()),
        })
    }

    async fn rotate_refresh_token(
        &self,
        id: &RefreshTokenId,
        successor: &NewTokens,
        grace_secs: u64,
    ) -> Result<Rotation, StoreError> {
        let id = *id;
        let successor = EncodedTokens::following(Some(id), successor)?;
        self.write(move |view| rotate(view, &id, successor, grace_secs))
            .await
    }

    async fn renew_access_token(
        &self,
        id: &RefreshTokenId,
        tokens: &NewTokens,
    ) -> Result<Renewal, StoreError> {
        let id = *id;
        let tokens = EncodedTokens::of(tokens)?;
        self.write(move |view| renew(view, &id, tokens)).await
    }
}

fn rotate(
    view: &View<'_>,
    id: &RefreshTokenId,
    successor: EncodedTokens,
    grace_secs: u64,
) -> Result<(Rotation, Changes), StoreError> {
    let mut changes = view.changes();
    let key = Key::refresh_token(id);
    let stored: Option<StoredRefreshToken> = view.find(&key)?;
    let lives = stored.is_some() || view.any_refresh_token(&id.grant_id())?.is_some();
    if !lives || view.is_revoked(&id.grant_id())? {
        return Ok((Rotation::Unknown, changes));
    }
    // It was ours, and its grant goes on without it: it was used longer ago.
    let Some(mut stored) = stored else {
        end_grant(view, &id.grant_id(), &mut changes)?;
        return Ok((Rotation::Reused, changes));
    };
    if let Some(used) = &stored.used {
        if let Some(successor) = same_successor(view, used, grace_secs)? {
            return Ok((Rotation::SameSuccessor(Box::new(successor)), changes));
        }
        end_grant(view, &id.grant_id(), &mut changes)?;
        return Ok((Rotation::Reused, changes));
    }
    // The one before it cannot have the same successor any more, so nothing about it has to be kept.
    if let Some(previous) = stored.previous.take() {
        changes.remove(Key::refresh_token(&previous));
    }
    stored.used = Some(Use {
        rotated_at: view.now(),
        access_token_id: successor.access_token_id,
        refresh_token_id: successor.refresh_token_id,
    });
    let never = view.now().plus_secs(LONGEST_LIFE_SECS);
    let forget_at = stored.token.expires_at.unwrap_or(never);
    end_access_tokens(view, &id.grant_id(), &mut changes)?;
    changes.put(key, forget_at, encode(&stored)?);
    successor.write(view, &mut changes)?;
    Ok((Rotation::Rotated, changes))
}

/// What took the token's place, when the grace has not passed and nobody has used it yet.
fn same_successor(
    view: &View<'_>,
    used: &Use,
    grace_secs: u64,
) -> Result<Option<Successor>, StoreError> {
    let Some(refresh_token_id) = used.refresh_token_id else {
        return Ok(None);
    };
    if used.rotated_at.secs_until(view.now()) > grace_secs {
        return Ok(None);
    }
    let next: Option<StoredRefreshToken> = view.find(&Key::refresh_token(&refresh_token_id))?;
    if next.is_none_or(|next| next.used.is_some()) {
        return Ok(None);
    }
    let access_token = view.find(&Key::access_token(&used.access_token_id))?;
    Ok(access_token.map(|access_token| Successor {
        access_token_id: used.access_token_id,
        access_token,
        refresh_token_id,
    }))
}

fn renew(
    view: &View<'_>,
    id: &RefreshTokenId,
    tokens: EncodedTokens,
) -> Result<(Renewal, Changes), StoreError> {
    let mut changes = view.changes();
    let stored: Option<StoredRefreshToken> = view.find(&Key::refresh_token(id))?;
    let unused = stored.is_some_and(|stored| stored.used.is_none());
    if !unused || view.is_revoked(&id.grant_id())? {
        return Ok((Renewal::Unknown, changes));
    }
    end_access_tokens(view, &id.grant_id(), &mut changes)?;
    tokens.write(view, &mut changes)?;
    Ok((Renewal::Renewed, changes))
}
