//! Accounts that people make for themselves, with links that are good once.

use async_trait::async_trait;

use crate::records::{LinkId, OwnerRegistration, SignUp};
use crate::stores::{Observed, StoreError};

/// What came of making an account with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignUpOutcome {
    /// The account is there, and the link is used up.
    Added,
    /// Somebody has that name, and the link is good still.
    Taken,
    /// The link was used, or is over.
    Over,
}

/// Keeps links of sign-ups, each until it is used or over, apart from links that are for accounts: none is ever taken for the
/// other.
#[async_trait]
pub trait SignUpStore: Send + Sync {
    /// Keeps a link until it is over.
    async fn store_sign_up(&self, id: &LinkId, sign_up: &SignUp) -> Result<(), StoreError>;

    /// A link that is good still. One read.
    async fn find_sign_up(&self, id: &LinkId) -> Result<Option<SignUp>, StoreError>;

    /// Makes an account and uses the link up, in one step, or neither.
    async fn complete_sign_up(
        &self,
        id: &LinkId,
        owner: &OwnerRegistration,
    ) -> Result<SignUpOutcome, StoreError>;
}

#[async_trait]
impl SignUpStore for Observed<dyn SignUpStore> {
    async fn store_sign_up(&self, id: &LinkId, sign_up: &SignUp) -> Result<(), StoreError> {
        self.observe("store_sign_up", self.port.store_sign_up(id, sign_up))
            .await
    }

    async fn find_sign_up(&self, id: &LinkId) -> Result<Option<SignUp>, StoreError> {
        self.observe("find_sign_up", self.port.find_sign_up(id))
            .await
    }

    async fn complete_sign_up(
        &self,
        id: &LinkId,
        owner: &OwnerRegistration,
    ) -> Result<SignUpOutcome, StoreError> {
        self.observe("complete_sign_up", self.port.complete_sign_up(id, owner))
            .await
    }
}
