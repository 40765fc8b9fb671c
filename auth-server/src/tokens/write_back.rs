//! The way back to a Spring server: opaque tokens of this server are written where that server looks for its own, and taken
//! away there when they end here. A JWT needs no place there.
//!
//! This server's own store comes first and decides. What the Spring server's store does not take changes no answer here.

use std::sync::Arc;

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use crate::keys::KeyRing;
use crate::records::{
    AccessToken, AccessTokenId, GrantId, NewTokens, RefreshToken, RefreshTokenId,
};
use crate::stores::{
    AccessTokenStore, GivenGrant, GrantStore, Issuance, RefreshTokenStore, Renewal, Reuse,
    ReuseKey, Rotation, SearchPart, SearchPlace, StoreError, Stores,
};

mod copies;
mod untold;
mod written;

use copies::{Copies, KnownTo};
use untold::Untold;

/// The same stores. Where they have a writer, it is told what is issued and what ends.
pub fn written_back(stores: Stores, keys: &Arc<KeyRing>) -> Stores {
    let Some(writer) = &stores.legacy_writer else {
        return stores;
    };
    let both = Arc::new(WrittenBack {
        grants: Arc::clone(&stores.grants),
        copies: Arc::new(Copies {
            access_tokens: Arc::clone(&stores.access_tokens),
            refresh_tokens: Arc::clone(&stores.refresh_tokens),
            writer: Arc::clone(writer),
            keys: Arc::clone(keys),
            untold: Untold::default(),
        }),
    });
    Stores {
        access_tokens: both.clone(),
        refresh_tokens: both.clone(),
        grants: both,
        ..stores
    }
}

struct WrittenBack {
    grants: Arc<dyn GrantStore>,
    copies: Arc<Copies>,
}

#[async_trait]
impl AccessTokenStore for WrittenBack {
    async fn issue_tokens(&self, tokens: &NewTokens) -> Result<(), StoreError> {
        self.copies.access_tokens.issue_tokens(tokens).await?;
        self.copies.write(tokens, KnownTo::Nobody).await;
        Ok(())
    }

    async fn issue_tokens_of_code(&self, tokens: &NewTokens) -> Result<Issuance, StoreError> {
        let issuance = self
            .copies
            .access_tokens
            .issue_tokens_of_code(tokens)
            .await?;
        if issuance == Issuance::Issued {
            self.copies.write(tokens, KnownTo::Nobody).await;
        }
        Ok(issuance)
    }

    async fn issue_or_reuse_tokens(
        &self,
        key: &ReuseKey,
        tokens: &NewTokens,
    ) -> Result<Reuse, StoreError> {
        let reuse = self
            .copies
            .access_tokens
            .issue_or_reuse_tokens(key, tokens)
            .await?;
        match &reuse {
            Reuse::Issued => self.copies.write(tokens, KnownTo::Others).await,
            // It may be older than the way back.
            Reuse::Existing {
                access_token_id,
                access_token,
            } => self.copies.write_anew(access_token_id, access_token).await,
            Reuse::GrantRevoked => {}
        }
        Ok(reuse)
    }

    async fn find_access_token(
        &self,
        id: &AccessTokenId,
    ) -> Result<Option<AccessToken>, StoreError> {
        self.copies.access_tokens.find_access_token(id).await
    }

    async fn revoke_access_token(&self, id: &AccessTokenId) -> Result<(), StoreError> {
        self.copies.access_tokens.revoke_access_token(id).await?;
        self.copies.end_access_token(id).await;
        Ok(())
    }
}

#[async_trait]
impl RefreshTokenStore for WrittenBack {
    async fn find_refresh_token(
        &self,
        id: &RefreshTokenId,
    ) -> Result<Option<RefreshToken>, StoreError> {
        self.copies.refresh_tokens.find_refresh_token(id).await
    }

    async fn is_refresh_token_used(&self, id: &RefreshTokenId) -> Result<bool, StoreError> {
        self.copies.refresh_tokens.is_refresh_token_used(id).await
    }

    async fn rotate_refresh_token(
        &self,
        id: &RefreshTokenId,
        successor: &NewTokens,
        grace_secs: u64,
    ) -> Result<Rotation, StoreError> {
        let store = &self.copies.refresh_tokens;
        let rotation = store
            .rotate_refresh_token(id, successor, grace_secs)
            .await?;
        match &rotation {
            Rotation::Rotated => self.copies.write(successor, KnownTo::Others).await,
            Rotation::Reused => self.copies.end_grant(&id.grant_id()).await,
            // What was issued a moment ago may not have been written.
            Rotation::SameSuccessor(same) => {
                let (id, token) = (&same.access_token_id, &same.access_token);
                self.copies.write_anew(id, token).await;
            }
            Rotation::Unknown => {}
        }
        Ok(rotation)
    }

    async fn renew_access_token(
        &self,
        id: &RefreshTokenId,
        tokens: &NewTokens,
    ) -> Result<Renewal, StoreError> {
        let renewal = self
            .copies
            .refresh_tokens
            .renew_access_token(id, tokens)
            .await?;
        if renewal == Renewal::Renewed {
            let (id, token) = (&tokens.access_token_id, &tokens.access_token);
            self.copies.write_anew(id, token).await;
        }
        Ok(renewal)
    }
}

#[async_trait]
impl GrantStore for WrittenBack {
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<bool, StoreError> {
        let is_first = self.grants.revoke_grant(grant_id).await?;
        self.copies.end_grant(grant_id).await;
        Ok(is_first)
    }

    async fn list_grants(&self, owner: &str) -> Result<Vec<GivenGrant>, StoreError> {
        self.grants.list_grants(owner).await
    }

    async fn list_grants_from(
        &self,
        owner: &str,
        from: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError> {
        self.grants.list_grants_from(owner, from).await
    }

    async fn find_grant(&self, grant_id: &GrantId) -> Result<Option<GivenGrant>, StoreError> {
        self.grants.find_grant(grant_id).await
    }

    async fn search_grants(
        &self,
        client_id: &ClientId,
        from: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError> {
        self.grants.search_grants(client_id, from).await
    }
}
