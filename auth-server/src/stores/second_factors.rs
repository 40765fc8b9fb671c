//! What owners show besides their passwords.

use async_trait::async_trait;

use crate::records::SecondFactor;
use crate::stores::{Observed, StoreError};

/// Keeps second factors, by the name of the account, wherever that is kept. They have no end: each is kept until it is
/// removed. One that cannot be read is told and never taken for none: that would open the account to the password alone.
#[async_trait]
pub trait SecondFactorStore: Send + Sync {
    /// The second factor of an owner. One read.
    async fn find_second_factor(&self, owner: &str) -> Result<Option<SecondFactor>, StoreError>;

    /// Keeps one where its owner has none; answers whether that was so.
    async fn add_second_factor(&self, factor: &SecondFactor) -> Result<bool, StoreError>;

    /// Keeps `replacement` in the place of exactly `known`, which is of the same owner; answers whether that was there.
    /// Of many callers at once exactly one gets its way, so a code is good once.
    async fn replace_second_factor(
        &self,
        known: &SecondFactor,
        replacement: &SecondFactor,
    ) -> Result<bool, StoreError>;

    /// Removes that of an owner, also one that cannot be read; answers whether there was one.
    async fn remove_second_factor(&self, owner: &str) -> Result<bool, StoreError>;
}

#[async_trait]
impl SecondFactorStore for Observed<dyn SecondFactorStore> {
    async fn find_second_factor(&self, owner: &str) -> Result<Option<SecondFactor>, StoreError> {
        self.observe("find_second_factor", self.port.find_second_factor(owner))
            .await
    }

    async fn add_second_factor(&self, factor: &SecondFactor) -> Result<bool, StoreError> {
        self.observe("add_second_factor", self.port.add_second_factor(factor))
            .await
    }

    async fn replace_second_factor(
        &self,
        known: &SecondFactor,
        replacement: &SecondFactor,
    ) -> Result<bool, StoreError> {
        self.observe(
            "replace_second_factor",
            self.port.replace_second_factor(known, replacement),
        )
        .await
    }

    async fn remove_second_factor(&self, owner: &str) -> Result<bool, StoreError> {
        self.observe(
            "remove_second_factor",
            self.port.remove_second_factor(owner),
        )
        .await
    }
}
