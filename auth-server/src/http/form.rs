//! Reading a form: `application/x-www-form-urlencoded`, UTF-8, each parameter once, no longer than
//! [`LONGEST_FORM`].

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use symbolon::parameters::Parameters;
use symbolon_service::connections::took_too_long;

use crate::http::form_error::FormError;
use crate::http::refusals::Refusal;

/// Bytes. The largest honest form carries two tokens and a redirect URI. An authorization request in a
/// query may not be longer either.
pub(crate) const LONGEST_FORM: usize = 32 * 1024;

/// The parameters of a request's body.
pub(crate) struct Form(pub(crate) Parameters);

impl FromRequest for Form {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = request
            .content_type()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let is_empty = request.content_type().is_empty();
        let body = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            let body = body.await.map_err(|error| unread(&error))?;
            if body.len() > LONGEST_FORM {
                return Err(FormError::Length.into());
            }
            let is_nothing = is_empty && body.is_empty();
            if !(is_form || is_nothing) {
                return Err(FormError::ContentType.into());
            }
            Ok(Self(Parameters::decode(&body).map_err(FormError::from)?))
        })
    }
}

fn unread(error: &actix_web::Error) -> FormError {
    if took_too_long(error) {
        FormError::TooSlow
    } else {
        FormError::Length
    }
}

/// How much of a body is read at all, for the application's `PayloadConfig`.
pub(crate) const PAYLOAD_LIMIT: usize = LONGEST_FORM + 1;
