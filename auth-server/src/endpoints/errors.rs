//! The one table from protocol errors to status, headers and body.
//!
//! | what | status | headers |
//! | --- | --- | --- |
//! | client authentication | 401 `invalid_client` | `WWW-Authenticate: Basic` |
//! | several methods at once | 400 `invalid_request` | |
//! | token endpoint | 400 | |
//! | too many sign-ins | 429 | `Retry-After` |
//! | a store that is gone, a full queue | 503 `temporarily_unavailable` | `Retry-After` |
//! | our failure | 500 `server_error` | |
//!
//! All carry `Cache-Control: no-store`.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use symbolon::client_authentication::PresentedCredentialsError;
use symbolon::error::{ErrorCode, ErrorResponse};

use crate::clients::authentication::ClientAuthenticationError;
use crate::endpoints::responses;
use crate::grants::{ScopeError, TokenError};
use crate::resource_owners::sign_in::SignInError;
use crate::stores::StoreError;
use crate::tokens::issue::IssueError;

/// When a caller may try again after a 503, in seconds.
pub(super) const RETRY_AFTER_SECS: u64 = 2;

/// The realm of Spring's token endpoint, which its clients know.
const BASIC_CHALLENGE: &str = "Basic realm=\"oauth2/client\"";

/// An error on its way out as JSON.
#[derive(Debug)]
pub(super) struct EndpointError {
    status: StatusCode,
    body: Box<ErrorResponse>,
    retry_after_secs: Option<u64>,
}

impl EndpointError {
    pub(super) fn new(status: StatusCode, body: ErrorResponse) -> Self {
        Self {
            status,
            body: Box::new(body),
            retry_after_secs: None,
        }
    }

    pub(super) fn bad_request(description: &str) -> Self {
        let body = ErrorResponse::new(ErrorCode::InvalidRequest, description);
        Self::new(StatusCode::BAD_REQUEST, body)
    }

    fn unavailable(description: &str, retry_after_secs: u64) -> Self {
        let body = ErrorResponse::new(ErrorCode::TemporarilyUnavailable, description);
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, body);
        Self {
            retry_after_secs: Some(retry_after_secs),
            ..error
        }
    }

    fn our_failure() -> Self {
        let body = ErrorResponse::new(ErrorCode::ServerError, "Internal Server Error");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, body)
    }

    /// The status, for pages.
    pub(super) const fn status(&self) -> StatusCode {
        self.status
    }

    /// The body, for pages.
    pub(super) fn body(&self) -> &ErrorResponse {
        &self.body
    }

    /// When to try again, for pages.
    pub(super) const fn retry_after_secs(&self) -> Option<u64> {
        self.retry_after_secs
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.body.fmt(formatter)
    }
}

impl ResponseError for EndpointError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = responses::json(self.status, &self.body);
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(BASIC_CHALLENGE));
        }
        if let Some(secs) = self.retry_after_secs {
            headers.insert(RETRY_AFTER, HeaderValue::from(secs));
        }
        response
    }
}

impl From<StoreError> for EndpointError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(reason) => {
                tracing::error!(event = "store_unavailable", %reason);
                Self::unavailable("the token store cannot be reached", RETRY_AFTER_SECS)
            }
            StoreError::Damaged(reason) => {
                tracing::error!(event = "store_damaged", %reason);
                Self::our_failure()
            }
        }
    }
}

impl From<IssueError> for EndpointError {
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::Store(error) => error.into(),
            IssueError::Jwt(_) | IssueError::GrantGone | IssueError::HandleKeyGone => {
                tracing::error!(event = "token_not_issued", %error);
                Self::our_failure()
            }
        }
    }
}

impl From<ClientAuthenticationError> for EndpointError {
    fn from(error: ClientAuthenticationError) -> Self {
        let body = ErrorResponse::new(error.code(), error.to_string());
        match error {
            ClientAuthenticationError::Presented(PresentedCredentialsError::SeveralMethods) => {
                Self::new(StatusCode::BAD_REQUEST, body)
            }
            ClientAuthenticationError::Presented(
                PresentedCredentialsError::Missing
                | PresentedCredentialsError::Malformed
                | PresentedCredentialsError::OtherClientNamed,
            )
            | ClientAuthenticationError::BadCredentials => {
                Self::new(StatusCode::UNAUTHORIZED, body)
            }
            ClientAuthenticationError::Busy => {
                Self::unavailable(&error.to_string(), RETRY_AFTER_SECS)
            }
        }
    }
}

impl From<SignInError> for EndpointError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::BadCredentials => {
                let body = ErrorResponse::new(ErrorCode::InvalidGrant, error.to_string());
                Self::new(StatusCode::BAD_REQUEST, body)
            }
            SignInError::TooManyAttempts { retry_after_secs } => Self {
                status: StatusCode::TOO_MANY_REQUESTS,
                ..Self::unavailable(&error.to_string(), retry_after_secs)
            },
            SignInError::Busy => Self::unavailable(&error.to_string(), RETRY_AFTER_SECS),
        }
    }
}

impl From<TokenError> for EndpointError {
    fn from(error: TokenError) -> Self {
        let code = error.code();
        let body = ErrorResponse::new(code, error.to_string());
        let body = match error {
            TokenError::Issue(error) => return error.into(),
            TokenError::SignIn(error) => return error.into(),
            TokenError::Scope(ScopeError::Invalid { registered }) => body.with_scope(registered),
            TokenError::ScopeWidened { granted } => body.with_scope(granted),
            TokenError::Request(_)
            | TokenError::GrantNotRegistered
            | TokenError::Scope(ScopeError::Empty)
            | TokenError::UnknownCode
            | TokenError::CodeReplayed
            | TokenError::CodeOfOtherClient
            | TokenError::RedirectMismatch
            | TokenError::PkceFailed
            | TokenError::UnknownRefreshToken
            | TokenError::RefreshTokenReused
            | TokenError::RefreshTokenOfOtherClient
            | TokenError::OwnerGone => body,
        };
        Self::new(StatusCode::BAD_REQUEST, body)
    }
}

pub(super) async fn allow_get(request: HttpRequest) -> HttpResponse {
    method_not_allowed(&request, "GET")
}

pub(super) async fn allow_post(request: HttpRequest) -> HttpResponse {
    method_not_allowed(&request, "POST")
}

pub(super) async fn allow_get_and_post(request: HttpRequest) -> HttpResponse {
    method_not_allowed(&request, "GET, POST")
}

fn method_not_allowed(request: &HttpRequest, allowed: &'static str) -> HttpResponse {
    let text = format!("Request method '{}' not supported", request.method());
    let body = ErrorResponse::new(ErrorCode::MethodNotAllowed, text);
    let mut response = responses::json(StatusCode::METHOD_NOT_ALLOWED, &body);
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// Every path that is not in the route table.
pub async fn not_found() -> HttpResponse {
    let code = ErrorCode::Other("not_found".to_owned());
    let body = ErrorResponse::new(code, "there is nothing at this path");
    responses::json(StatusCode::NOT_FOUND, &body)
}
