//! Searches for what has no index: the names of all keys, a part at a time, as `SCAN` gives them. It gives each key that is
//! there from the first part to the last, some of them twice.
//!
//! Of a grant the indexes of its tokens are looked for, which keep their names when tokens are refreshed.

use futures_util::future::try_join_all;
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;

use super::RedisStore;
use super::authorization_codes::read_fresh;
use super::keys::whole_id;
use super::records::{damaged, decode};
use crate::records::{AccessToken, AccessTokenId, Given, GrantId, RefreshToken, RefreshTokenId};
use crate::stores::{GivenGrant, SearchPart, SearchPlace, StoreError, or_if_damaged};

/// Names of keys that Redis looks at in one part.
pub(super) const PART: usize = 256;

/// What a part of the keys is, and where to go on.
pub(super) struct ScannedKeys {
    pub(super) keys: Vec<String>,
    pub(super) next: Option<SearchPlace>,
}

/// What `SCAN` goes on from.
pub(super) fn cursor_at(place: Option<&SearchPlace>) -> u64 {
    let cursor = place.and_then(|place| place.0.first_chunk().copied());
    u64::from_be_bytes(cursor.unwrap_or_default())
}

/// What [`cursor_at`] reads, if there is more.
pub(super) fn place_of(cursor: u64) -> Option<SearchPlace> {
    (cursor > 0).then(|| SearchPlace(cursor.to_be_bytes().to_vec()))
}

impl RedisStore {
    pub(super) async fn scan(
        &self,
        pattern: &str,
        from: Option<&SearchPlace>,
    ) -> Result<ScannedKeys, StoreError> {
        let mut command = redis::cmd("SCAN");
        command.arg(cursor_at(from)).arg("MATCH").arg(pattern);
        command.arg("COUNT").arg(PART);
        // Names of others may be anything.
        let (cursor, keys): (u64, Vec<Vec<u8>>) = self.connection.query(&command).await?;
        let keys = keys
            .into_iter()
            .filter_map(|key| String::from_utf8(key).ok());
        Ok(ScannedKeys {
            keys: keys.collect(),
            next: place_of(cursor),
        })
    }

    pub(super) async fn search_part(
        &self,
        client_id: &ClientId,
        from: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError> {
        let scanned = self.scan(&self.keys.pattern_of_grants(), from).await?;
        let keys = scanned.keys.iter().map(|key| self.held_under(key));
        // Asked at once, so that they share round trips.
        let held = try_join_all(keys).await?.into_iter().flatten();
        let mut found: Vec<GivenGrant> = held
            .filter(|one| one.given.client_id == *client_id)
            .collect();
        found.sort_by_key(|one| one.grant_id);
        found.dedup_by_key(|one| one.grant_id);
        let found = try_join_all(found.into_iter().map(|one| self.with_last_issue(one))).await?;
        Ok(SearchPart {
            found,
            next: scanned.next,
        })
    }

    /// A grant that has tokens.
    pub(super) async fn held_by_tokens(
        &self,
        grant_id: &GrantId,
    ) -> Result<Option<GivenGrant>, StoreError> {
        let held = match self.held_by_refresh_token(grant_id).await? {
            Some(held) => Some(held),
            None => self.held_by_access_token(grant_id).await?,
        };
        match held {
            Some(held) => self.with_last_issue(held).await.map(Some),
            None => Ok(None),
        }
    }

    /// A refresh token may have brought access tokens long after it was issued itself.
    async fn with_last_issue(&self, mut held: GivenGrant) -> Result<GivenGrant, StoreError> {
        let last = or_if_damaged(self.last_access_token(&held.grant_id).await, || None)?;
        let issued_at = last.map(|(token, _)| token.issued_at);
        held.given.issued_at = held.given.issued_at.max(issued_at);
        Ok(held)
    }

    /// What a key stands for, if it is the one of its grant that is counted: the index of refresh tokens, where there are
    /// none that of access tokens, and where nobody has exchanged the code yet, the code.
    async fn held_under(&self, key: &str) -> Result<Option<GivenGrant>, StoreError> {
        let Some((grant_id, kind)) = self.keys.of_grant(key) else {
            return Ok(None);
        };
        let held = match kind {
            "refresh-tokens" => self.held_by_refresh_token(&grant_id).await,
            "access-tokens" => self.held_by_access_token(&grant_id).await,
            _ if kind.starts_with("code:") => self.held_by_code(&grant_id, key).await,
            _ => return Ok(None),
        };
        or_if_damaged(held, || None)
    }

    async fn held_by_refresh_token(
        &self,
        grant_id: &GrantId,
    ) -> Result<Option<GivenGrant>, StoreError> {
        let last = self.last_of(self.keys.refresh_index(grant_id)).await?;
        let Some((last, expires_at)) = last else {
            return Ok(None);
        };
        let id: RefreshTokenId = whole_id(grant_id, &last).ok_or_else(not_an_id)?;
        let mut command = redis::cmd("HGET");
        command.arg(self.keys.refresh_token(&id)).arg("record");
        let record: Option<String> = self.connection.query(&command).await?;
        let token: Option<RefreshToken> = record.as_deref().map(decode).transpose()?;
        Ok(token.map(|token| {
            let given = Given::of_token(&token.grant, token.issued_at);
            held(*grant_id, token.grant.owner, given, expires_at)
        }))
    }

    async fn held_by_access_token(
        &self,
        grant_id: &GrantId,
    ) -> Result<Option<GivenGrant>, StoreError> {
        let refresh = self.last_of(self.keys.refresh_index(grant_id)).await?;
        let last = self.last_access_token(grant_id).await?;
        let (None, Some((token, expires_at))) = (refresh, last) else {
            return Ok(None);
        };
        let given = Given::of_token(&token.grant, token.issued_at);
        Ok(Some(held(*grant_id, token.grant.owner, given, expires_at)))
    }

    /// The access token that is over last, and when.
    async fn last_access_token(
        &self,
        grant_id: &GrantId,
    ) -> Result<Option<(AccessToken, Timestamp)>, StoreError> {
        let last = self.last_of(self.keys.access_index(grant_id)).await?;
        let Some((last, expires_at)) = last else {
            return Ok(None);
        };
        let id: AccessTokenId = whole_id(grant_id, &last).ok_or_else(not_an_id)?;
        let mut command = redis::cmd("GET");
        command.arg(self.keys.access_token(&id));
        let record: Option<String> = self.connection.query(&command).await?;
        let token: Option<AccessToken> = record.as_deref().map(decode).transpose()?;
        Ok(token.map(|token| (token, expires_at)))
    }

    async fn held_by_code(
        &self,
        grant_id: &GrantId,
        key: &str,
    ) -> Result<Option<GivenGrant>, StoreError> {
        let mut commands = redis::pipe();
        commands.get(key).get(self.keys.revoked(grant_id));
        let (value, revoked): (Option<String>, Option<String>) =
            self.connection.query_all(&commands).await?;
        let (Some(value), None) = (value, revoked) else {
            return Ok(None);
        };
        let code = read_fresh(&value)?.filter(|code| self.now() < code.expires_at);
        Ok(code.map(|code| {
            let end = code.expires_at;
            let given = Given::of(&code.grant, Some(end));
            held(*grant_id, code.grant.owner, given, end)
        }))
    }

    /// The member of an index of tokens that is over last, and when, if it is not over.
    async fn last_of(&self, index: String) -> Result<Option<(String, Timestamp)>, StoreError> {
        let mut command = redis::cmd("ZREVRANGEBYSCORE");
        command
            .arg(index)
            .arg("+inf")
            .arg(format!("({}", self.now().as_secs()))
            .arg("WITHSCORES")
            .arg(&["LIMIT", "0", "1"]);
        let found: Vec<(String, u64)> = self.connection.query(&command).await?;
        let last = found.into_iter().next();
        Ok(last.map(|(own_half, end)| (own_half, Timestamp::from_secs(end))))
    }
}

fn not_an_id() -> StoreError {
    damaged("an index that names no token")
}

const fn held(
    grant_id: GrantId,
    owner: Option<String>,
    given: Given,
    expires_at: Timestamp,
) -> GivenGrant {
    GivenGrant {
        grant_id,
        owner,
        given,
        expires_at,
    }
}
