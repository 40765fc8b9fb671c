//! Whose store it is.

use async_trait::async_trait;

use crate::stores::{Observed, StoreError};

/// Remembers which issuer's servers work on the store.
#[async_trait]
pub trait IssuerStore: Send + Sync {
    /// Notes that a server of this issuer begins to work on the store. Answers of which issuer the last one was, where
    /// there was one within [`LONGEST_LIFE_SECS`](crate::stores::LONGEST_LIFE_SECS). A store that is full takes it when
    /// nothing changes.
    async fn note_issuer(&self, issuer: &str) -> Result<Option<String>, StoreError>;
}

#[async_trait]
impl IssuerStore for Observed<dyn IssuerStore> {
    async fn note_issuer(&self, issuer: &str) -> Result<Option<String>, StoreError> {
        self.observe("note_issuer", self.port.note_issuer(issuer))
            .await
    }
}
