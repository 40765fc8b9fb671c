//! Registrations of owners, in the order of their names. Who reads mails at an address has an index, which follows from the
//! registrations: these decide.

use async_trait::async_trait;

use super::EmbeddedStore;
use super::keys::Key;
use super::lists::listed;
use super::records::{Changes, KeyRange, View, encode};
use crate::records::{EmailAddress, OwnerRegistration};
use crate::stores::{OwnerRegistrar, OwnerStore, StoreError, or_if_damaged};

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
        let owner = owner.clone();
        self.write(move |view| {
            let mut changes = view.changes();
            put(view, &mut changes, &owner)?;
            Ok(((), changes))
        })
        .await
    }

    async fn add_owner(&self, owner: &OwnerRegistration) -> Result<bool, StoreError> {
        let owner = owner.clone();
        self.write(move |view| {
            let mut changes = view.changes();
            let is_free = !view.holds(&Key::owner(&owner.name))?;
            if is_free {
                put(view, &mut changes, &owner)?;
            }
            Ok((is_free, changes))
        })
        .await
    }

    async fn replace_owner(
        &self,
        known: &OwnerRegistration,
        replacement: &OwnerRegistration,
    ) -> Result<bool, StoreError> {
        let (known, replacement) = (known.clone(), replacement.clone());
        self.write(move |view| {
            let mut changes = view.changes();
            let is_there = view.find(&Key::owner(&known.name))?.as_ref() == Some(&known);
            if is_there {
                put(view, &mut changes, &replacement)?;
            }
            Ok((is_there, changes))
        })
        .await
    }

    async fn remove_owner(&self, name: &str) -> Result<bool, StoreError> {
        let name = name.to_owned();
        self.write(move |view| {
            let (mut changes, key) = (view.changes(), Key::owner(&name));
            let is_there = view.holds(&key)?;
            leave_address(view, &mut changes, &name)?;
            changes.remove(key);
            Ok((is_there, changes))
        })
        .await
    }

    async fn list_owners_by_email(
        &self,
        email: &EmailAddress,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OwnerRegistration>, StoreError> {
        let prefix = Key::owners_by_email(email);
        let after = after.map(|name| Key::owner_by_email(email, name));
        let range = KeyRange {
            prefix: &prefix,
            after: after.as_ref(),
            limit,
        };
        let record_of = |key: &Key| Some(Key::owner(key.owner_with(email)?));
        let is_in = |owner: &OwnerRegistration| owner.reads_at(email);
        self.read(|view| listed(view, &range, record_of, is_in))
    }

    /// Writes nothing where nothing is missing.
    async fn index_owners(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Option<String>, StoreError> {
        let (prefix, after) = (Key::owners(), after.map(Key::owner));
        let (missing, last) = self.read(|view| {
            let part = view.part::<OwnerRegistration>(&KeyRange {
                prefix: &prefix,
                after: after.as_ref(),
                limit,
            })?;
            let mut missing = Vec::new();
            for (_, _, owner) in part.found {
                if let Some(key) = key_of_address(&owner)
                    && !view.holds(&key)?
                {
                    missing.push(owner.name);
                }
            }
            Ok((missing, part.last))
        })?;
        if !missing.is_empty() {
            let index = move |view: &View<'_>| Ok(((), indexed(view, &missing)?));
            self.write(index).await?;
        }
        let last = last.as_ref().and_then(Key::owner_name);
        Ok(last.map(str::to_owned))
    }
}

/// What there is of this name. What is damaged says nothing.
fn known(view: &View<'_>, name: &str) -> Result<Option<OwnerRegistration>, StoreError> {
    or_if_damaged(view.find(&Key::owner(name)), || None)
}

fn key_of_address(owner: &OwnerRegistration) -> Option<Key> {
    let email = owner.email.as_ref()?;
    Some(Key::owner_by_email(email, &owner.name))
}

/// The registration, in the place of an earlier one, and where it is found.
pub(super) fn put(
    view: &View<'_>,
    changes: &mut Changes,
    owner: &OwnerRegistration,
) -> Result<(), StoreError> {
    leave_address(view, changes, &owner.name)?;
    if let Some(key) = key_of_address(owner) {
        changes.put_for_ever(key, encode(&())?);
    }
    changes.put_for_ever(Key::owner(&owner.name), encode(owner)?);
    Ok(())
}

/// A record that is damaged does not say where it was found, and what it leaves behind leads to nobody.
fn leave_address(view: &View<'_>, changes: &mut Changes, name: &str) -> Result<(), StoreError> {
    let known = known(view, name)?;
    if let Some(key) = known.as_ref().and_then(key_of_address) {
        changes.remove(key);
    }
    Ok(())
}

/// These, as they are now.
fn indexed(view: &View<'_>, names: &[String]) -> Result<Changes, StoreError> {
    let mut changes = view.changes();
    for name in names {
        let known = known(view, name)?;
        if let Some(key) = known.as_ref().and_then(key_of_address) {
            changes.put_for_ever(key, encode(&())?);
        }
    }
    Ok(changes)
}
