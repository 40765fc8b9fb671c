//! Links that were sent to somebody and are good once.

use async_trait::async_trait;

use crate::records::{LinkId, OneTimeLink};
use crate::stores::{Observed, StoreError};

/// Keeps links that are good once, each until it is used or over.
#[async_trait]
pub trait OneTimeLinkStore: Send + Sync {
    /// Keeps a link until it is over.
    async fn store_link(&self, id: &LinkId, link: &OneTimeLink) -> Result<(), StoreError>;

    /// A link that is good still. One read.
    async fn find_link(&self, id: &LinkId) -> Result<Option<OneTimeLink>, StoreError>;

    /// Uses a link up. Of many callers at once exactly one gets `true`.
    async fn redeem_link(&self, id: &LinkId) -> Result<bool, StoreError>;
}

#[async_trait]
impl OneTimeLinkStore for Observed<dyn OneTimeLinkStore> {
    async fn store_link(&self, id: &LinkId, link: &OneTimeLink) -> Result<(), StoreError> {
        self.observe("store_link", self.port.store_link(id, link))
            .await
    }

    async fn find_link(&self, id: &LinkId) -> Result<Option<OneTimeLink>, StoreError> {
        self.observe("find_link", self.port.find_link(id)).await
    }

    async fn redeem_link(&self, id: &LinkId) -> Result<bool, StoreError> {
        self.observe("redeem_link", self.port.redeem_link(id)).await
    }
}
