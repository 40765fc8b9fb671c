//! Refresh tokens and their rotation: a hash of the record, when it is over, and, of a used one, when
//! it was rotated and what took its place.

use async_trait::async_trait;
use futures_util::future::try_join;

use super::RedisStore;
use super::keys::{own_half, whole_id};
use super::records::{damaged, decode};
use crate::records::{GrantId, NewTokens, RefreshToken, RefreshTokenId};
use crate::stores::{RefreshTokenStore, Renewal, Rotation, StoreError, Successor};

#[async_trait]
impl RefreshTokenStore for RedisStore {
    async fn find_refresh_token(
        &self,
        id: &RefreshTokenId,
    ) -> Result<Option<RefreshToken>, StoreError> {
        let key = self.keys.refresh_token(id);
        if let Some(token) = self.refresh_token_under(key).await? {
            return Ok(Some(token));
        }
        self.any_refresh_token(&id.grant_id()).await
    }

    async fn is_refresh_token_used(&self, id: &RefreshTokenId) -> Result<bool, StoreError> {
        let mut command = redis::cmd("HMGET");
        let key = self.keys.refresh_token(id);
        command.arg(key).arg("record").arg("rotated_at");
        let found: (Option<String>, Option<String>) = self.connection.query(&command).await?;
        match found {
            (Some(_), rotated_at) => Ok(rotated_at.is_some()),
            (None, _) => Ok(self.any_refresh_token(&id.grant_id()).await?.is_some()),
        }
    }

    async fn rotate_refresh_token(
        &self,
        id: &RefreshTokenId,
        successor: &NewTokens,
        grace_secs: u64,
    ) -> Result<Rotation, StoreError> {
        let mut script = self.with_tokens(&self.scripts.rotate_refresh_token, successor)?;
        script
            .key(self.keys.refresh_token(id))
            .arg(own_half(id))
            .arg(grace_secs);
        let rotating = self.connection.invoke(&script);
        let ((), answer): ((), Vec<String>) =
            try_join(self.keep_given_by(successor), rotating).await?;
        let answer: Vec<&str> = answer.iter().map(String::as_str).collect();
        match answer.as_slice() {
            ["rotated"] => Ok(Rotation::Rotated),
            ["unknown"] => Ok(Rotation::Unknown),
            ["reused"] => Ok(Rotation::Reused),
            ["same_successor", access_half, record, refresh_half] => {
                let successor = read_successor(&id.grant_id(), access_half, record, refresh_half)?;
                Ok(Rotation::SameSuccessor(Box::new(successor)))
            }
            _ => Err(damaged("an answer about a refresh token")),
        }
    }

    async fn renew_access_token(
        &self,
        id: &RefreshTokenId,
        tokens: &NewTokens,
    ) -> Result<Renewal, StoreError> {
        let mut script = self.with_tokens(&self.scripts.renew_access_token, tokens)?;
        script.key(self.keys.refresh_token(id));
        let renewing = self.connection.invoke(&script);
        let ((), answer): ((), Vec<String>) =
            try_join(self.keep_given_by(tokens), renewing).await?;
        match answer.first().map(String::as_str) {
            Some("renewed") => Ok(Renewal::Renewed),
            Some("unknown") => Ok(Renewal::Unknown),
            _ => Err(damaged("an answer about a refresh token")),
        }
    }
}

impl RedisStore {
    /// The refresh token under a key, when it is not over.
    async fn refresh_token_under(&self, key: String) -> Result<Option<RefreshToken>, StoreError> {
        let mut command = redis::cmd("HMGET");
        command.arg(key).arg("record").arg("forget_at");
        let found: (Option<String>, Option<u64>) = self.connection.query(&command).await?;
        match found {
            (Some(record), Some(forget_at)) if self.now().as_secs() < forget_at => {
                Ok(Some(decode(&record)?))
            }
            _ => Ok(None),
        }
    }

    /// A refresh token of the grant that is not over, whichever.
    async fn any_refresh_token(
        &self,
        grant_id: &GrantId,
    ) -> Result<Option<RefreshToken>, StoreError> {
        let mut command = redis::cmd("ZRANGEBYSCORE");
        command
            .arg(self.keys.refresh_index(grant_id))
            .arg(format!("({}", self.now().as_secs()))
            .arg("+inf")
            .arg(&["LIMIT", "0", "1"]);
        let own_halves: Vec<String> = self.connection.query(&command).await?;
        let id: Option<RefreshTokenId> = match own_halves.first() {
            Some(own_half) => whole_id(grant_id, own_half),
            None => None,
        };
        match id {
            Some(id) => self.refresh_token_under(self.keys.refresh_token(&id)).await,
            None => Ok(None),
        }
    }
}

fn read_successor(
    grant_id: &GrantId,
    access_half: &str,
    record: &str,
    refresh_half: &str,
) -> Result<Successor, StoreError> {
    let not_an_id = || damaged("a successor that names no token");
    Ok(Successor {
        access_token_id: whole_id(grant_id, access_half).ok_or_else(not_an_id)?,
        access_token: decode(record)?,
        refresh_token_id: whole_id(grant_id, refresh_half).ok_or_else(not_an_id)?,
    })
}
