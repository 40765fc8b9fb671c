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
use crate::records::{AccessToken, Given, Grant, GrantId};
use crate::stores::{GivenGrant, SearchPart, SearchPlace, StoreError};

/// Records of one kind that are looked at in one part.
pub(super) const PART: usize = 256;

/// What stands for a grant.
struct Held {
    grant_id: GrantId,
    grant: Grant,
    /// Of a code that nobody has exchanged yet.
    code_expires_at: Option<Timestamp>,
    expires_at: Timestamp,
}

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
        grant_of: impl Fn(R) -> Option<(Grant, Option<Timestamp>)>,
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
                let (grant, code_expires_at) = grant_of(record)?;
                Some(Held {
                    grant_id: key.grant_id()?,
                    grant,
                    code_expires_at,
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
        Kind::read(view, &Key::codes(), after, fresh_code)?,
        Kind::read(view, &Key::access_tokens(), after, |token: AccessToken| {
            Some((token.grant, None))
        })?,
        Kind::read(
            view,
            &Key::refresh_tokens(),
            after,
            |stored: StoredRefreshToken| Some((stored.token.grant, None)),
        )?,
    ];
    let last = kinds.iter().filter_map(|kind| kind.last).min();
    let is_before = |held: &Held| last.is_none_or(|last| held.grant_id <= last);
    let all = kinds.into_iter().flat_map(|kind| kind.held);
    let of_client = |held: &Held| held.grant.client_id == *client_id;
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

fn fresh_code(code: StoredCode) -> Option<(Grant, Option<Timestamp>)> {
    match code {
        StoredCode::Fresh(code) => Some((code.grant, Some(code.expires_at))),
        StoredCode::Used { .. } => None,
    }
}

/// The refresh token, which comes last, has the whole scope; the last of all that is over ends the grant.
fn add(found: &mut BTreeMap<GrantId, GivenGrant>, held: Held) {
    let given = Given::of(&held.grant, held.code_expires_at);
    match found.entry(held.grant_id) {
        Entry::Vacant(entry) => {
            entry.insert(GivenGrant {
                grant_id: held.grant_id,
                owner: held.grant.owner,
                given,
                expires_at: held.expires_at,
            });
        }
        Entry::Occupied(mut entry) => {
            let grant = entry.get_mut();
            grant.given = given;
            grant.expires_at = grant.expires_at.max(held.expires_at);
        }
    }
}

/// What [`grants_of_client`] wrote.
pub(super) fn grant_at(place: &SearchPlace) -> Option<GrantId> {
    place.0.first_chunk().copied().map(GrantId::from_bytes)
}
