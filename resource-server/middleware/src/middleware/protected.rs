//! The service that stands before the application, or a scope of it, and lets requests in.

use std::rc::Rc;
use std::sync::Arc;

use actix_web::Error;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, forward_ready};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use futures_util::future::LocalBoxFuture;

use super::policy::Policy;
use crate::error::AccessError;
use crate::presented_token::TokenPlace;

/// A service behind a [`ResourceServer`](crate::ResourceServer).
pub struct Protected<S> {
    service: Rc<S>,
    policy: Arc<Policy>,
}

impl<S> Protected<S> {
    pub(super) fn new(service: S, policy: Arc<Policy>) -> Self {
        Self {
            service: Rc::new(service),
            policy,
        }
    }
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
        let policy = Arc::clone(&self.policy);
        Box::pin(async move {
            let place = match policy.authenticate(&mut request).await {
                Ok(place) => place,
                Err(error) => {
                    let answer = policy.refuse(request.request(), &error);
                    return Ok(request.into_response(answer).map_into_right_body());
                }
            };
            let mut response = service.call(request).await?;
            if let Some(error) = denial(&response) {
                let answer = policy.deny(response.request(), &error);
                return Ok(response.into_response(answer).map_into_right_body());
            }
            if place == Some(TokenPlace::Query) {
                keep_out_of_shared_caches(&mut response);
            }
            Ok(response.map_into_left_body())
        })
    }
}

/// What a guard or a handler said no with.
fn denial<B>(response: &ServiceResponse<B>) -> Option<AccessError> {
    response.response().error()?.as_error().cloned()
}

/// RFC 6750 §2.3: a success that the address alone unlocks "SHOULD contain a Cache-Control header with
/// the 'private' option".
fn keep_out_of_shared_caches<B>(response: &mut ServiceResponse<B>) {
    let headers = response.headers_mut();
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private"));
    }
}
