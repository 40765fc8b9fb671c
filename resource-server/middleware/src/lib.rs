//! Makes any actix-web program an OAuth 2 resource server
//! ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)).
//!
//! * [`ResourceServer`] is the middleware: it finds the token, has it verified, checks the resource id and
//!   puts an [`Authentication`] into the request.
//! * [`Authentication`] is the extractor, and the checks for handlers; [`Require`] is the same checks as
//!   middleware for resources and scopes.
//! * [`verifier`] has the ways to check a token: `check_token` or introspection at the authorization
//!   server, or JWT with keys from `token_key` or a JWK set; a cache, a chain, and one for tests.
//! * [`AuthenticationEvents`] is for programs that want to know who was let in and who was not.
//!
//! # Quick start
//!
//! The authorization server is asked about every token:
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use actix_web::{App, HttpServer, web};
//! use symbolon_resource_server::verifier::{RemoteVerifier, Timeouts, Transport};
//! use symbolon_resource_server::{Authentication, Require, ResourceServer, SystemClock, Url};
//!
//! async fn photos(caller: Authentication) -> String {
//!     format!("photos of {}", caller.owner.as_deref().unwrap_or("nobody"))
//! }
//!
//! #[actix_web::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let transport = Transport::new(Timeouts::default())?
//!         .with_credentials("photo-space", "photo-space-secret");
//!     let url = Url::parse("http://localhost:9000/oauth/check_token")?;
//!     let verifier = RemoteVerifier::check_token(transport, url, Arc::new(SystemClock))?;
//!     let protection = ResourceServer::new(Arc::new(verifier)).resource_id("photo-space");
//!     let server = HttpServer::new(move || {
//!         App::new()
//!             .wrap(protection.clone())
//!             .service(
//!                 web::resource("/photos")
//!                     .wrap(Require::scope("photo.read"))
//!                     .get(photos),
//!             )
//!     });
//!     Ok(server.bind(("127.0.0.1", 9001))?.run().await?)
//! }
//! ```
//!
//! # JWT
//!
//! Where access tokens are JWTs ([RFC 9068](https://www.rfc-editor.org/rfc/rfc9068)), they can be checked here,
//! with the keys that the authorization server publishes. Its metadata
//! ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414)) says where they are. Only the verifier changes:
//!
//! ```
//! use std::sync::Arc;
//!
//! use symbolon_resource_server::ResourceServer;
//! use symbolon_resource_server::verifier::JwtVerifier;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let verifier = JwtVerifier::by_issuer("http://localhost:9000")?;
//! let protection = ResourceServer::new(Arc::new(verifier)).resource_id("photo-space");
//! # let _: ResourceServer = protection;
//! # Ok(())
//! # }
//! ```
//!
//! Authorization servers of other makers are understood too: see
//! [`ClaimNames`](verifier::ClaimNames) for what they call their claims, and [`TokenFacts::claims`] for all that they
//! say. A server behind a CA of the house is reached by [`Transport::with_client`](verifier::Transport::with_client),
//! and [`VerifierChain`](verifier::VerifierChain) believes an old server and a new one at the same time.
//!
//! # Rules
//!
//! [`Require`] has the usual checks. With the feature `access-expressions` rules may be taken over from a Spring server as
//! they stand there (`Require::expression`), or be put together in the same words (`Require::access`, and
//! `Authentication::require_access` in handlers).
//!
//! # Refusals
//!
//! A request that is not served is answered as RFC 6750 §3 says (see [`AccessError`]); while the
//! authorization server cannot be reached the answer is 503 with `Retry-After`, never 401 and never 200.
//!
//! Nothing is sent in the clear: an address with `http:` on another machine is refused, unless
//! [`allow_plain_http`](verifier::Transport::allow_plain_http) says that the network itself encrypts.

mod authentication;
mod error;
mod events;
mod extractor;
mod guard;
mod middleware;
mod presented_token;
mod verdict;
pub mod verifier;

pub use authentication::{Authentication, TokenFacts};
pub use error::{AccessError, Dialect, RETRY_AFTER_SECS};
pub use events::{AuthenticationEvents, LogEvents};
pub use guard::{Guarded, Require};
pub use middleware::{Answer, LONGEST_TOKEN_BYTES, Protected, ResourceId, ResourceServer};
pub use presented_token::{TokenExtraction, TokenParameters};
pub use verdict::{InvalidToken, VerificationError};

// What the signatures above show, in the version that they mean.
pub use actix_web;
pub use async_trait::async_trait;
pub use reqwest;
pub use serde_json;
#[cfg(feature = "access-expressions")]
pub use symbolon::access_expression::{self, AccessExpression, ExpressionError};
pub use symbolon::bearer::BearerChallenge;
pub use symbolon::clock::{Clock, SettableClock, SystemClock, Timestamp};
pub use symbolon::error::{ErrorCode, ErrorResponse};
pub use symbolon::identifiers::ClientId;
pub use symbolon::scope::{InvalidScope, Scope};
pub use symbolon::secret::Secret;
pub use url::Url;
