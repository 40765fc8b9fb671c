//! The copies in the Spring server's store, and how they become what this server's own store says.
//!
//! Nobody knows in which order the writes of many requests and servers arrive there, so the order decides nothing. Whoever
//! writes a token that others may have replaced or ended meanwhile looks afterwards at all that is written of the grant, and
//! takes away what is not good here. Whoever comes last sees what is.

use std::sync::Arc;
use std::time::Duration;

use symbolon::secret::Secret;

use super::untold::{Change, Untold};
use super::written::written;
use crate::keys::KeyRing;
use crate::records::{
    AccessToken, AccessTokenId, GrantId, NewTokens, RefreshToken, RefreshTokenId, TokenFormat,
};
use crate::stores::{
    AccessTokenStore, LegacyTokenWriter, RefreshTokenStore, StoreError, TokensOfGrant,
    or_if_damaged,
};

/// How long until what could not be told is told again.
const RETRY: Duration = Duration::from_secs(1);

/// Who may know a token that was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KnownTo {
    /// Nobody before the answer is out.
    Nobody,
    /// Others, who may have replaced or ended it.
    Others,
}

/// Copies of opaque tokens.
pub(super) struct Copies {
    pub(super) access_tokens: Arc<dyn AccessTokenStore>,
    pub(super) refresh_tokens: Arc<dyn RefreshTokenStore>,
    pub(super) writer: Arc<dyn LegacyTokenWriter>,
    /// Write and read the handles: no store can.
    pub(super) keys: Arc<KeyRing>,
    pub(super) untold: Untold,
}

impl Copies {
    /// Writes tokens that were issued now.
    pub(super) async fn write(self: &Arc<Self>, tokens: &NewTokens, known_to: KnownTo) {
        let refresh_token = tokens.refresh_token.as_ref().map(|(_, token)| token);
        let (id, token) = (&tokens.access_token_id, &tokens.access_token);
        self.write_with(id, token, refresh_token, known_to).await;
    }

    /// Writes an access token whose refresh token, if it has one, was there before.
    pub(super) async fn write_anew(self: &Arc<Self>, id: &AccessTokenId, token: &AccessToken) {
        let refresh_token = match &token.refresh_token_id {
            Some(id) => self.refresh_tokens.find_refresh_token(id).await,
            None => Ok(None),
        };
        // Without its refresh token it would be half of what was given.
        if let Ok(refresh_token) = refresh_token {
            let refresh_token = refresh_token.as_ref();
            self.write_with(id, token, refresh_token, KnownTo::Others)
                .await;
        }
    }

    async fn write_with(
        self: &Arc<Self>,
        id: &AccessTokenId,
        token: &AccessToken,
        refresh_token: Option<&RefreshToken>,
        known_to: KnownTo,
    ) {
        if token.format != TokenFormat::Opaque {
            return;
        }
        let ring = self.keys.current();
        let Some(tokens) = written(&ring.handles, id, token, refresh_token) else {
            return;
        };
        let grant_id = id.grant_id();
        let there = self.writer.write_legacy_tokens(&grant_id, &tokens).await;
        if known_to == KnownTo::Others {
            let ended = match there {
                Ok(there) => self.end_what_is_over(&grant_id, there).await,
                Err(error) => Err(error),
            };
            self.or_later(grant_id, Change::SomeEnded, &ended);
        }
    }

    /// Takes an access token away that has ended here.
    pub(super) async fn end_access_token(self: &Arc<Self>, id: &AccessTokenId) {
        let Some(handle) = self.keys.current().handles.write(id) else {
            return;
        };
        let ended = TokensOfGrant {
            access_tokens: vec![handle],
            refresh_tokens: Vec::new(),
        };
        let grant_id = id.grant_id();
        let ended = self.writer.end_legacy_tokens(&grant_id, &ended).await;
        self.or_later(grant_id, Change::SomeEnded, &ended);
    }

    /// Takes the tokens of a grant away that has ended here.
    pub(super) async fn end_grant(self: &Arc<Self>, grant_id: &GrantId) {
        let ended = self.writer.end_legacy_grant(grant_id).await;
        self.or_later(*grant_id, Change::Ended, &ended);
    }

    /// Takes away what is written of a grant and not good here.
    async fn end_what_is_over(
        &self,
        grant_id: &GrantId,
        there: TokensOfGrant,
    ) -> Result<(), StoreError> {
        let mut over = TokensOfGrant::default();
        for token in there.access_tokens {
            if !self.is_good_access_token(&token).await? {
                over.access_tokens.push(token);
            }
        }
        for token in there.refresh_tokens {
            if !self.is_good_refresh_token(&token).await? {
                over.refresh_tokens.push(token);
            }
        }
        if over == TokensOfGrant::default() {
            return Ok(());
        }
        self.writer.end_legacy_tokens(grant_id, &over).await
    }

    async fn is_good_access_token(&self, token: &Secret) -> Result<bool, StoreError> {
        let id: Option<AccessTokenId> = self.keys.current().handles.read(token);
        let Some(id) = id else {
            return Ok(false);
        };
        let found = or_if_damaged(self.access_tokens.find_access_token(&id).await, || None)?;
        Ok(found.is_some())
    }

    async fn is_good_refresh_token(&self, token: &Secret) -> Result<bool, StoreError> {
        let id: Option<RefreshTokenId> = self.keys.current().handles.read(token);
        let Some(id) = id else {
            return Ok(false);
        };
        let store = &self.refresh_tokens;
        let found = or_if_damaged(store.find_refresh_token(&id).await, || None)?;
        Ok(found.is_some() && !store.is_refresh_token_used(&id).await?)
    }

    /// What ended here while that store was away must not be good there when it comes back.
    fn or_later(
        self: &Arc<Self>,
        grant_id: GrantId,
        change: Change,
        told: &Result<(), StoreError>,
    ) {
        if told.is_err() && self.untold.remember(grant_id, change) {
            tokio::spawn(tell(Arc::clone(self)));
        }
    }

    async fn tell(&self, grant_id: &GrantId, change: Change) -> Result<(), StoreError> {
        match change {
            Change::Ended => self.writer.end_legacy_grant(grant_id).await,
            Change::SomeEnded => {
                let there = self.writer.list_legacy_tokens(grant_id).await?;
                self.end_what_is_over(grant_id, there).await
            }
        }
    }
}

/// Tells what waits, until nothing does.
async fn tell(copies: Arc<Copies>) {
    loop {
        let all = copies.untold.all();
        if all.is_empty() {
            return;
        }
        let mut is_away = false;
        for (grant_id, change) in all {
            match copies.tell(&grant_id, change).await {
                Err(StoreError::Unavailable(_)) => is_away = true,
                // What is damaged there cannot be told, and its adapter has logged it.
                Ok(()) | Err(StoreError::Damaged(_)) => copies.untold.told(&grant_id, change),
            }
        }
        if is_away {
            tokio::time::sleep(RETRY).await;
        }
    }
}
