//! How a handler asks who calls.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};

use crate::authentication::Authentication;
use crate::error::AccessError;

impl Authentication {
    /// Who calls, as the [`ResourceServer`](crate::ResourceServer) middleware found out; `None` without
    /// a token, where it lets such requests through, and outside of it.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }
}

/// Refuses with 401 when nobody is authenticated; `Option<Authentication>` accepts that.
impl FromRequest for Authentication {
    type Error = AccessError;
    type Future = Ready<Result<Self, AccessError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).ok_or(AccessError::MissingToken))
    }
}
