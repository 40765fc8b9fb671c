//! JWTs of another server that have ended here.

use async_trait::async_trait;
use symbolon::clock::Timestamp;

use super::EmbeddedStore;
use super::keys::Key;
use super::records::encode;
use crate::stores::{EndedJwtId, EndedJwtStore, LONGEST_LIFE_SECS, StoreError, or_if_damaged};

#[async_trait]
impl EndedJwtStore for EmbeddedStore {
    async fn end_jwt(&self, id: &EndedJwtId, until: Option<Timestamp>) -> Result<bool, StoreError> {
        let (key, mark) = (Key::ended_jwt(id), encode(&())?);
        self.write(move |view| {
            let mut changes = view.changes();
            let found: Result<Option<()>, StoreError> = view.find(&key);
            if or_if_damaged(found, || Some(()))?.is_some() {
                return Ok((false, changes));
            }
            let longest = view.now().plus_secs(LONGEST_LIFE_SECS);
            changes.put(key, until.unwrap_or(longest).min(longest), mark);
            Ok((true, changes))
        })
        .await
    }

    async fn is_jwt_ended(&self, id: &EndedJwtId) -> Result<bool, StoreError> {
        let found: Result<Option<()>, StoreError> =
            self.read(|view| view.find(&Key::ended_jwt(id)));
        Ok(or_if_damaged(found, || Some(()))?.is_some())
    }
}
