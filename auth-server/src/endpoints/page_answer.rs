//! Answering with a page: in the reader's language, under a strict policy, or the page that says what
//! went wrong (X1).

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, RETRY_AFTER, VARY,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use symbolon::error::{ErrorCode, ErrorResponse};

use crate::authorization::request::{Redirection, UnsafeRequest};
use crate::endpoints::errors::EndpointError;
use crate::endpoints::pages::{ErrorPage, Language};
use crate::endpoints::security_headers::page_policy;
use crate::stores::StoreError;
use crate::tokens::issue::IssueError;

/// The language that the reader's browser prefers.
pub(super) fn language(request: &HttpRequest) -> Language {
    let header = request.headers().get(ACCEPT_LANGUAGE);
    Language::negotiate(header.and_then(|header| header.to_str().ok()))
}

/// A page, as its template wrote it. `form_target` is where its forms' answers may lead besides here.
pub(super) fn page(
    status: StatusCode,
    html: Result<String, askama::Error>,
    form_target: Option<&str>,
) -> Result<HttpResponse, PageError> {
    let html = html.map_err(|error| PageError::our_failure(&error))?;
    Ok(page_headers(status, form_target).body(html))
}

fn page_headers(status: StatusCode, form_target: Option<&str>) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "Accept-Language"))
        .insert_header((CONTENT_SECURITY_POLICY, page_policy(form_target)));
    response
}

/// Sends the browser back to a client.
pub(super) fn redirect(status: StatusCode, redirection: &Redirection) -> HttpResponse {
    to(status, &redirection.location)
}

/// Sends the browser on.
pub(super) fn to(status: StatusCode, location: &str) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((LOCATION, location))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish()
}

/// An error on its way out as a page.
#[derive(Debug)]
pub(super) struct PageError {
    status: StatusCode,
    body: Box<ErrorResponse>,
    request_expired: bool,
    retry_after_secs: Option<u64>,
    language: Language,
}

impl PageError {
    fn new(status: StatusCode, code: ErrorCode, description: impl Into<String>) -> Self {
        Self {
            status,
            body: Box::new(ErrorResponse::new(code, description)),
            request_expired: false,
            retry_after_secs: None,
            language: Language::English,
        }
    }

    /// A form whose session or request is not there any more.
    pub(super) fn expired(description: &str) -> Self {
        let error = Self::new(
            StatusCode::BAD_REQUEST,
            ErrorCode::InvalidRequest,
            description,
        );
        Self {
            request_expired: true,
            ..error
        }
    }

    /// A form that did not come from a page of the session.
    pub(super) fn forged() -> Self {
        let text = "Invalid CSRF token found";
        let error = Self::new(StatusCode::FORBIDDEN, ErrorCode::AccessDenied, text);
        Self {
            request_expired: true,
            ..error
        }
    }

    fn our_failure(error: &dyn fmt::Display) -> Self {
        tracing::error!(event = "page_not_written", %error);
        let text = "Internal Server Error";
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::ServerError,
            text,
        )
    }

    /// The same error for this reader.
    pub(super) fn for_reader(self, request: &HttpRequest) -> Self {
        Self {
            language: language(request),
            ..self
        }
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.body.fmt(formatter)
    }
}

impl From<UnsafeRequest> for PageError {
    fn from(error: UnsafeRequest) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error.code(), error.to_string())
    }
}

impl From<EndpointError> for PageError {
    fn from(error: EndpointError) -> Self {
        let ErrorResponse {
            error: code,
            error_description,
            ..
        } = error.body().clone();
        let page = Self::new(error.status(), code, error_description.unwrap_or_default());
        Self {
            retry_after_secs: error.retry_after_secs(),
            ..page
        }
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        EndpointError::from(error).into()
    }
}

impl From<IssueError> for PageError {
    fn from(error: IssueError) -> Self {
        EndpointError::from(error).into()
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let page = ErrorPage {
            error: self.body.error.to_string(),
            description: self.body.error_description.clone().unwrap_or_default(),
            status: self.status.as_u16(),
            request_expired: self.request_expired,
        };
        let html = page
            .render(self.language)
            .unwrap_or_else(|_| "OAuth Error".to_owned());
        let mut response = page_headers(self.status, None);
        if let Some(secs) = self.retry_after_secs {
            response.insert_header((RETRY_AFTER, secs));
        }
        response.body(html)
    }
}
