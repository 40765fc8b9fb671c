//! Searches for what has no index, a part at a time, so that neither the thread that reads nor the memory is taken up
//! for long.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::de::DeserializeOwned;
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;

use super::authorization_codes::StoredCode;
use super::keys::Key;
use super::records::{KeyRange, View};
use super::token_records::StoredRefreshToken;
use crate::records::{AccessToken, Given, GrantId};
use crate::stores::{GivenGrant, SearchPart, SearchPlace, StoreError};

/// Records of one kind that are looked at in one part.
pub(super) const PART: usize = 256;

/// What stands for a grant.
struct Held {
    grant_id: GrantId,
    owner: Option<String>,
    given: Given,
    expires_at: Timestamp,
}

/// The owner of a record, and what it is about.
type About = (Option<String>, Given);

/// Codes or tokens, in the order of their grants.
struct Kind {
    held: Vec<Held>,
    /// The last grant, when there may be more behind it.
    last: Option<GrantId>,
}

impl Kind {
    fn read<R: DeserializeOwned>(
        view: &View<'_>,
        prefix: &Key,
        after: Option<GrantId>,
        about: impl Fn(R) -> Option<About>,
    ) -> Result<Self, StoreError> {
        let after = after.map(|grant_id| prefix.behind_grant(&grant_id));
        let part = view.part(&KeyRange {
            prefix,
            after: after.as_ref(),
            limit: PART,
        })?;
        let held = part
            .found
            .into_iter()
            .filter_map(|(key, expires_at, record)| {
                let (owner, given) = about(record)?;
                Some(Held {
                    grant_id: key.grant_id()?,
                    owner,
                    given,
                    expires_at,
                })
            });
        Ok(Self {
            held: held.collect(),
            last: part.last.and_then(|key| key.grant_id()),
        })
    }
}

/// What a client holds: a part of each kind, up to the grant where the first of them is cut off. Of a grant that was
/// looked at nothing more is looked at later: some of its tokens are enough to know whose it is.
pub(super) fn grants_of_client(
    view: &View<'_>,
    client_id: &ClientId,
    after: Option<GrantId>,
) -> Result<SearchPart, StoreError> {
    let kinds = [
        Kind::read(view, &Key::codes(), after, of_fresh_code)?,
        Kind::read(view, &Key::access_tokens(), after, of_access_token)?,
        Kind::read(view, &Key::refresh_tokens(), after, of_refresh_token)?,
    ];
    let last = kinds.iter().filter_map(|kind| kind.last).min();
    let is_before = |held: &Held| last.is_none_or(|last| held.grant_id <= last);
    let all = kinds.into_iter().flat_map(|kind| kind.held);
    let of_client = |held: &Held| held.given.client_id == *client_id;
    let mut found = BTreeMap::new();
    for held in all.filter(|held| is_before(held) && of_client(held)) {
        add(&mut found, held);
    }
    let mut grants = Vec::with_capacity(found.len());
    for grant in found.into_values() {
        if !view.is_revoked(&grant.grant_id)? {
            grants.push(grant);
        }
    }
    Ok(SearchPart {
        found: grants,
        next: last.map(|last| SearchPlace(last.as_bytes().to_vec())),
    })
}

/// A grant that has tokens.
pub(super) fn grant(view: &View<'_>, grant_id: &GrantId) -> Result<Option<GivenGrant>, StoreError> {
    if view.is_revoked(grant_id)? {
        return Ok(None);
    }
    let access = Key::access_tokens_of(grant_id);
    let refresh = Key::refresh_tokens_of(grant_id);
    let kinds = [
        Kind::read(view, &access, None, of_access_token)?,
        Kind::read(view, &refresh, None, of_refresh_token)?,
    ];
    let mut found = BTreeMap::new();
    for held in kinds.into_iter().flat_map(|kind| kind.held) {
        add(&mut found, held);
    }
    Ok(found.into_values().next())
}

fn of_fresh_code(code: StoredCode) -> Option<About> {
    match code {
        StoredCode::Fresh(code) => {
            let given = Given::of(&code.grant, Some(code.expires_at));
            Some((code.grant.owner, given))
        }
        StoredCode::Used { .. } => None,
    }
}

#[allow(clippy::unnecessary_wraps, reason = "as of a code")]
fn of_access_token(token: AccessToken) -> Option<About> {
    let given = Given::of_token(&token.grant, token.issued_at);
    Some((token.grant.owner, given))
}

#[allow(clippy::unnecessary_wraps, reason = "as of a code")]
fn of_refresh_token(StoredRefreshToken { token, .. }: StoredRefreshToken) -> Option<About> {
    let given = Given::of_token(&token.grant, token.issued_at);
    Some((token.grant.owner, given))
}

/// The refresh token, which comes last, has the whole scope; the last of all that is over ends the grant.
fn add(found: &mut BTreeMap<GrantId, GivenGrant>, held: Held) {
    let Held {
        grant_id,
        owner,
        given,
        expires_at,
    } = held;
    match found.entry(grant_id) {
        Entry::Vacant(entry) => {
            entry.insert(GivenGrant {
                grant_id,
                owner,
                given,
                expires_at,
            });
        }
        Entry::Occupied(mut entry) => {
            let grant = entry.get_mut();
            let issued_at = grant.given.issued_at.max(given.issued_at);
            grant.given = Given { issued_at, ..given };
            grant.expires_at = grant.expires_at.max(expires_at);
        }
    }
}

/// What [`grants_of_client`] wrote.
pub(super) fn grant_at(place: &SearchPlace) -> Option<GrantId> {
    place.0.first_chunk().copied().map(GrantId::from_bytes)
}
