//! The index of what owners gave.

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;

use super::keys::Key;
use super::records::{Changes, KeyRange, View, encode};
use crate::records::{Given, GrantId};
use crate::stores::{GivenGrant, SearchPart, SearchPlace, StoreError, or_if_damaged};

/// Entries that are looked at in one part.
const PART: usize = 256;

/// An entry on its way into the index.
pub(super) struct NewEntry {
    pub(super) owner: String,
    pub(super) grant_id: GrantId,
    pub(super) given: Given,
    pub(super) expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    given: Given,
    expires_at: Timestamp,
}

impl NewEntry {
    /// Keeps an entry as long as the last of what was issued in its grant.
    pub(super) fn write(self, view: &View<'_>, changes: &mut Changes) -> Result<(), StoreError> {
        let key = Key::given(&self.owner, &self.grant_id);
        let before: Result<Option<Entry>, StoreError> = view.find(&key);
        let expires_at = or_if_damaged(before, || None)?.map_or(self.expires_at, |entry| {
            entry.expires_at.max(self.expires_at)
        });
        let given = self.given;
        let entry = Entry { given, expires_at };
        changes.put(key, expires_at, encode(&entry)?);
        Ok(())
    }
}

/// What still opens something.
pub(super) fn list(view: &View<'_>, owner: &str) -> Result<Vec<GivenGrant>, StoreError> {
    let mut found = Vec::new();
    for (key, Entry { given, expires_at }) in view.list_readable(&Key::given_by(owner))? {
        let Some(grant_id) = key.given_grant() else {
            continue;
        };
        if is_live(view, &grant_id, &given)? {
            found.push(GivenGrant {
                grant_id,
                owner: Some(owner.to_owned()),
                given,
                expires_at,
            });
        }
    }
    Ok(found)
}

/// A part of [`list`], behind this grant.
pub(super) fn list_from(
    view: &View<'_>,
    owner: &str,
    after: Option<GrantId>,
) -> Result<SearchPart, StoreError> {
    let after = after.map(|grant_id| Key::given(owner, &grant_id));
    let part = view.part(&KeyRange {
        prefix: &Key::given_by(owner),
        after: after.as_ref(),
        limit: PART,
    })?;
    let mut found = Vec::new();
    for (key, expires_at, entry) in part.found {
        let Entry { given, .. } = entry;
        if let Some(grant_id) = key.given_grant()
            && is_live(view, &grant_id, &given)?
        {
            found.push(GivenGrant {
                grant_id,
                owner: Some(owner.to_owned()),
                given,
                expires_at,
            });
        }
    }
    let last = part.last.and_then(|key| key.given_grant());
    let next = last.map(|last| SearchPlace(last.as_bytes().to_vec()));
    Ok(SearchPart { found, next })
}

fn is_live(view: &View<'_>, grant_id: &GrantId, given: &Given) -> Result<bool, StoreError> {
    if view.is_revoked(grant_id)? {
        return Ok(false);
    }
    if given.code_expires_at.is_some_and(|end| view.now() < end) {
        return Ok(true);
    }
    let access = view.any(&Key::access_tokens_of(grant_id))?;
    Ok(access || view.any(&Key::refresh_tokens_of(grant_id))?)
}
