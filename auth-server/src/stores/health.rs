//! Whether a store answers.

use async_trait::async_trait;

use crate::stores::{Observed, StoreError};

/// Tells how a store is.
#[async_trait]
pub trait StoreHealth: Send + Sync {
    /// Asks the store for a sign of life.
    async fn check_health(&self) -> Result<(), StoreError>;
}

#[async_trait]
impl StoreHealth for Observed<dyn StoreHealth> {
    async fn check_health(&self) -> Result<(), StoreError> {
        self.observe("check_health", self.port.check_health()).await
    }
}
