//! The way back to a Spring server: opaque tokens of this server are written where that server looks for its own, and taken
//! away there when they end here. A JWT needs no place there.
//!
//! This server's own store comes first and decides. What the Spring server's store does not take changes no answer here:
//! its adapter reports it.

use std::sync::Arc;

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use crate::dialects::spring;
use crate::keys::KeyRing;
use crate::legacy_tokens::{
    LegacyAccessToken, LegacyAuthentication, LegacyOwner, LegacyRefreshToken,
};
use crate::records::{
    AccessToken, AccessTokenId, AdditionalInformation, Grant, GrantId, NewTokens, RefreshToken,
    RefreshTokenId, TokenFormat,
};
use crate::stores::{
    AccessTokenStore, GivenGrant, GrantStore, Issuance, LegacyTokenWriter, RefreshTokenStore,
    Renewal, Reuse, ReuseKey, Rotation, SearchPart, SearchPlace, StoreError, Stores, WrittenTokens,
};

/// The same stores. Where they have a writer, it is told what is issued and what ends.
pub fn written_back(stores: Stores, keys: &Arc<KeyRing>) -> Stores {
    let Some(writer) = &stores.legacy_writer else {
        return stores;
    };
    let both = Arc::new(WrittenBack {
        access_tokens: Arc::clone(&stores.access_tokens),
        refresh_tokens: Arc::clone(&stores.refresh_tokens),
        grants: Arc::clone(&stores.grants),
        writer: Arc::clone(writer),
        keys: Arc::clone(keys),
    });
    Stores {
        access_tokens: both.clone(),
        refresh_tokens: both.clone(),
        grants: both,
        ..stores
    }
}

/// Whether a grant had tokens before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Free,
    Taken,
}

struct WrittenBack {
    access_tokens: Arc<dyn AccessTokenStore>,
    refresh_tokens: Arc<dyn RefreshTokenStore>,
    grants: Arc<dyn GrantStore>,
    writer: Arc<dyn LegacyTokenWriter>,
    /// Write the handles: no store can.
    keys: Arc<KeyRing>,
}

impl WrittenBack {
    /// Writes tokens that were issued now.
    async fn write(&self, tokens: &NewTokens, place: Place) {
        let refresh_token = tokens.refresh_token.as_ref().map(|(_, token)| token);
        let issued = (&tokens.access_token_id, &tokens.access_token);
        self.write_with(issued, refresh_token, place).await;
    }

    /// Writes an access token whose refresh token, if it has one, was there before.
    async fn write_anew(&self, id: &AccessTokenId, token: &AccessToken) {
        let refresh_token = match &token.refresh_token_id {
            Some(id) => self.refresh_tokens.find_refresh_token(id).await,
            None => Ok(None),
        };
        // Without its refresh token it would be half of what was given.
        if let Ok(refresh_token) = refresh_token {
            let refresh_token = refresh_token.as_ref();
            self.write_with((id, token), refresh_token, Place::Taken)
                .await;
        }
    }

    async fn write_with(
        &self,
        (id, token): (&AccessTokenId, &AccessToken),
        refresh_token: Option<&RefreshToken>,
        place: Place,
    ) {
        if token.format != TokenFormat::Opaque {
            return;
        }
        if let Some(mut tokens) = self.written(id, token, refresh_token) {
            tokens.takes_a_place = place == Place::Taken;
            let grant_id = id.grant_id();
            reported(self.writer.write_legacy_tokens(&grant_id, &tokens).await);
        }
    }

    /// `None` when the key of a handle is gone: then nobody was given it either.
    fn written(
        &self,
        id: &AccessTokenId,
        token: &AccessToken,
        refresh_token: Option<&RefreshToken>,
    ) -> Option<WrittenTokens> {
        let ring = self.keys.current();
        let with_refresh_token = match token.refresh_token_id.as_ref().zip(refresh_token) {
            Some((id, token)) => Some(LegacyRefreshToken {
                value: ring.handles.write(id)?,
                expires_at: token.expires_at,
            }),
            None => None,
        };
        let said = token.additional.as_deref().into_iter();
        let said = said.flat_map(AdditionalInformation::members);
        Some(WrittenTokens {
            refresh_authentication: with_refresh_token
                .as_ref()
                .zip(refresh_token)
                .map(|(_, token)| authentication(&token.grant)),
            access_token: LegacyAccessToken {
                value: ring.handles.write(id)?,
                expires_at: token.end(),
                token_type: spring::TOKEN_TYPE.to_owned(),
                refresh_token: with_refresh_token,
                scope: token.grant.scope.clone(),
                additional_information: said
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
            },
            authentication: authentication(&token.grant),
            takes_a_place: false,
        })
    }

    async fn end(&self, grant_id: &GrantId) {
        reported(self.writer.end_legacy_grant(grant_id).await);
    }
}

/// The adapter has counted and logged it, and nobody here is worse off.
fn reported(answer: Result<(), StoreError>) {
    drop(answer);
}

fn authentication(grant: &Grant) -> LegacyAuthentication {
    let authorities = grant.authorities.clone();
    let (owner, authorities) = match &grant.owner {
        Some(name) => {
            let name = name.clone();
            (Some(LegacyOwner { name, authorities }), Vec::new())
        }
        None => (None, authorities),
    };
    LegacyAuthentication {
        client_id: grant.client_id.as_str().to_owned(),
        scope: grant.scope.clone(),
        grant_type: Some(grant.grant_type.as_str().to_owned()),
        authorities,
        resource_ids: grant.audience.clone(),
        redirect_uri: None,
        is_approved: true,
        owner,
    }
}

#[async_trait]
impl AccessTokenStore for WrittenBack {
    async fn issue_tokens(&self, tokens: &NewTokens) -> Result<(), StoreError> {
        self.access_tokens.issue_tokens(tokens).await?;
        self.write(tokens, Place::Free).await;
        Ok(())
    }

    async fn issue_tokens_of_code(&self, tokens: &NewTokens) -> Result<Issuance, StoreError> {
        let issuance = self.access_tokens.issue_tokens_of_code(tokens).await?;
        if issuance == Issuance::Issued {
            self.write(tokens, Place::Free).await;
        }
        Ok(issuance)
    }

    async fn issue_or_reuse_tokens(
        &self,
        key: &ReuseKey,
        tokens: &NewTokens,
    ) -> Result<Reuse, StoreError> {
        let reuse = self
            .access_tokens
            .issue_or_reuse_tokens(key, tokens)
            .await?;
        match &reuse {
            Reuse::Issued => self.write(tokens, Place::Free).await,
            // It may be older than the way back.
            Reuse::Existing {
                access_token_id,
                access_token,
            } => self.write_anew(access_token_id, access_token).await,
            Reuse::GrantRevoked => {}
        }
        Ok(reuse)
    }

    async fn find_access_token(
        &self,
        id: &AccessTokenId,
    ) -> Result<Option<AccessToken>, StoreError> {
        self.access_tokens.find_access_token(id).await
    }

    async fn revoke_access_token(&self, id: &AccessTokenId) -> Result<(), StoreError> {
        self.access_tokens.revoke_access_token(id).await?;
        let handle = self.keys.current().handles.write(id);
        if let Some(handle) = handle {
            let grant_id = id.grant_id();
            let ended = self.writer.end_legacy_access_token(&grant_id, &handle);
            reported(ended.await);
        }
        Ok(())
    }
}

#[async_trait]
impl RefreshTokenStore for WrittenBack {
    async fn find_refresh_token(
        &self,
        id: &RefreshTokenId,
    ) -> Result<Option<RefreshToken>, StoreError> {
        self.refresh_tokens.find_refresh_token(id).await
    }

    async fn is_refresh_token_used(&self, id: &RefreshTokenId) -> Result<bool, StoreError> {
        self.refresh_tokens.is_refresh_token_used(id).await
    }

    async fn rotate_refresh_token(
        &self,
        id: &RefreshTokenId,
        successor: &NewTokens,
        grace_secs: u64,
    ) -> Result<Rotation, StoreError> {
        let store = &self.refresh_tokens;
        let rotation = store
            .rotate_refresh_token(id, successor, grace_secs)
            .await?;
        match &rotation {
            Rotation::Rotated => self.write(successor, Place::Taken).await,
            Rotation::Reused => self.end(&id.grant_id()).await,
            Rotation::SameSuccessor(_) | Rotation::Unknown => {}
        }
        Ok(rotation)
    }

    async fn renew_access_token(
        &self,
        id: &RefreshTokenId,
        tokens: &NewTokens,
    ) -> Result<Renewal, StoreError> {
        let renewal = self.refresh_tokens.renew_access_token(id, tokens).await?;
        if renewal == Renewal::Renewed {
            let (id, token) = (&tokens.access_token_id, &tokens.access_token);
            self.write_anew(id, token).await;
        }
        Ok(renewal)
    }
}

#[async_trait]
impl GrantStore for WrittenBack {
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<(), StoreError> {
        self.grants.revoke_grant(grant_id).await?;
        self.end(grant_id).await;
        Ok(())
    }

    async fn list_grants(&self, owner: &str) -> Result<Vec<GivenGrant>, StoreError> {
        self.grants.list_grants(owner).await
    }

    async fn search_grants(
        &self,
        client_id: &ClientId,
        from: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError> {
        self.grants.search_grants(client_id, from).await
    }
}
