//! Passkeys of owners, and the challenges that were answered with them.

use async_trait::async_trait;
use symbolon::clock::Timestamp;

use crate::records::{OwnerPasskeys, UserHandle};
use crate::stores::{Observed, StoreError};

/// Which challenge: a digest of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChallengeId(pub [u8; 32]);

/// Keeps passkeys, by the name of the account, wherever that is kept. They have no end: each is kept until it is removed.
#[async_trait]
pub trait PasskeyStore: Send + Sync {
    /// The passkeys of an owner. One read.
    async fn find_passkeys(&self, owner: &str) -> Result<Option<OwnerPasskeys>, StoreError>;

    /// The passkeys of the owner whom authenticators know by this handle.
    async fn find_passkeys_by_handle(
        &self,
        handle: &UserHandle,
    ) -> Result<Option<OwnerPasskeys>, StoreError>;

    /// Keeps `new` in the place of exactly `known`, which is of the same owner (`None`: there is nothing), and from then on
    /// it is found by its handle; answers whether that was so. Of many callers at once exactly one gets its way.
    async fn replace_passkeys(
        &self,
        known: Option<&OwnerPasskeys>,
        new: &OwnerPasskeys,
    ) -> Result<bool, StoreError>;

    /// Removes those of an owner, also what cannot be read; answers whether there was something.
    async fn remove_passkeys(&self, owner: &str) -> Result<bool, StoreError>;

    /// Notes that a challenge was answered, until it is over by itself. Of many callers at once exactly one gets `true`: a
    /// challenge is good once. A mark that is damaged was a mark.
    async fn spend_challenge(
        &self,
        id: &ChallengeId,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError>;
}

#[async_trait]
impl PasskeyStore for Observed<dyn PasskeyStore> {
    async fn find_passkeys(&self, owner: &str) -> Result<Option<OwnerPasskeys>, StoreError> {
        self.observe("find_passkeys", self.port.find_passkeys(owner))
            .await
    }

    async fn find_passkeys_by_handle(
        &self,
        handle: &UserHandle,
    ) -> Result<Option<OwnerPasskeys>, StoreError> {
        self.observe(
            "find_passkeys_by_handle",
            self.port.find_passkeys_by_handle(handle),
        )
        .await
    }

    async fn replace_passkeys(
        &self,
        known: Option<&OwnerPasskeys>,
        new: &OwnerPasskeys,
    ) -> Result<bool, StoreError> {
        self.observe("replace_passkeys", self.port.replace_passkeys(known, new))
            .await
    }

    async fn remove_passkeys(&self, owner: &str) -> Result<bool, StoreError> {
        self.observe("remove_passkeys", self.port.remove_passkeys(owner))
            .await
    }

    async fn spend_challenge(
        &self,
        id: &ChallengeId,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.observe("spend_challenge", self.port.spend_challenge(id, expires_at))
            .await
    }
}
