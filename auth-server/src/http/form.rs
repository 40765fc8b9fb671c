//! Reading a form: `application/x-www-form-urlencoded`, UTF-8, each parameter that means something here once, no
//! longer than [`LONGEST_FORM`].

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use symbolon::parameters::{ParameterError, Parameters, UncheckedParameters};
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
        let sent = parameters(request, payload);
        Box::pin(async move { sent.await.map(Self) })
    }
}

/// The parameters of a request's body.
pub(crate) fn parameters(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Parameters, Refusal>> + use<> {
    let is_form = is_form(request);
    let is_empty = request.content_type().is_empty();
    let body = body(request, payload);
    async move {
        let body = body.await?;
        let is_nothing = is_empty && body.is_empty();
        if !(is_form || is_nothing) {
            return Err(FormError::ContentType.into());
        }
        let UncheckedParameters { single, repeated } =
            UncheckedParameters::decode(&body).map_err(FormError::from)?;
        if repeated.iter().any(|name| means_something(name)) {
            return Err(FormError::from(ParameterError::Repeated).into());
        }
        Ok(single)
    }
}

/// Whether a request says that its body is a form.
pub(crate) fn is_form(request: &HttpRequest) -> bool {
    request
        .content_type()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// A request's body, whatever it is.
pub(crate) fn body(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<web::Bytes, FormError>> + use<> {
    let body = web::Bytes::from_request(request, payload);
    async move {
        let body = body.await.map_err(|error| unread(&error))?;
        if body.len() > LONGEST_FORM {
            return Err(FormError::Length);
        }
        Ok(body)
    }
}

fn unread(error: &actix_web::Error) -> FormError {
    if took_too_long(error) {
        return FormError::TooSlow;
    }
    match error.as_error() {
        Some(PayloadError::Overflow) => FormError::Length,
        _ => FormError::Unreadable,
    }
}

/// What our endpoints read. RFC 6749 §3.1 wants each of them once, and everything else ignored: other extensions
/// repeat theirs (RFC 8707 §2: "Multiple resource parameters").
const PARAMETERS: [&str; 41] = [
    "_csrf",
    "action",
    "authorities",
    "authorization",
    "client_id",
    "client_name",
    "client_secret",
    "client_type",
    "client_uri",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "contacts",
    "credential",
    "current_password",
    "email",
    "everywhere",
    "grant_type",
    "link",
    "logo_uri",
    "new_password",
    "next",
    "once",
    "passkey",
    "password",
    "policy_uri",
    "redirect_uri",
    "redirect_uris",
    "refresh_token",
    "repeated_password",
    "response_type",
    "scope",
    "session",
    "state",
    "token",
    "token_type_hint",
    "tos_uri",
    "ui_locales",
    "user_oauth_approval",
    "username",
];

/// Whether a parameter of this name is read somewhere, so that it must not be repeated. Decisions scope by scope
/// have names that begin with `scope.`, and choices of grants with `grant.`.
pub(crate) fn means_something(name: &str) -> bool {
    PARAMETERS.contains(&name) || name.starts_with("scope.") || name.starts_with("grant.")
}

/// The first of these names as one of ours; empty, when it is one of several like it.
pub(crate) fn first_of(names: &BTreeSet<String>) -> &'static str {
    let known = PARAMETERS.into_iter();
    known
        .filter(|name| names.contains(*name))
        .min()
        .unwrap_or_default()
}

/// How much of a body is read at all, for the application's `PayloadConfig`.
pub(crate) const PAYLOAD_LIMIT: usize = LONGEST_FORM + 1;

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    async fn is_read(body: &'static str) -> bool {
        let request = TestRequest::post()
            .insert_header(("content-type", "application/x-www-form-urlencoded"))
            .set_payload(body);
        let (request, mut payload) = request.to_http_parts();
        Form::from_request(&request, &mut payload).await.is_ok()
    }

    #[actix_web::test]
    async fn what_means_something_stands_once_and_everything_else_as_often_as_it_likes() {
        for body in [
            "grant_type=a&resource=b&resource=c",
            "audience=a&audience=a&token=t",
            "x&x&x",
        ] {
            assert!(is_read(body).await, "{body}");
        }
        for body in [
            "scope=a&scope=b",
            "client_id=a&token=t&client_id=a",
            "scope.read=true&scope.read=false",
        ] {
            assert!(!is_read(body).await, "{body}");
        }
    }
}
