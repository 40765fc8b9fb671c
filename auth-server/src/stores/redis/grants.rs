//! Grants as a whole, and the index of what owners gave: for each owner a sorted set of grants by their end and a
//! hash of their entries. It is in another slot than the grants. An entry is there before what it names, and what
//! it names may be gone before it, so whoever reads the index looks.

use async_trait::async_trait;
use futures_util::future::try_join_all;
use serde::Serialize;
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;

use super::RedisStore;
use super::keys::OwnerIndexKeys;
use super::records::{damaged, decode, encode, split_time};
use super::search::{PART, cursor_at, place_of};
use crate::records::{Given, GrantId, NewTokens};
use crate::stores::{GivenGrant, GrantStore, SearchPart, SearchPlace, StoreError, or_if_damaged};

#[async_trait]
impl GrantStore for RedisStore {
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<bool, StoreError> {
        let script = self.on_grant(&self.scripts.revoke_grant, grant_id);
        let done: Vec<String> = self.connection.invoke(&script).await?;
        Ok(done.iter().any(|word| word == "revoked"))
    }

    async fn list_grants(&self, owner: &str) -> Result<Vec<GivenGrant>, StoreError> {
        let mut command = redis::cmd("HGETALL");
        command.arg(self.keys.given(owner).entries);
        let entries: Vec<(String, String)> = self.connection.query(&command).await?;
        self.live_of(owner, &entries).await
    }

    async fn list_grants_from(
        &self,
        owner: &str,
        from: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError> {
        let mut command = redis::cmd("HSCAN");
        command.arg(self.keys.given(owner).entries);
        command.arg(cursor_at(from)).arg("COUNT").arg(PART);
        let (cursor, entries): (u64, Vec<(String, String)>) =
            self.connection.query(&command).await?;
        Ok(SearchPart {
            found: self.live_of(owner, &entries).await?,
            next: place_of(cursor),
        })
    }

    async fn find_grant(&self, grant_id: &GrantId) -> Result<Option<GivenGrant>, StoreError> {
        self.held_by_tokens(grant_id).await
    }

    async fn search_grants(
        &self,
        client_id: &ClientId,
        from: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError> {
        self.search_part(client_id, from).await
    }
}

fn read(owner: &str, grant: &str, entry: &str) -> Result<GivenGrant, StoreError> {
    let grant_id = GrantId::from_text(grant);
    let (expires_at, entry) = split_time(entry)?;
    Ok(GivenGrant {
        grant_id: grant_id.ok_or_else(|| damaged("an index that names no grant"))?,
        owner: Some(owner.to_owned()),
        given: decode(entry)?,
        expires_at,
    })
}

impl RedisStore {
    /// Keeps an entry of an owner's index until the last of what was issued in its grant is over.
    pub(super) async fn keep_given(
        &self,
        owner: &str,
        grant_id: &GrantId,
        given: &Given,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let keys = self.keys.given(owner);
        self.keep_of_owner(keys, &grant_id.to_string(), given, expires_at)
            .await
    }

    /// Keeps an entry of an index of one owner until it ends.
    pub(super) async fn keep_of_owner(
        &self,
        keys: OwnerIndexKeys,
        name: &str,
        entry: &impl Serialize,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut script = self.scripts.keep_given.key(keys.ends);
        script
            .key(keys.entries)
            .arg(self.now().as_secs())
            .arg(name)
            .arg(expires_at.as_secs())
            .arg(self.ttl_secs(expires_at))
            .arg(encode(entry)?);
        let _done: String = self.connection.invoke(&script).await?;
        Ok(())
    }

    /// [`RedisStore::keep_given`] of new tokens; those of a client for itself are nobody's gift.
    pub(super) async fn keep_given_by(&self, tokens: &NewTokens) -> Result<(), StoreError> {
        let Some((owner, given)) = Given::by_tokens(tokens) else {
            return Ok(());
        };
        let access_until = tokens.access_token.expires_at;
        let refresh = tokens.refresh_token.as_ref();
        let refresh_until = refresh.map(|(_, token)| self.forget_at(token));
        let until = refresh_until.map_or(access_until, |until| until.max(access_until));
        let grant_id = tokens.access_token_id.grant_id();
        self.keep_given(owner, &grant_id, &given, until).await
    }

    /// Those of an index that still open something.
    async fn live_of(
        &self,
        owner: &str,
        entries: &[(String, String)],
    ) -> Result<Vec<GivenGrant>, StoreError> {
        let look = async |(grant, entry): &(String, String)| {
            let read = or_if_damaged(read(owner, grant, entry).map(Some), || None)?;
            let Some(one) = read.filter(|one| self.now() < one.expires_at) else {
                return Ok(None);
            };
            let is_live = self.is_live(&one.grant_id, &one.given).await?;
            Ok::<_, StoreError>(is_live.then_some(one))
        };
        let mut found = Vec::new();
        // Some at once, so that they share round trips.
        for some in entries.chunks(PART) {
            let looked = try_join_all(some.iter().map(look)).await?;
            found.extend(looked.into_iter().flatten());
        }
        found.sort_by_key(|one| one.grant_id);
        Ok(found)
    }

    async fn is_live(&self, grant_id: &GrantId, given: &Given) -> Result<bool, StoreError> {
        let mut commands = redis::pipe();
        commands.atomic();
        let after_now = format!("({}", self.now().as_secs());
        for index in [
            self.keys.access_index(grant_id),
            self.keys.refresh_index(grant_id),
        ] {
            commands.zcount(index, &after_now, "+inf");
        }
        commands.get(self.keys.revoked(grant_id));
        let (access, refresh, revoked): (u64, u64, Option<u64>) =
            self.connection.query_all(&commands).await?;
        let code = given.code_expires_at.is_some_and(|end| self.now() < end);
        let is_revoked = revoked.is_some_and(|until| self.now().as_secs() < until);
        Ok(!is_revoked && (code || access > 0 || refresh > 0))
    }
}
