//! The server's own keys.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::{View, encode};
use crate::records::KeyRecord;
use crate::stores::{Addition, KeyStore, LONGEST_LIFE_SECS, StoreError};

#[async_trait]
impl KeyStore for EmbeddedStore {
    async fn list_keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        let mut keys = self.read(list)?;
        keys.sort_by(|one, other| {
            (one.created_at, &one.key_id).cmp(&(other.created_at, &other.key_id))
        });
        Ok(keys)
    }

    async fn add_key(&self, key: &KeyRecord, seen: &[String]) -> Result<Addition, StoreError> {
        let record = encode(key)?;
        let key_id = key.key_id.clone();
        let seen: BTreeSet<String> = seen.iter().cloned().collect();
        self.write(move |view| {
            let mut changes = view.changes();
            let present: BTreeSet<String> = list(view)?.into_iter().map(|key| key.key_id).collect();
            // A key that is there is never replaced, whatever the caller saw.
            if present != seen || present.contains(&key_id) {
                return Ok((Addition::Raced, changes));
            }
            let forget_at = view.now().plus_secs(LONGEST_LIFE_SECS);
            changes.put(Key::key_record(&key_id), forget_at, record);
            Ok((Addition::Added, changes))
        })
        .await
    }

    async fn remove_key(&self, key_id: &str) -> Result<(), StoreError> {
        let key = Key::key_record(key_id);
        self.write(move |view| {
            let mut changes = view.changes();
            changes.remove(key);
            Ok(((), changes))
        })
        .await
    }
}

fn list(view: &View<'_>) -> Result<Vec<KeyRecord>, StoreError> {
    let found = view.list(&Key::key_records())?;
    Ok(found.into_iter().map(|(_, key)| key).collect())
}
