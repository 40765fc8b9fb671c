//! Access tokens, and the writing of tokens that all who issue have in common.

use async_trait::async_trait;
use redis::{Pipeline, Script, ScriptInvocation};
use symbolon::clock::Timestamp;

use super::RedisStore;
use super::keys::own_half;
use super::records::{damaged, decode, encode};
use crate::records::{AccessToken, NewTokens, RefreshToken};
use crate::records::{AccessTokenId, GrantId, RefreshTokenId};
use crate::stores::{
    AccessTokenStore, Issuance, LONGEST_LIFE_SECS, MEMORY_OF_THE_ENDED_SECS, Reuse, ReuseKey,
    StoreError,
};

/// How often a claim on a reuse key is tried before the caller is sent away. Each time it is lost,
/// somebody else has won and their token has ended since, so a second time is rare.
const CLAIMS: usize = 8;

impl RedisStore {
    /// A script of `grant.lua` on a grant, without tokens.
    pub(super) fn on_grant<'s>(
        &self,
        script: &'s Script,
        grant_id: &GrantId,
    ) -> ScriptInvocation<'s> {
        let mut script = script.prepare_invoke();
        script
            .key(self.keys.access_index(grant_id))
            .key(self.keys.refresh_index(grant_id))
            .key(self.keys.revoked(grant_id))
            .arg(self.now().as_secs())
            .arg(self.keys.grant(grant_id))
            .arg(MEMORY_OF_THE_ENDED_SECS);
        script
    }

    /// A script of `grant.lua` that writes tokens.
    pub(super) fn with_tokens<'s>(
        &self,
        script: &'s Script,
        tokens: &NewTokens,
    ) -> Result<ScriptInvocation<'s>, StoreError> {
        let id = &tokens.access_token_id;
        let expires_at = tokens.access_token.expires_at;
        let mut script = self.on_grant(script, &id.grant_id());
        script
            .key(self.keys.access_token(id))
            .arg(own_half(id))
            .arg(encode(&tokens.access_token)?)
            .arg(expires_at.as_secs())
            .arg(self.ttl_secs(expires_at));
        if let Some((id, token)) = &tokens.refresh_token {
            let forget_at = self.forget_at(token);
            script
                .key(self.keys.refresh_token(id))
                .arg(own_half(id))
                .arg(encode(token)?)
                .arg(forget_at.as_secs())
                .arg(self.ttl_secs(forget_at));
        } else {
            // The script counts its keys and arguments; no key is touched under this one.
            script.key(self.keys.access_token(id));
            script.arg("").arg("").arg("").arg("");
        }
        Ok(script)
    }

    /// When a refresh token is over: never is the longest that anything is kept.
    pub(super) fn forget_at(&self, token: &RefreshToken) -> Timestamp {
        let latest = self.now().plus_secs(LONGEST_LIFE_SECS);
        token.expires_at.map_or(latest, |time| time.min(latest))
    }

    /// The tokens in one transaction. The indexes are new with the grant, so nothing needs to be read
    /// to know how long they are kept.
    fn first_tokens(&self, tokens: &NewTokens) -> Result<Pipeline, StoreError> {
        let mut commands = redis::pipe();
        commands.atomic();
        let id = &tokens.access_token_id;
        let expires_at = tokens.access_token.expires_at;
        let ttl = self.ttl_secs(expires_at);
        let index = self.keys.access_index(&id.grant_id());
        commands
            .cmd("SET")
            .arg(self.keys.access_token(id))
            .arg(encode(&tokens.access_token)?)
            .arg("EX")
            .arg(ttl)
            .ignore();
        add_to_index(&mut commands, &index, (own_half(id), expires_at, ttl));
        if let Some((id, token)) = &tokens.refresh_token {
            self.first_refresh_token(&mut commands, id, token)?;
        }
        Ok(commands)
    }

    fn first_refresh_token(
        &self,
        commands: &mut Pipeline,
        id: &RefreshTokenId,
        token: &RefreshToken,
    ) -> Result<(), StoreError> {
        let forget_at = self.forget_at(token);
        let ttl = self.ttl_secs(forget_at);
        let key = self.keys.refresh_token(id);
        commands
            .cmd("HSET")
            .arg(&key)
            .arg("record")
            .arg(encode(token)?)
            .arg("forget_at")
            .arg(forget_at.as_secs())
            .ignore();
        commands.cmd("EXPIRE").arg(&key).arg(ttl).ignore();
        let index = self.keys.refresh_index(&id.grant_id());
        add_to_index(commands, &index, (own_half(id), forget_at, ttl));
        Ok(())
    }

    /// The access token that a reuse key names, when it is still good.
    async fn find_named(&self, named: &str) -> Result<Option<Reuse>, StoreError> {
        if named.is_empty() {
            return Ok(None);
        }
        let access_token_id = AccessTokenId::from_text(named)
            .ok_or_else(|| damaged("a reuse key that names no token"))?;
        let found = self.find_access_token(&access_token_id).await?;
        Ok(found.map(|access_token| Reuse::Existing {
            access_token_id,
            access_token: Box::new(access_token),
        }))
    }

    /// Takes back tokens that nobody was told of.
    async fn withdraw(&self, tokens: &NewTokens) -> Result<(), StoreError> {
        let grant_id = tokens.access_token_id.grant_id();
        let mut command = redis::cmd("DEL");
        command
            .arg(self.keys.access_token(&tokens.access_token_id))
            .arg(self.keys.access_index(&grant_id));
        if let Some((id, _)) = &tokens.refresh_token {
            command
                .arg(self.keys.refresh_token(id))
                .arg(self.keys.refresh_index(&grant_id));
        }
        self.connection.query(&command).await
    }
}

fn add_to_index(
    commands: &mut Pipeline,
    index: &str,
    (own_half, expires_at, ttl): (String, Timestamp, u64),
) {
    commands
        .cmd("ZADD")
        .arg(index)
        .arg(expires_at.as_secs())
        .arg(own_half)
        .ignore();
    commands.cmd("EXPIRE").arg(index).arg(ttl).ignore();
}

#[async_trait]
impl AccessTokenStore for RedisStore {
    async fn issue_tokens(&self, tokens: &NewTokens) -> Result<(), StoreError> {
        let commands = self.first_tokens(tokens)?;
        self.connection.query_all(&commands).await
    }

    async fn issue_tokens_of_code(&self, tokens: &NewTokens) -> Result<Issuance, StoreError> {
        let script = self.with_tokens(&self.scripts.issue_tokens_of_code, tokens)?;
        let answer: Vec<String> = self.connection.invoke(&script).await?;
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
    /// nobody was told of, until they expire.
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

    async fn revoke_access_token(&self, id: &AccessTokenId) -> Result<(), StoreError> {
        let mut commands = redis::pipe();
        commands.atomic();
        commands.del(self.keys.access_token(id)).ignore();
        let index = self.keys.access_index(&id.grant_id());
        commands.zrem(index, own_half(id)).ignore();
        self.connection.query_all(&commands).await
    }
}
