//! Links that are good once.

use async_trait::async_trait;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::encode;
use crate::records::{LinkId, OneTimeLink};
use crate::stores::{OneTimeLinkStore, StoreError, or_if_damaged};

#[async_trait]
impl OneTimeLinkStore for EmbeddedStore {
    async fn store_link(&self, id: &LinkId, link: &OneTimeLink) -> Result<(), StoreError> {
        let (key, expires_at, record) = (Key::link(id), link.expires_at, encode(link)?);
        self.write(move |view| {
            let mut changes = view.changes();
            changes.put(key, expires_at, record);
            Ok(((), changes))
        })
        .await
    }

    async fn find_link(&self, id: &LinkId) -> Result<Option<OneTimeLink>, StoreError> {
        or_if_damaged(self.read(|view| view.find(&Key::link(id))), || None)
    }

    async fn redeem_link(&self, id: &LinkId) -> Result<bool, StoreError> {
        let key = Key::link(id);
        self.write(move |view| {
            let mut changes = view.changes();
            let found: Result<Option<OneTimeLink>, StoreError> = view.find(&key);
            let is_good = or_if_damaged(found, || None)?.is_some();
            changes.remove(key);
            Ok((is_good, changes))
        })
        .await
    }
}
