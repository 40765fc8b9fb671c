//! Whose store it is: one record.

use async_trait::async_trait;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::encode;
use crate::stores::{IssuerStore, LONGEST_LIFE_SECS, StoreError};

#[async_trait]
impl IssuerStore for EmbeddedStore {
    async fn note_issuer(&self, issuer: &str) -> Result<Option<String>, StoreError> {
        let record = encode(&issuer)?;
        self.write(move |view| {
            let mut changes = view.changes();
            let before = view.find(&Key::issuer())?;
            let forget_at = view.now().plus_secs(LONGEST_LIFE_SECS);
            changes.put(Key::issuer(), forget_at, record);
            Ok((before, changes))
        })
        .await
    }
}
