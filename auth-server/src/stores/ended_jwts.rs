//! JWTs of another server that have ended here: nobody keeps those, so it is kept that they are over.

use async_trait::async_trait;
use symbolon::clock::Timestamp;

use crate::stores::{Observed, StoreError};

/// Which JWT: a digest of its `jti`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedJwtId(pub [u8; 32]);

/// Remembers which JWTs of another server have ended here.
#[async_trait]
pub trait EndedJwtStore: Send + Sync {
    /// Notes that a JWT has ended, until it ends by itself; `None` means that it does not, and it is remembered for
    /// [`LONGEST_LIFE_SECS`](crate::stores::LONGEST_LIFE_SECS), longer than which nothing is. Of many callers at once
    /// exactly one gets `true`.
    async fn end_jwt(&self, id: &EndedJwtId, until: Option<Timestamp>) -> Result<bool, StoreError>;

    /// Whether a JWT has ended. A mark that is damaged was a mark.
    async fn is_jwt_ended(&self, id: &EndedJwtId) -> Result<bool, StoreError>;
}

#[async_trait]
impl EndedJwtStore for Observed<dyn EndedJwtStore> {
    async fn end_jwt(&self, id: &EndedJwtId, until: Option<Timestamp>) -> Result<bool, StoreError> {
        self.observe("end_jwt", self.port.end_jwt(id, until)).await
    }

    async fn is_jwt_ended(&self, id: &EndedJwtId) -> Result<bool, StoreError> {
        self.observe("is_jwt_ended", self.port.is_jwt_ended(id))
            .await
    }
}
