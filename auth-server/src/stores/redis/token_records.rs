//! Tokens as they are stored, and what all who issue or end tokens have in common.

use redis::{Pipeline, Script, ScriptInvocation};
use symbolon::clock::Timestamp;

use super::RedisStore;
use super::keys::own_half;
use super::records::encode;
use crate::records::{GrantId, NewTokens, RefreshToken, RefreshTokenId};
use crate::stores::{LONGEST_LIFE_SECS, MEMORY_OF_THE_ENDED_SECS, StoreError};

/// A token in an index of its grant.
struct Member {
    own_half: String,
    expires_at: Timestamp,
    /// For how long it keeps the index, in seconds.
    ttl: u64,
}

impl Member {
    fn add_to(self, index: &str, commands: &mut Pipeline) {
        commands
            .cmd("ZADD")
            .arg(index)
            .arg(self.expires_at.as_secs())
            .arg(self.own_half)
            .ignore();
        commands.cmd("EXPIRE").arg(index).arg(self.ttl).ignore();
    }
}

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
    pub(super) fn first_tokens(&self, tokens: &NewTokens) -> Result<Pipeline, StoreError> {
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
        let member = Member {
            own_half: own_half(id),
            expires_at,
            ttl,
        };
        member.add_to(&index, &mut commands);
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
        let member = Member {
            own_half: own_half(id),
            expires_at: forget_at,
            ttl,
        };
        member.add_to(&index, commands);
        Ok(())
    }

    /// Takes back tokens that nobody received.
    pub(super) async fn withdraw(&self, tokens: &NewTokens) -> Result<(), StoreError> {
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
