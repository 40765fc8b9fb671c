//! The middleware that authenticates requests and answers for what goes wrong behind it.

mod policy;
mod protected;
mod resource_id;

use std::fmt;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::{Error, HttpRequest, HttpResponse};

use crate::error::{AccessError, Dialect};
use crate::events::AuthenticationEvents;
use crate::presented_token::{TokenExtraction, TokenParameters};
use crate::verifier::TokenVerifier;
use policy::Policy;

pub use policy::{Answer, LONGEST_TOKEN_BYTES};
pub use protected::Protected;
pub use resource_id::ResourceId;

/// Makes an actix-web application, or a scope of it, a resource server: finds the token
/// ([RFC 6750 §2](https://www.rfc-editor.org/rfc/rfc6750#section-2)), has it verified, checks that it is
/// meant for here, and puts an [`Authentication`](crate::Authentication) where handlers find it.
///
/// Wrap `actix_cors::Cors` around it (call `.wrap(cors)` after `.wrap(resource_server)`): a browser asks
/// for permission without a token.
#[derive(Clone)]
pub struct ResourceServer {
    policy: Arc<Policy>,
}

impl ResourceServer {
    /// A resource server that believes `verifier`. Without a [resource id](Self::resource_id) it takes
    /// tokens for any resource.
    pub fn new(verifier: Arc<dyn TokenVerifier>) -> Self {
        Self {
            policy: Arc::new(Policy::new(verifier)),
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Policy)) -> Self {
        change(Arc::make_mut(&mut self.policy));
        self
    }

    /// The id of this resource server. A token for other resources only is refused; one that names no
    /// resource is good everywhere, as in the Spring dialect, unless the [`ResourceId`] is strict. Also the realm,
    /// unless that is set.
    #[must_use]
    pub fn resource_id(self, resource_id: impl Into<ResourceId>) -> Self {
        self.with(|policy| policy.resource_id = Some(resource_id.into()))
    }

    /// The realm of challenges.
    #[must_use]
    pub fn realm(self, realm: impl Into<String>) -> Self {
        self.with(|policy| policy.realm = Some(realm.into()))
    }

    /// The longest token that is looked at, in bytes; what is longer is an invalid token, and nobody is asked
    /// about it. Default [`LONGEST_TOKEN_BYTES`].
    #[must_use]
    pub fn longest_token_bytes(self, bytes: usize) -> Self {
        self.with(|policy| policy.longest_token_bytes = bytes)
    }

    /// Lets requests without a token through, unauthenticated. A bad token is refused all the same.
    #[must_use]
    pub fn allow_anonymous(self, allow: bool) -> Self {
        self.with(|policy| policy.allow_anonymous = allow)
    }

    /// Where a token may be besides the `Authorization` header.
    #[must_use]
    pub fn token_parameters(self, parameters: TokenParameters) -> Self {
        self.with(|policy| policy.parameters = parameters)
    }

    /// How tokens are found: by RFC 6750, or as Spring's resource servers find them.
    #[must_use]
    pub fn token_extraction(self, extraction: TokenExtraction) -> Self {
        self.with(|policy| policy.extraction = extraction)
    }

    /// Whose habits refusals follow.
    #[must_use]
    pub fn dialect(self, dialect: Dialect) -> Self {
        self.with(|policy| policy.dialect = dialect)
    }

    /// Who hears about checks; the default is [`LogEvents`](crate::LogEvents).
    #[must_use]
    pub fn events(self, events: Arc<dyn AuthenticationEvents>) -> Self {
        self.with(|policy| policy.events = events)
    }

    /// Answers requests that are not authenticated (400 and 401 by default). It is not asked when the
    /// authorization server cannot be reached, so it cannot turn an outage into a refusal. An answer of the usual
    /// status, or 401, gets the usual `WWW-Authenticate` unless it has one: clients read there what to do.
    #[must_use]
    pub fn entry_point(
        self,
        answer: impl Fn(&HttpRequest, &AccessError) -> HttpResponse + Send + Sync + 'static,
    ) -> Self {
        self.with(|policy| policy.entry_point = Some(Arc::new(answer)))
    }

    /// Answers requests that are authenticated and not allowed (403 by default). The challenge is added as it is
    /// to what the [entry point](Self::entry_point) answers.
    #[must_use]
    pub fn denied_handler(
        self,
        answer: impl Fn(&HttpRequest, &AccessError) -> HttpResponse + Send + Sync + 'static,
    ) -> Self {
        self.with(|policy| policy.denied_handler = Some(Arc::new(answer)))
    }
}

impl fmt::Debug for ResourceServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let policy = &self.policy;
        formatter
            .debug_struct("ResourceServer")
            .field("verifier", &policy.verifier)
            .field("resource_id", &policy.resource_id)
            .field("realm", &policy.realm)
            .field("longest_token_bytes", &policy.longest_token_bytes)
            .field("allow_anonymous", &policy.allow_anonymous)
            .field("parameters", &policy.parameters)
            .field("extraction", &policy.extraction)
            .field("dialect", &policy.dialect)
            .finish_non_exhaustive()
    }
}

impl<S, B> Transform<S, ServiceRequest> for ResourceServer
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type InitError = ();
    type Transform = Protected<S>;
    type Future = Ready<Result<Protected<S>, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(Protected::new(service, Arc::clone(&self.policy))))
    }
}
