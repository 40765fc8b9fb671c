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

/// Finds out whether a token is good and what it stands for.
///
/// Implement it for a way of checking that this crate does not know, or for tests that have no
/// authorization server:
///
/// ```
/// use std::sync::Arc;
///
/// use actix_web::{App, test, web};
/// use symbolon_resource_server::verifier::TokenVerifier;
/// use symbolon_resource_server::{
///     Authentication, ClientId, InvalidToken, ResourceServer, Scope, Secret, TokenFacts, VerificationError,
///     async_trait,
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
///             client_id: ClientId::new("print-photo"),
///             owner: Some("xiaoming".to_owned()),
///             scope: Scope::parse("photo.read").map_err(|_| InvalidToken::Unreadable)?,
///             authorities: vec!["ROLE_USER".to_owned()],
///             audience: Vec::new(),
///             expires_at: None,
///             token_id: None,
///         }))
///     }
/// }
///
/// async fn me(caller: Authentication) -> String {
///     caller.owner.clone().unwrap_or_default()
/// }
///
/// # #[actix_web::main]
/// # async fn main() {
/// let protection = ResourceServer::new(Arc::new(OneToken));
/// let application = App::new().wrap(protection).route("/me", web::get().to(me));
/// let service = test::init_service(application).await;
/// let call = |token| {
///     let request = test::TestRequest::get().uri("/me").insert_header(("authorization", token));
///     test::call_service(&service, request.to_request())
/// };
/// let answer = call("Bearer xiaomings-token").await;
/// assert_eq!(test::read_body(answer).await, "xiaoming");
/// assert_eq!(call("Bearer another").await.status(), 401);
/// # }
/// ```
#[async_trait]
pub trait TokenVerifier: Send + Sync + std::fmt::Debug {
    /// Checks `token`. Whatever cannot be decided now is [`VerificationError::Unavailable`], never a guess.
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError>;

    /// Grows whenever what was said about tokens before is void, because keys were replaced.
    fn generation(&self) -> u64 {
        0
    }
}
