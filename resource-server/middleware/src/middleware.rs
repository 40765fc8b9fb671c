//! The middleware that authenticates requests and answers for what goes wrong behind it.

use std::fmt;
use std::future::{Ready, ready};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse};
use futures_util::future::LocalBoxFuture;

use crate::authentication::Authentication;
use crate::error::{AccessError, Dialect};
use crate::events::{AuthenticationEvents, LogEvents};
use crate::extractor::{TokenParameters, present};
use crate::verifier::TokenVerifier;

/// Answers a request that is not served. [`AccessError::response`] gives the usual answer to start from.
pub type Answer = dyn Fn(&HttpRequest, &AccessError) -> HttpResponse + Send + Sync;

/// Makes an actix-web application, or a scope of it, a resource server: finds the token
/// ([RFC 6750 §2](https://www.rfc-editor.org/rfc/rfc6750#section-2)), has it verified, checks that it is
/// meant for here, and puts an [`Authentication`] where handlers find it.
///
/// Wrap `actix_cors::Cors` around it (call `.wrap(cors)` after `.wrap(resource_server)`): a browser asks
/// for permission without a token.
#[derive(Clone)]
pub struct ResourceServer {
    configuration: Arc<Configuration>,
}

#[derive(Clone)]
struct Configuration {
    verifier: Arc<dyn TokenVerifier>,
    resource_id: Option<String>,
    realm: Option<String>,
    require_audience: bool,
    allow_anonymous: bool,
    parameters: TokenParameters,
    dialect: Dialect,
    events: Arc<dyn AuthenticationEvents>,
    entry_point: Option<Arc<Answer>>,
    denied_handler: Option<Arc<Answer>>,
}

impl ResourceServer {
    /// A resource server that believes `verifier`. Until told more it has no id, so it takes tokens for
    /// any resource.
    pub fn new(verifier: Arc<dyn TokenVerifier>) -> Self {
        Self {
            configuration: Arc::new(Configuration {
                verifier,
                resource_id: None,
                realm: None,
                require_audience: false,
                allow_anonymous: false,
                parameters: TokenParameters::default(),
                dialect: Dialect::default(),
                events: Arc::new(LogEvents),
                entry_point: None,
                denied_handler: None,
            }),
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Configuration)) -> Self {
        change(Arc::make_mut(&mut self.configuration));
        self
    }

    /// The id of this resource server. A token for other resources only is refused; one that names no
    /// resource is good everywhere, as in the Spring dialect. Also the realm, unless that is set.
    #[must_use]
    pub fn resource_id(self, resource_id: impl Into<String>) -> Self {
        self.with(|configuration| configuration.resource_id = Some(resource_id.into()))
    }

    /// The realm of challenges.
    #[must_use]
    pub fn realm(self, realm: impl Into<String>) -> Self {
        self.with(|configuration| configuration.realm = Some(realm.into()))
    }

    /// Refuses tokens that name no resource at all (RFC 9068 §4, RFC 8707). Needs a resource id.
    #[must_use]
    pub fn require_audience(self, require: bool) -> Self {
        self.with(|configuration| configuration.require_audience = require)
    }

    /// Lets requests without a token through, unauthenticated. A bad token is refused all the same.
    #[must_use]
    pub fn allow_anonymous(self, allow: bool) -> Self {
        self.with(|configuration| configuration.allow_anonymous = allow)
    }

    /// Where a token may be besides the `Authorization` header.
    #[must_use]
    pub fn token_parameters(self, parameters: TokenParameters) -> Self {
        self.with(|configuration| configuration.parameters = parameters)
    }

    /// Whose habits refusals follow.
    #[must_use]
    pub fn dialect(self, dialect: Dialect) -> Self {
        self.with(|configuration| configuration.dialect = dialect)
    }

    /// Who hears about checks; the default is [`LogEvents`].
    #[must_use]
    pub fn events(self, events: Arc<dyn AuthenticationEvents>) -> Self {
        self.with(|configuration| configuration.events = events)
    }

    /// Answers requests that are not authenticated (400 and 401 by default). It is not asked when the
    /// authorization server cannot be reached, so it cannot turn an outage into a refusal.
    #[must_use]
    pub fn entry_point(
        self,
        answer: impl Fn(&HttpRequest, &AccessError) -> HttpResponse + Send + Sync + 'static,
    ) -> Self {
        self.with(|configuration| configuration.entry_point = Some(Arc::new(answer)))
    }

    /// Answers requests that are authenticated and not allowed (403 by default).
    #[must_use]
    pub fn denied_handler(
        self,
        answer: impl Fn(&HttpRequest, &AccessError) -> HttpResponse + Send + Sync + 'static,
    ) -> Self {
        self.with(|configuration| configuration.denied_handler = Some(Arc::new(answer)))
    }
}

impl fmt::Debug for ResourceServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let configuration = &self.configuration;
        formatter
            .debug_struct("ResourceServer")
            .field("verifier", &configuration.verifier)
            .field("resource_id", &configuration.resource_id)
            .field("realm", &configuration.realm)
            .field("require_audience", &configuration.require_audience)
            .field("allow_anonymous", &configuration.allow_anonymous)
            .field("parameters", &configuration.parameters)
            .field("dialect", &configuration.dialect)
            .finish_non_exhaustive()
    }
}

impl Configuration {
    /// Authenticates the request; true when the token came in the address.
    async fn authenticate(&self, request: &mut ServiceRequest) -> Result<bool, AccessError> {
        let Some(presented) = present(request, self.parameters).await? else {
            return if self.allow_anonymous {
                Ok(false)
            } else {
                Err(AccessError::MissingToken)
            };
        };
        let authentication = self.verifier.verify(&presented.token).await?;
        self.check_audience(&authentication)?;
        self.events.succeeded(request.request(), &authentication);
        request.extensions_mut().insert(authentication);
        Ok(presented.in_query)
    }

    fn check_audience(&self, authentication: &Authentication) -> Result<(), AccessError> {
        let Some(resource_id) = &self.resource_id else {
            return Ok(());
        };
        let anywhere = authentication.audience.is_empty() && !self.require_audience;
        if anywhere || authentication.audience.contains(resource_id) {
            Ok(())
        } else {
            Err(AccessError::WrongResource {
                resource_id: resource_id.clone(),
            })
        }
    }

    fn answer(&self, request: &HttpRequest, error: &AccessError) -> HttpResponse {
        let denied = error.status(self.dialect) == StatusCode::FORBIDDEN;
        let replaced = if matches!(error, AccessError::Unavailable(_)) {
            None
        } else if denied {
            self.denied_handler.as_ref()
        } else {
            self.entry_point.as_ref()
        };
        match replaced {
            Some(answer) => answer(request, error),
            None => error.response(
                self.realm.as_deref().or(self.resource_id.as_deref()),
                self.dialect,
            ),
        }
    }

    /// Tells the listeners about a refusal by a guard or a handler.
    fn tell(&self, request: &HttpRequest, error: &AccessError) {
        match Authentication::of(request) {
            Some(authentication) => self.events.denied(request, &authentication, error),
            None => self.events.failed(request, error),
        }
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
        ready(Ok(Protected {
            service: Rc::new(service),
            configuration: Arc::clone(&self.configuration),
        }))
    }
}

/// A service behind a [`ResourceServer`].
pub struct Protected<S> {
    service: Rc<S>,
    configuration: Arc<Configuration>,
}

impl<S, B> Service<ServiceRequest> for Protected<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Error>>;

    forward_ready!(service);

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let service = Rc::clone(&self.service);
        let configuration = Arc::clone(&self.configuration);
        Box::pin(async move {
            let in_query = match configuration.authenticate(&mut request).await {
                Ok(in_query) => in_query,
                Err(error) => {
                    configuration.events.failed(request.request(), &error);
                    let answer = configuration.answer(request.request(), &error);
                    return Ok(request.into_response(answer).map_into_right_body());
                }
            };
            let mut response = service.call(request).await?;
            let refusal = response.response().error();
            if let Some(error) = refusal.and_then(|error| error.as_error::<AccessError>()) {
                let error = error.clone();
                configuration.tell(response.request(), &error);
                let answer = configuration.answer(response.request(), &error);
                return Ok(response.into_response(answer).map_into_right_body());
            }
            if in_query {
                keep_out_of_shared_caches(&mut response);
            }
            Ok(response.map_into_left_body())
        })
    }
}

/// RFC 6750 §2.3: a success that the address alone unlocks "SHOULD contain a Cache-Control header with
/// the 'private' option".
fn keep_out_of_shared_caches<B>(response: &mut ServiceResponse<B>) {
    let headers = response.headers_mut();
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private"));
    }
}
