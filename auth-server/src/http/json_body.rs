//! Reading a body of JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)), no longer than a form may be. A page of
//! another site cannot send one without being asked for leave first.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use serde::de::DeserializeOwned;

use crate::http::form::body;
use crate::http::refusals::Refusal;

/// What a request's body says, or that it is JSON and says something else.
pub(crate) struct JsonBody<T> {
    /// It; `None` where a member that is read has another type than it should.
    pub(crate) said: Option<T>,
    of: PhantomData<T>,
}

impl<T: DeserializeOwned + 'static> FromRequest for JsonBody<T> {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = request
            .content_type()
            .eq_ignore_ascii_case("application/json");
        let body = body(request, payload);
        Box::pin(async move {
            let body = body.await?;
            if !is_json {
                return Err(Refusal::no_json());
            }
            let said = serde_json::from_slice::<serde_json::Value>(&body);
            let said = said.map_err(|_| Refusal::bad_request("the body is not JSON"))?;
            Ok(Self {
                said: serde_json::from_value(said).ok(),
                of: PhantomData,
            })
        })
    }
}
