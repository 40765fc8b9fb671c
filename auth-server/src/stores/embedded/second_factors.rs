//! Second factors, by the names of their owners.

use async_trait::async_trait;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::encode;
use crate::records::SecondFactor;
use crate::stores::{SecondFactorStore, StoreError};

#[async_trait]
impl SecondFactorStore for EmbeddedStore {
    async fn find_second_factor(&self, owner: &str) -> Result<Option<SecondFactor>, StoreError> {
        self.read(|view| view.find(&Key::second_factor(owner)))
    }

    async fn add_second_factor(&self, factor: &SecondFactor) -> Result<bool, StoreError> {
        let (key, record) = (Key::second_factor(&factor.owner), encode(factor)?);
        self.write(move |view| {
            let mut changes = view.changes();
            let is_first = !view.holds(&key)?;
            if is_first {
                changes.put_for_ever(key, record);
            }
            Ok((is_first, changes))
        })
        .await
    }

    async fn replace_second_factor(
        &self,
        known: &SecondFactor,
        replacement: &SecondFactor,
    ) -> Result<bool, StoreError> {
        let (key, record) = (Key::second_factor(&known.owner), encode(replacement)?);
        let known = known.clone();
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

    async fn remove_second_factor(&self, owner: &str) -> Result<bool, StoreError> {
        let key = Key::second_factor(owner);
        self.write(move |view| {
            let mut changes = view.changes();
            let is_there = view.holds(&key)?;
            changes.remove(key);
            Ok((is_there, changes))
        })
        .await
    }
}
