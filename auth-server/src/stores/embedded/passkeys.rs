//! Passkeys, by the names of their owners, and whose handle is whose.

use async_trait::async_trait;
use symbolon::clock::Timestamp;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::{View, encode};
use crate::records::{OwnerPasskeys, UserHandle};
use crate::stores::{ChallengeId, PasskeyStore, StoreError, or_if_damaged};

#[async_trait]
impl PasskeyStore for EmbeddedStore {
    async fn find_passkeys(&self, owner: &str) -> Result<Option<OwnerPasskeys>, StoreError> {
        self.read(|view| view.find(&Key::passkeys(owner)))
    }

    async fn find_passkeys_by_handle(
        &self,
        handle: &UserHandle,
    ) -> Result<Option<OwnerPasskeys>, StoreError> {
        self.read(|view| by_handle(view, handle))
    }

    async fn replace_passkeys(
        &self,
        known: Option<&OwnerPasskeys>,
        new: &OwnerPasskeys,
    ) -> Result<bool, StoreError> {
        let (key, record) = (Key::passkeys(&new.owner), encode(new)?);
        let (by_handle, owner) = (Key::passkey_owner(&new.user_handle), encode(&new.owner)?);
        let known = known.cloned();
        self.write(move |view| {
            let mut changes = view.changes();
            let is_there = view.find(&key)? == known;
            if is_there {
                if let Some(known) = &known {
                    changes.remove(Key::passkey_owner(&known.user_handle));
                }
                changes.put_for_ever(key, record);
                changes.put_for_ever(by_handle, owner);
            }
            Ok((is_there, changes))
        })
        .await
    }

    async fn remove_passkeys(&self, owner: &str) -> Result<bool, StoreError> {
        let key = Key::passkeys(owner);
        self.write(move |view| {
            let mut changes = view.changes();
            let is_there = view.holds(&key)?;
            let found: Option<OwnerPasskeys> = or_if_damaged(view.find(&key), || None)?;
            if let Some(found) = found {
                changes.remove(Key::passkey_owner(&found.user_handle));
            }
            changes.remove(key);
            Ok((is_there, changes))
        })
        .await
    }

    async fn spend_challenge(
        &self,
        id: &ChallengeId,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let (key, mark) = (Key::spent_challenge(id), encode(&())?);
        self.write(move |view| {
            let mut changes = view.changes();
            let found: Result<Option<()>, StoreError> = view.find(&key);
            let is_first = or_if_damaged(found, || Some(()))?.is_none();
            if is_first {
                changes.put(key, expires_at, mark);
            }
            Ok((is_first, changes))
        })
        .await
    }
}

/// Whoever has another handle by now is not found by the one before.
fn by_handle(view: &View<'_>, handle: &UserHandle) -> Result<Option<OwnerPasskeys>, StoreError> {
    let Some(owner) = view.find::<String>(&Key::passkey_owner(handle))? else {
        return Ok(None);
    };
    let found: Option<OwnerPasskeys> = view.find(&Key::passkeys(&owner))?;
    Ok(found.filter(|found| found.user_handle == *handle))
}
