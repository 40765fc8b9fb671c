//! Rules for a resource or a scope of an application. The same checks, one by one, for handlers are
//! methods of [`Authentication`].

use std::future::{Ready, ready};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::Error;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use futures_util::future::{Either, LocalBoxFuture};
#[cfg(feature = "access-expressions")]
use symbolon::access_expression::{AccessExpression, Caller, ExpressionError};

use crate::authentication::Authentication;
use crate::error::AccessError;

type Rule = dyn Fn(Option<&Authentication>) -> Result<(), AccessError> + Send + Sync;

/// Lets a request through when the caller satisfies a rule: wrap a resource or a scope in it, inside of
/// a [`ResourceServer`](crate::ResourceServer).
///
/// ```
/// use actix_web::web;
/// use symbolon_resource_server::Require;
///
/// let photos = web::resource("/photos").wrap(Require::scope("photo.read"));
/// # let _: actix_web::Resource<_> = photos;
/// ```
#[derive(Clone)]
pub struct Require {
    rule: Arc<Rule>,
}

impl Require {
    /// A rule of your own.
    pub fn that(
        rule: impl Fn(&Authentication) -> Result<(), AccessError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            rule: Arc::new(move |caller| rule(caller.ok_or(AccessError::MissingToken)?)),
        }
    }

    /// A rule as it stands in the configuration of a Spring server: `permitAll()`, `hasRole('USER')`,
    /// `#oauth2.hasScope('photo.read') and #oauth2.isUser()`. What a client may do for itself is known of tokens
    /// without an owner only.
    ///
    /// ```
    /// use actix_web::web;
    /// use symbolon_resource_server::Require;
    ///
    /// let rule = Require::expression("#oauth2.hasScope('photo.read') and hasRole('USER')")?;
    /// let photos = web::resource("/photos").wrap(rule);
    /// # let _: actix_web::Resource<_> = photos;
    /// # Ok::<(), symbolon_resource_server::ExpressionError>(())
    /// ```
    #[cfg(feature = "access-expressions")]
    pub fn expression(expression: &str) -> Result<Self, ExpressionError> {
        Ok(Self::access(AccessExpression::parse(expression)?))
    }

    /// The same rule put together in Rust, from the functions of
    /// [`access_expression`](crate::access_expression).
    ///
    /// ```
    /// use actix_web::web;
    /// use symbolon_resource_server::Require;
    /// use symbolon_resource_server::access_expression::{has_role, has_scope, is_client};
    ///
    /// let rule = has_scope("photo.read").and(has_role("USER").or(is_client()));
    /// let photos = web::resource("/photos").wrap(Require::access(rule));
    /// # let _: actix_web::Resource<_> = photos;
    /// ```
    #[cfg(feature = "access-expressions")]
    pub fn access(rule: AccessExpression) -> Self {
        Self {
            rule: Arc::new(move |caller| match caller {
                Some(caller) => caller.require_access(&rule),
                None if rule.decide(&Caller::anonymous()).is_allowed => Ok(()),
                None => Err(AccessError::MissingToken),
            }),
        }
    }

    /// The token carries this scope.
    pub fn scope(name: impl Into<String>) -> Self {
        Self::all_scopes([name])
    }

    /// The token carries every one of these scopes.
    pub fn all_scopes(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names = owned(names);
        Self::that(move |caller| caller.require_all_scopes(names.iter().map(String::as_str)))
    }

    /// The token carries at least one of these scopes.
    pub fn any_scope(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names = owned(names);
        Self::that(move |caller| caller.require_any_scope(names.iter().map(String::as_str)))
    }

    /// The owner (or the client that acts for itself) has this authority.
    pub fn authority(authority: impl Into<String>) -> Self {
        Self::any_authority([authority])
    }

    /// The owner (or the client that acts for itself) has at least one of these authorities.
    pub fn any_authority(authorities: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names = owned(authorities);
        Self::that(move |caller| caller.require_any_authority(names.iter().map(String::as_str)))
    }

    /// The token was issued to this client.
    pub fn client(client_id: impl Into<String>) -> Self {
        Self::any_client([client_id])
    }

    /// The token was issued to one of these clients.
    pub fn any_client(client_ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names = owned(client_ids);
        Self::that(move |caller| caller.require_any_client(names.iter().map(String::as_str)))
    }

    /// A person stands behind the token.
    pub fn owner() -> Self {
        Self::that(|caller| caller.require_owner().map(|_| ()))
    }

    /// The client acts for itself.
    pub fn client_itself() -> Self {
        Self::that(Authentication::require_client_itself)
    }

    fn check(&self, request: &ServiceRequest) -> Result<(), AccessError> {
        (self.rule)(Authentication::of(request.request()).as_ref())
    }
}

fn owned(names: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    names.into_iter().map(Into::into).collect()
}

impl<S, B> Transform<S, ServiceRequest> for Require
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type InitError = ();
    type Transform = Guarded<S>;
    type Future = Ready<Result<Guarded<S>, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(Guarded {
            service: Rc::new(service),
            rule: self.clone(),
        }))
    }
}

/// A service behind a [`Require`].
pub struct Guarded<S> {
    service: Rc<S>,
    rule: Require,
}

type Refused<B> = Ready<Result<ServiceResponse<EitherBody<B>>, Error>>;
type Passed<B> = LocalBoxFuture<'static, Result<ServiceResponse<EitherBody<B>>, Error>>;

impl<S, B> Service<ServiceRequest> for Guarded<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = Either<Refused<B>, Passed<B>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        if let Err(error) = self.rule.check(&request) {
            // A response, not an `Err`: CORS headers are not put on errors.
            let response = request.error_response(error).map_into_right_body();
            return Either::Left(ready(Ok(response)));
        }
        let answer = self.service.call(request);
        Either::Right(Box::pin(
            async move { Ok(answer.await?.map_into_left_body()) },
        ))
    }
}
