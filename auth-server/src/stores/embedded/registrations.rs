//! What registrations of clients and of owners have in common.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::encode;
use crate::stores::StoreError;

impl EmbeddedStore {
    /// Puts a registration in the place of one that is exactly as it is known; answers whether it was.
    pub(super) async fn replace_registration<R>(
        &self,
        key: Key,
        known: &R,
        replacement: &R,
    ) -> Result<bool, StoreError>
    where
        R: Clone + PartialEq + Serialize + DeserializeOwned + Send + 'static,
    {
        let (known, record) = (known.clone(), encode(replacement)?);
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
}
