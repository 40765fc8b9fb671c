//! Whose store it is: one text.

use async_trait::async_trait;

use super::RedisStore;
use crate::stores::{IssuerStore, LONGEST_LIFE_SECS, StoreError};

#[async_trait]
impl IssuerStore for RedisStore {
    async fn note_issuer(&self, issuer: &str) -> Result<Option<String>, StoreError> {
        let mut script = self.scripts.note_issuer.key(self.keys.issuer());
        script.arg(issuer).arg(LONGEST_LIFE_SECS);
        self.connection.invoke(&script).await
    }
}
