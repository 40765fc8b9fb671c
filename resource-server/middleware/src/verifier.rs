//! Ways to learn whether a token is good: by asking the authorization server ([`RemoteVerifier`]), by
//! checking a signature ([`JwtVerifier`]), or by asking who its owner is ([`UserInfoVerifier`]);
//! [`CachedVerifier`] remembers what any of them said, and [`VerifierChain`] believes several. [`KnownTokens`]
//! is for tests.

mod algorithm;
mod cache;
mod chain;
mod discovery;
mod jwt;
mod keys;
mod known_tokens;
mod questions;
mod remote;
mod signature;
mod transport;
mod user_info;

use async_trait::async_trait;
use symbolon::secret::Secret;

use crate::authentication::Authentication;

pub use crate::verdict::{InvalidToken, VerificationError};
pub use algorithm::VerificationAlgorithm;
pub use cache::{CacheLimits, CacheStatistics, CachedVerifier};
pub use chain::VerifierChain;
pub use jwt::{JwtVerifier, LONGEST_LEEWAY_SECS};
pub use keys::{KeyPublication, KeySource};
pub use known_tokens::KnownTokens;
pub use questions::{AskedQuestion, QuestionAnswer, QuestionObserver};
pub use remote::RemoteVerifier;
pub use symbolon::access_token::ClaimNames;
pub use symbolon::calls::AddressError;
pub use transport::{Timeouts, Transport, TransportError};
pub use user_info::UserInfoVerifier;

/// Finds out whether a token is good and what it stands for.
///
/// Implement it for a way of checking that this crate does not know:
///
/// ```
/// use symbolon_resource_server::verifier::TokenVerifier;
/// use symbolon_resource_server::{
///     Authentication, InvalidToken, Scope, Secret, TokenFacts, VerificationError, async_trait,
/// };
///
/// /// Knows one token, `xiaomings-token`.
/// #[derive(Debug)]
/// struct OneToken;
///
/// #[async_trait]
/// impl TokenVerifier for OneToken {
///     async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError> {
///         if token.expose() != "xiaomings-token" {
///             return Err(InvalidToken::Refused.into());
///         }
///         Ok(Authentication::from(TokenFacts {
///             owner: Some("xiaoming".to_owned()),
///             scope: Scope::parse("photo.read").map_err(|_| InvalidToken::Refused)?,
///             ..TokenFacts::default()
///         }))
///     }
/// }
/// ```
#[async_trait]
pub trait TokenVerifier: Send + Sync + std::fmt::Debug {
    /// Checks `token`. Whatever cannot be decided now is [`VerificationError::Unavailable`], never a guess.
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError>;

    /// What is remembered about `token`, while it counts; nobody is asked.
    fn recall(&self, token: &Secret) -> Option<Authentication> {
        let _ = token;
        None
    }

    /// Grows whenever what was said about tokens before is void, because keys were replaced.
    fn generation(&self) -> u64 {
        0
    }
}
