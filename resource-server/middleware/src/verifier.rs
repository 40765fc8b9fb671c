//! Ways to learn whether a token is good: by asking the authorization server ([`RemoteVerifier`]) or
//! by checking a signature ([`JwtVerifier`]); [`CachedVerifier`] remembers what either said.

mod cache;
mod jwt;
mod keys;
mod remote;
mod signature;
mod transport;

use async_trait::async_trait;
use symbolon::secret::Secret;

use crate::authentication::Authentication;

pub use crate::verdict::{InvalidToken, VerificationError};
pub use cache::{CacheLimits, CacheStatistics, CachedVerifier};
pub use jwt::JwtVerifier;
pub use keys::{KeyPublication, KeySource};
pub use remote::RemoteVerifier;
pub use transport::{Timeouts, Transport, TransportError};

/// Tells whether a token is good and what it stands for.
///
/// Implement it for tests, or for a way of checking that this crate does not know.
#[async_trait]
pub trait TokenVerifier: Send + Sync + std::fmt::Debug {
    /// Checks `token`.
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError>;

    /// Grows whenever what was said about tokens before is void, because keys were replaced.
    fn generation(&self) -> u64 {
        0
    }
}
