//! The one table from what went wrong to status, headers and body.
//!
//! | what | status | `error` | headers |
//! | --- | --- | --- | --- |
//! | client authentication | 401 | `invalid_client` | `WWW-Authenticate: Basic` |
//! | an owner's sign-in by HTTP Basic | 401 | `unauthorized` | `WWW-Authenticate: Basic` |
//! | the same and some token requests, where [Spring's words](super::spring_refusals) are on | 401 | as Spring says | `WWW-Authenticate` with the code |
//! | several methods of it at once | 400 | `invalid_request` | |
//! | a request that cannot be understood | 400 | `invalid_request` | |
//! | a body that is no form, or no JSON; one that is too long; one that takes too long | 415; 413; 408 | `invalid_request` | |
//! | a token request (RFC 6749 §5.2) | 400 | as the RFC says | |
//! | a client that is not registered (RFC 7591 §3.2.2) | 400 | as the RFC says | |
//! | a token that does not let a client register or change itself | 401 | `invalid_token` | `WWW-Authenticate: Bearer` |
//! | no token at the API of administrators | 401 | `unauthorized` | `WWW-Authenticate: Bearer` |
//! | one that is not good there; one with too little scope | 401; 403 | `invalid_token`; `insufficient_scope` | `WWW-Authenticate: Bearer` |
//! | a change there that does not fit what is there; one of what is not any more as it was looked at | 409; 412 | `conflict`; `precondition_failed` | |
//! | a token that is not good, at `check_token` | 400 | `invalid_token` | |
//! | an authorization request that leads nowhere | 400 | `invalid_client`, `invalid_request` | |
//! | the same in Spring's words | 400, 401 | as Spring says | |
//! | a form whose session or request is gone | 400 | `invalid_request` | |
//! | a form of somebody else's page | 403 | `access_denied` | |
//! | what a client may not see | 403 | `access_denied` | |
//! | a path that is not there; a method that is not | 404; 405 | `not_found`; `method_not_allowed` | 405: `Allow` |
//! | too many sign-ins, secrets of clients, sessions, registrations, or links for new passwords | 429 | `temporarily_unavailable` | `Retry-After` |
//! | a store that is gone, a full queue | 503 | `temporarily_unavailable` | `Retry-After` |
//! | our failure | 500 | `server_error` | |
//!
//! All carry `Cache-Control: no-store`. Where people look they are a page, elsewhere JSON; a path or a method that
//! is not there is JSON everywhere.

mod reasons;
mod row;

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use symbolon::error::{ErrorCode, ErrorResponse};

use crate::http::answers;
use crate::http::noted_refusal::{Asker, NotedRefusal};
use crate::pages::WayBack;

pub(crate) use row::RETRY_AFTER_SECS;
use row::Row;

/// A no on its way out.
#[derive(Debug)]
pub(crate) struct Refusal {
    row: Row,
    body: Box<ErrorResponse>,
    way_back: Option<Box<WayBack>>,
    untold: Option<Box<Untold>>,
}

/// What is known of a no besides what its caller is told.
#[derive(Debug, Default)]
struct Untold {
    asker: Asker,
    /// The reason, where the caller is told another one or none.
    reason: Option<&'static str>,
}

impl Refusal {
    fn new(row: Row, code: ErrorCode, description: impl Into<String>) -> Self {
        Self {
            row,
            body: Box::new(ErrorResponse::new(code, description)),
            way_back: None,
            untold: None,
        }
    }

    /// A request that cannot be understood.
    pub(crate) fn bad_request(description: impl Into<String>) -> Self {
        Self::new(Row::BadRequest, ErrorCode::InvalidRequest, description)
    }

    /// No to a token request, with another code or text than that of its error.
    pub(crate) fn bad_grant(description: impl Into<String>) -> Self {
        Self::new(Row::BadRequest, ErrorCode::InvalidGrant, description)
    }

    /// No to a token that is asked about, with another text than that of its error.
    pub(crate) fn bad_token(description: &'static str) -> Self {
        Self::new(Row::TokenAskedAbout, ErrorCode::InvalidToken, description)
    }

    /// A client that is not there, where Spring answers with 401.
    pub(crate) fn unknown_client(description: String) -> Self {
        Self::new(Row::UnknownClient, ErrorCode::InvalidClient, description)
    }

    /// A client that did not prove who it is, in the words of Spring Security.
    pub(crate) fn unauthorized(description: &'static str) -> Self {
        Self::new(Row::Unauthenticated, ErrorCode::Unauthorized, description)
    }

    /// An owner who is expected to sign in by HTTP Basic, in the words of Spring Security.
    pub(crate) fn owner_unauthorized(description: &'static str) -> Self {
        let row = Row::OwnerUnauthenticated;
        Self::new(row, ErrorCode::Unauthorized, description)
    }

    /// A no with a challenge of this scheme, which tells code and text as the body does.
    pub(crate) fn challenged(
        scheme: &'static str,
        code: ErrorCode,
        description: impl Into<String>,
    ) -> Self {
        Self::new(Row::Challenged { scheme }, code, description)
    }

    /// A token that is not the client's to give back (RFC 7009 §2.1).
    pub(crate) fn token_of_other_client() -> Self {
        let text = "the token was not issued to this client";
        Self::new(Row::BadRequest, ErrorCode::InvalidGrant, text)
    }

    /// A client that is not registered (RFC 7591 §3.2.2).
    pub(crate) fn bad_registration(code: &str, text: &str) -> Self {
        let code = ErrorCode::Other(code.to_owned());
        // RFC 7591 §3.2.2 wants ASCII, and this may quote what was sent.
        let text = in_ascii(text);
        Self::new(Row::BadRequest, code, text)
    }

    /// A request without a token: RFC 6750 §3.1 wants no code in the challenge then.
    pub(crate) fn token_needed() -> Self {
        let text = "a bearer token is needed";
        Self::new(Row::TokenNeeded, ErrorCode::Unauthorized, text)
    }

    /// A token that is none, or not for here.
    pub(crate) fn token_not_good() -> Self {
        let text = "the token is not good here";
        Self::challenged("Bearer", ErrorCode::InvalidToken, text)
    }

    /// A token without the scope that is needed.
    pub(crate) fn insufficient_scope(scope: &'static str) -> Self {
        let row = Row::InsufficientScope { scope };
        let text = "Insufficient scope for this resource";
        let mut refusal = Self::new(row, ErrorCode::InsufficientScope, text);
        refusal.body = Box::new(refusal.body.with_scope(scope));
        refusal
    }

    /// A thing that is not there.
    pub(crate) fn no_such(text: &str) -> Self {
        let code = ErrorCode::Other("not_found".to_owned());
        Self::new(Row::NotFound, code, text)
    }

    /// A change that does not fit what is there.
    pub(crate) fn conflict(text: impl Into<String>) -> Self {
        let code = ErrorCode::Other("conflict".to_owned());
        Self::new(Row::Conflict, code, text)
    }

    /// A change of what is not any more as the caller says (RFC 9110 §15.5.13).
    pub(crate) fn precondition_failed(text: impl Into<String>) -> Self {
        let code = ErrorCode::Other("precondition_failed".to_owned());
        Self::new(Row::PreconditionFailed, code, text)
    }

    /// A body of JSON that says something else than it should.
    pub(crate) fn bad_json(text: &str) -> Self {
        Self::bad_request(in_ascii(text))
    }

    /// A body that should be JSON.
    pub(crate) fn no_json() -> Self {
        let text = "the body must be application/json";
        Self::new(Row::NoForm, ErrorCode::InvalidRequest, text)
    }

    /// More registrations than one caller may make.
    pub(crate) fn too_many_registrations(retry_after_secs: u64) -> Self {
        let text = "too many clients were registered or changed from here";
        Self::too_many_attempts(retry_after_secs, text.to_owned())
    }

    /// A form whose session or request is not there any more.
    pub(crate) fn request_gone(description: &str) -> Self {
        Self::new(Row::RequestGone, ErrorCode::InvalidRequest, description)
    }

    /// A form that did not come from a page of its session.
    pub(crate) fn forged_form() -> Self {
        let text = "Invalid CSRF token found";
        Self::new(Row::ForgedForm, ErrorCode::AccessDenied, text)
    }

    /// Something that this client may not see.
    pub(crate) fn access_denied() -> Self {
        let text = "Access is denied";
        Self::new(Row::Forbidden, ErrorCode::AccessDenied, text)
    }

    /// A key that signs tokens, and somebody who did not prove who they are.
    pub(crate) fn shared_key_for_nobody() -> Self {
        let text = "You need to authenticate to see a shared key";
        Self::new(Row::Unauthenticated, ErrorCode::InvalidClient, text)
    }

    /// A path that is not in the route table.
    pub(crate) fn not_found() -> Self {
        let code = ErrorCode::Other("not_found".to_owned());
        Self::new(Row::NotFound, code, "there is nothing at this path")
    }

    /// The same to somebody who may not know what is there, with the rule for whoever asks later.
    pub(crate) fn hidden(asker: Asker, reason: &'static str) -> Self {
        let mut refusal = Self::not_found();
        let reason = Some(reason);
        refusal.untold = Some(Box::new(Untold { asker, reason }));
        refusal
    }

    /// The same, to somebody of whom it is proved who that is.
    pub(crate) fn to(mut self, asker: Asker) -> Self {
        self.untold = Some(Box::new(Untold {
            asker,
            reason: None,
        }));
        self
    }

    /// A method that is not served at a path where these are.
    pub(crate) fn method_not_allowed(method: &str, allow: &'static str) -> Self {
        let text = format!("Request method '{method}' not supported");
        let row = Row::MethodNotAllowed { allow };
        Self::new(row, ErrorCode::MethodNotAllowed, text)
    }

    /// There is no key to answer with.
    pub(crate) fn no_active_key() -> Self {
        let text = "no signing key is active";
        Self::new(Row::OurFailure, ErrorCode::ServerError, text)
    }

    /// More sessions and authorization requests than one caller may begin.
    pub(crate) fn too_many_begun(retry_after_secs: u64) -> Self {
        let text = "too many sessions and authorization requests were begun from here";
        Self::too_many_attempts(retry_after_secs, text.to_owned())
    }

    /// More links than one caller may ask for.
    pub(crate) fn too_many_links(retry_after_secs: u64) -> Self {
        let text = "too many links were asked for from here";
        Self::too_many_attempts(retry_after_secs, text.to_owned())
    }

    fn too_many_attempts(retry_after_secs: u64, description: String) -> Self {
        let row = Row::TooManyAttempts { retry_after_secs };
        Self::new(row, ErrorCode::TemporarilyUnavailable, description)
    }

    /// More work than there is time for.
    pub(crate) fn busy(description: impl Into<String>) -> Self {
        Self::unavailable(description)
    }

    /// Something that cannot be had now.
    pub(crate) fn unavailable(description: impl Into<String>) -> Self {
        let code = ErrorCode::TemporarilyUnavailable;
        Self::new(Row::Unavailable, code, description)
    }

    /// What we should have known better.
    pub(crate) fn our_failure() -> Self {
        let text = "Internal Server Error";
        Self::new(Row::OurFailure, ErrorCode::ServerError, text)
    }

    /// The same, with the way back to the client that somebody came from.
    pub(crate) fn with_way_back(mut self, way_back: Option<WayBack>) -> Self {
        self.way_back = way_back.map(Box::new);
        self
    }

    /// The way back to the client that somebody came from.
    pub(crate) fn way_back(&self) -> Option<&WayBack> {
        self.way_back.as_deref()
    }

    /// The `error` of the answer.
    pub(crate) fn code(&self) -> &ErrorCode {
        &self.body.error
    }

    /// What the answer says about it, in English.
    pub(crate) fn description(&self) -> &str {
        self.body.error_description.as_deref().unwrap_or_default()
    }

    /// Whether to start again is all that can be done.
    pub(crate) const fn is_gone(&self) -> bool {
        matches!(self.row, Row::RequestGone | Row::ForgedForm)
    }

    /// Whether no other request would have been answered either.
    pub(crate) const fn is_our_trouble(&self) -> bool {
        matches!(self.row, Row::Unavailable | Row::OurFailure)
    }

    /// Completes its answer: the headers of its row, and a note for whoever records what was refused.
    pub(crate) fn complete(&self, response: &mut HttpResponse) {
        let untold = self.untold.as_deref();
        let reason = untold.and_then(|untold| untold.reason);
        if self.row.is_noted() || reason.is_some() {
            response.extensions_mut().insert(NotedRefusal {
                error: self.code().clone(),
                reason: reason.unwrap_or_else(|| self.description()).to_owned(),
                asker: untold.map_or_else(Asker::default, |it| it.asker.clone()),
            });
        }
        self.write_headers(response.headers_mut());
    }

    fn write_headers(&self, headers: &mut HeaderMap) {
        self.row.write_headers(headers);
        if let Row::Challenged { scheme } = self.row {
            let (code, text) = (self.code(), self.description());
            let challenge = format!("{scheme} error=\"{code}\", error_description=\"{text}\"");
            if let Ok(challenge) = HeaderValue::try_from(challenge) {
                headers.insert(WWW_AUTHENTICATE, challenge);
            }
        }
    }
}

/// The same where each character that RFC 6749 §5.2 does not allow is a `?`.
fn in_ascii(text: &str) -> String {
    let readable = |it: char| {
        if matches!(it, ' '..='~') && it != '"' {
            it
        } else {
            '?'
        }
    };
    text.chars().map(readable).collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.body.fmt(formatter)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        self.row.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = answers::json(self.status_code(), &self.body);
        self.complete(&mut response);
        response
    }
}
