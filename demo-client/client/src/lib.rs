//! An OAuth 2 client for `reqwest` that obtains, keeps, renews and attaches tokens by itself, at any
//! authorization server that speaks [RFC 6749](https://www.rfc-editor.org/rfc/rfc6749), old Spring
//! servers included.
//!
//! A service that calls an API for itself:
//!
//! ```no_run
//! use symbolon_client::{
//!     AuthorizationServer, ClientAuthentication, ClientCredentialsProvider, OAuth2Client,
//!     Registration, Secret,
//! };
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let server = AuthorizationServer::new("http://localhost:9000/oauth/token".parse()?);
//! let secret = ClientAuthentication::Basic(Secret::new("photo-backup-secret"));
//! let registration = Registration::new(server, "photo-backup", secret)?;
//! let client = OAuth2Client::new(registration, ClientCredentialsProvider::default());
//!
//! // The first call gets a token, later calls use it, and it is renewed before it expires.
//! let photos = client.get("http://localhost:9001/photos").await?;
//! # Ok(()) }
//! ```
//!
//! A web application acts for its user: make one [`Registration`], and of its clones one [`OAuth2Client`]
//! with an [`AuthorizationCodeProvider`] per user session. A call without a token ends in
//! [`ClientError::AuthorizationRequired`]: keep its [`PendingAuthorization`] in the session, send the
//! browser to its address, and hand both to [`OAuth2Client::complete`] when the browser is back. The
//! example `web_application` does so with actix-web.
//!
//! A client that leaves Spring's `OAuth2RestTemplate` finds its settings as [`ClientAuthentication::RawBasic`],
//! [`TokenPlacement`] and [`RefusalReading`], and the errors of resource servers by [`ResourceRefusal`].
//!
//! What the types make sure of: `state`, `iss` and PKCE are checked before there is a code; a code goes
//! to the server that was asked; one renewal serves all the calls that wait; a rotated refresh token is
//! kept before it is used; nothing prints a secret.

mod authorization_server;
mod client;
mod context;
mod discovery;
mod endpoint_call;
mod error;
mod exchange_kind;
mod extra_parameters;
mod observer;
mod pending;
mod providers;
mod registration;
mod renewal;
mod resource_refusal;
mod revocation;
mod sent_secrets;
mod token_endpoint;
mod token_placement;
mod token_source;
mod tokens;
mod whole_exchange;

pub use authorization_server::{AuthorizationServer, NoEndpoint};
pub use client::OAuth2Client;
pub use context::{ContextError, MemoryContext, TokenContext};
pub use discovery::DiscoveryError;
pub use endpoint_call::TokenError;
pub use error::ClientError;
pub use exchange_kind::ExchangeKind;
pub use extra_parameters::{ExtraParameters, ReservedParameter};
pub use observer::{Exchange, Observer, mask, shown, shown_parameters};
pub use pending::{AuthorizationCodeGrant, CallbackError, PendingAuthorization, PendingImplicit};
pub use providers::{
    AuthorizationCodeProvider, AuthorizationRequired, ClientCredentialsProvider,
    ImplicitAuthorizationRequired, ImplicitProvider, Obtained, PasswordProvider, Provider,
    ProviderChain,
};
pub use registration::Registration;
pub use renewal::RenewalLock;
pub use resource_refusal::{RefusalReading, ResourceRefusal};
pub use token_placement::TokenPlacement;
pub use tokens::{RENEWAL_MARGIN_SECS, Tokens, UnsupportedTokenType};
pub use whole_exchange::{WholeExchange, WholeObserver, WholeRequest, WholeResponse};

pub use async_trait::async_trait;
pub use reqwest;
pub use symbolon::authorization::AuthorizationResponseError;
pub use symbolon::calls::AddressError;
pub use symbolon::client_authentication::ClientAuthentication;
pub use symbolon::clock::{Clock, SettableClock, SystemClock, Timestamp};
pub use symbolon::error::{ErrorCode, ErrorResponse};
pub use symbolon::identifiers::ClientId;
pub use symbolon::metadata::AuthorizationServerMetadata;
pub use symbolon::parameters::ParameterError;
pub use symbolon::random::{Random, SystemRandom};
pub use symbolon::scope::{InvalidScope, Scope};
pub use symbolon::secret::Secret;
pub use symbolon::token::{
    AdditionalMembers, AuthorizationCodeRequest, ClientCredentialsRequest, GrantType,
    PasswordRequest, RefreshTokenRequest, TokenRequest, TokenResponse,
};
pub use url::Url;
