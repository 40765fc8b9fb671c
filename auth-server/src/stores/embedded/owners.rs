//! Registrations of owners, in the order of their names.

use async_trait::async_trait;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::{KeyRange, encode};
use crate::records::OwnerRegistration;
use crate::stores::{OwnerRegistrar, OwnerStore, StoreError};

#[async_trait]
impl OwnerStore for EmbeddedStore {
    async fn find_owner(&self, name: &str) -> Result<Option<OwnerRegistration>, StoreError> {
        self.read(|view| view.find(&Key::owner(name)))
    }

    async fn list_owners(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OwnerRegistration>, StoreError> {
        let (prefix, after) = (Key::owners(), after.map(Key::owner));
        let range = KeyRange {
            prefix: &prefix,
            after: after.as_ref(),
            limit,
        };
        let found = self.read(|view| view.list_range(&range))?;
        Ok(found.into_iter().map(|(_, owner)| owner).collect())
    }
}

#[async_trait]
impl OwnerRegistrar for EmbeddedStore {
    async fn store_owner(&self, owner: &OwnerRegistration) -> Result<(), StoreError> {
        let (key, record) = (Key::owner(&owner.name), encode(owner)?);
        self.write(move |view| {
            let mut changes = view.changes();
            changes.put_for_ever(key, record);
            Ok(((), changes))
        })
        .await
    }

    async fn replace_owner(
        &self,
        known: &OwnerRegistration,
        replacement: &OwnerRegistration,
    ) -> Result<bool, StoreError> {
        let (key, known, record) = (Key::owner(&known.name), known.clone(), encode(replacement)?);
        self.write(move |view| {
            let mut changes = view.changes();
            let is_there = view.find(&key)?.as_ref() == Some(&known);
            if is_there {
                changes.put_for_ever(key, record);
            }
            Ok((is_there, changes))
        })
        .await
    }

    async fn remove_owner(&self, name: &str) -> Result<bool, StoreError> {
        let key = Key::owner(name);
        self.write(move |view| {
            let mut changes = view.changes();
            let is_there = view.holds(&key)?;
            changes.remove(key);
            Ok((is_there, changes))
        })
        .await
    }
}
