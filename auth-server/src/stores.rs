//! What the logic asks of a store, and what a store promises.
//!
//! - **One operation per protocol event, decided in one atomic step, answered by an outcome.** Nothing
//!   here is "find, check, save"; many instances of the server may work on one store.
//! - **A write that was answered is kept**, also when the process is killed right after.
//! - **Nothing grows for ever**: every record ends, at the latest after [`LONGEST_LIFE_SECS`].
//! - **Expiry follows the clock that the store was given**: an expired record is as good as absent.
//! - **Nothing in a store can be presented**: ids of handles, digests of session cookies, sealed keys.
//!
//! `contract` checks all of it on every store.

use async_trait::async_trait;

mod access_tokens;
mod approvals;
mod authorization_codes;
#[cfg(test)]
mod contract;
pub mod embedded;
mod grants;
mod key_records;
pub mod observed;
pub mod redis;
mod refresh_tokens;
mod sessions;

pub use access_tokens::{AccessTokenStore, Issuance, Reuse, ReuseKey};
pub use approvals::ApprovalStore;
pub use authorization_codes::{AuthorizationCodeStore, Redemption};
pub use grants::GrantStore;
pub use key_records::{Addition, KeyStore};
pub use refresh_tokens::{RefreshTokenStore, Renewal, Rotation, Successor};
pub use sessions::{PENDING_AUTHORIZATIONS_PER_SESSION, SessionStore};

/// The longest that any record is kept, in seconds: ten years. A refresh token that "never" expires
/// and a signing key are kept this long after their last write.
pub const LONGEST_LIFE_SECS: u64 = 10 * 365 * 24 * 60 * 60;

/// How long what ended is remembered, in seconds: a day. For so long after its expiry a used code is
/// recognized, and for so long nothing can be issued into a grant that was revoked; no request is under
/// way for longer.
pub const MEMORY_OF_THE_ENDED_SECS: u64 = 24 * 60 * 60;

/// A store failed; what was asked may or may not have happened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or did not answer in time. Trying again later may help.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// It answered with something that cannot be understood.
    #[error("the store holds a damaged record: {0}")]
    Damaged(String),
}

/// All that the server keeps.
#[async_trait]
pub trait Store:
    AuthorizationCodeStore
    + AccessTokenStore
    + RefreshTokenStore
    + GrantStore
    + ApprovalStore
    + SessionStore
    + KeyStore
{
    /// Asks the store for a sign of life.
    async fn check_health(&self) -> Result<(), StoreError>;
}
