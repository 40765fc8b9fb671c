//! Access tokens.

use async_trait::async_trait;
use futures_util::future::try_join;

use super::RedisStore;
use super::keys::own_half;
use super::records::{damaged, decode};
use crate::records::{AccessToken, AccessTokenId, NewTokens};
use crate::stores::{AccessTokenStore, Issuance, Reuse, ReuseKey, StoreError, or_if_damaged};

/// How often a claim on a reuse key is tried before the caller is sent away. Each time it is lost,
/// somebody else has won and their token has ended since, so a second time is rare.
const CLAIMS: usize = 8;

impl RedisStore {
    /// The access token that a reuse key names, when it is still good.
    async fn find_named(&self, named: &str) -> Result<Option<Reuse>, StoreError> {
        if named.is_empty() {
            return Ok(None);
        }
        let id = AccessTokenId::from_text(named)
            .ok_or_else(|| damaged("a reuse key that names no token"));
        let Some(access_token_id) = or_if_damaged(id.map(Some), || None)? else {
            return Ok(None);
        };
        let found = self.find_access_token(&access_token_id).await;
        let found = or_if_damaged(found, || None)?;
        Ok(found.map(|access_token| Reuse::Existing {
            access_token_id,
            access_token: Box::new(access_token),
        }))
    }
}

#[async_trait]
impl AccessTokenStore for RedisStore {
    async fn issue_tokens(&self, tokens: &NewTokens) -> Result<(), StoreError> {
        let commands = self.first_tokens(tokens)?;
        let issuing = self.connection.query_all(&commands);
        let ((), ()) = try_join(self.keep_given_by(tokens), issuing).await?;
        Ok(())
    }

    async fn issue_tokens_of_code(&self, tokens: &NewTokens) -> Result<Issuance, StoreError> {
        let script = self.with_tokens(&self.scripts.issue_tokens_of_code, tokens)?;
        let issuing = self.connection.invoke(&script);
        let ((), answer): ((), Vec<String>) = try_join(self.keep_given_by(tokens), issuing).await?;
        match answer.first().map(String::as_str) {
            Some("issued") => Ok(Issuance::Issued),
            Some("grant_revoked") => Ok(Issuance::GrantRevoked),
            _ => Err(damaged("an answer about new tokens")),
        }
    }

    /// The key and the tokens are in different slots, so this is not one step but an order of steps:
    /// the tokens are written first and then claim the key, if it still holds what was seen. So
    /// whoever finds a token named by the key finds the token too, and of many callers at once one
    /// issues. The losers take their tokens back; if one is stopped before that, tokens remain that
    /// nobody received, until they expire.
    async fn issue_or_reuse_tokens(
        &self,
        key: &ReuseKey,
        tokens: &NewTokens,
    ) -> Result<Reuse, StoreError> {
        let key = self.keys.reuse(key);
        let seen: Option<String> = self.connection.query(redis::cmd("GET").arg(&key)).await?;
        let mut seen = seen.unwrap_or_default();
        if let Some(existing) = self.find_named(&seen).await? {
            return Ok(existing);
        }
        if self.issue_tokens_of_code(tokens).await? == Issuance::GrantRevoked {
            return Ok(Reuse::GrantRevoked);
        }
        let own = tokens.access_token_id.to_text();
        for _ in 0..CLAIMS {
            let mut script = self.scripts.claim_reuse.key(&key);
            script
                .arg(&seen)
                .arg(&own)
                .arg(self.ttl_secs(tokens.access_token.expires_at));
            let holds: String = self.connection.invoke(&script).await?;
            if holds == own {
                return Ok(Reuse::Issued);
            }
            if let Some(existing) = self.find_named(&holds).await? {
                self.withdraw(tokens).await?;
                return Ok(existing);
            }
            seen = holds;
        }
        self.withdraw(tokens).await?;
        Err(StoreError::Unavailable(
            "too many others ask for the same tokens".to_owned(),
        ))
    }

    async fn find_access_token(
        &self,
        id: &AccessTokenId,
    ) -> Result<Option<AccessToken>, StoreError> {
        let mut command = redis::cmd("GET");
        command.arg(self.keys.access_token(id));
        let record: Option<String> = self.connection.query(&command).await?;
        let token: Option<AccessToken> = record.as_deref().map(decode).transpose()?;
        Ok(token.filter(|token| self.now() < token.expires_at))
    }

    /// One after the other and no transaction: a Redis that is full takes none. The token ends first; a member of
    /// the index that leads to nothing harms nobody.
    async fn revoke_access_token(&self, id: &AccessTokenId) -> Result<(), StoreError> {
        let mut commands = redis::pipe();
        commands.del(self.keys.access_token(id)).ignore();
        let index = self.keys.access_index(&id.grant_id());
        commands.zrem(index, own_half(id)).ignore();
        self.connection.query_all(&commands).await
    }
}
