//! What decides status and headers.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderMap, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};

/// When a caller may try again after a 503, in seconds.
pub(crate) const RETRY_AFTER_SECS: u64 = 2;

/// The realm of Spring's token endpoint, which its clients know.
const BASIC_CHALLENGE: &str = "Basic realm=\"oauth2/client\"";

/// The realm of owners who sign in by HTTP Basic: another than that of clients, whose passwords browsers keep apart.
const OWNER_CHALLENGE: &str = "Basic realm=\"oauth2/owner\"";

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    BadRequest,
    /// The session or the request of a form is not there any more.
    RequestGone,
    /// A form did not come from a page of its session.
    ForgedForm,
    /// A client did not prove who it is.
    Unauthenticated,
    /// An owner did not prove by HTTP Basic who they are.
    OwnerUnauthenticated,
    /// A client that is not there, in Spring's words: a status without a challenge.
    UnknownClient,
    /// A client did not prove who it is, in Spring's words: the challenge tells the error.
    Challenged {
        scheme: &'static str,
    },
    Forbidden,
    NotFound,
    MethodNotAllowed {
        allow: &'static str,
    },
    BodyTooLong,
    BodyTooSlow,
    NoForm,
    TooManyAttempts {
        retry_after_secs: u64,
    },
    Unavailable,
    OurFailure,
}

impl Row {
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::BadRequest | Self::RequestGone => StatusCode::BAD_REQUEST,
            Self::OwnerUnauthenticated
            | Self::UnknownClient
            | Self::Unauthenticated
            | Self::Challenged { .. } => StatusCode::UNAUTHORIZED,
            Self::ForgedForm | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NoForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooManyAttempts { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::OurFailure => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(super) fn write_headers(self, headers: &mut HeaderMap) {
        match self {
            Self::Unauthenticated => {
                let challenge = HeaderValue::from_static(BASIC_CHALLENGE);
                headers.insert(WWW_AUTHENTICATE, challenge);
            }
            Self::OwnerUnauthenticated => {
                let challenge = HeaderValue::from_static(OWNER_CHALLENGE);
                headers.insert(WWW_AUTHENTICATE, challenge);
            }
            Self::MethodNotAllowed { allow } => {
                headers.insert(ALLOW, HeaderValue::from_static(allow));
            }
            Self::TooManyAttempts { retry_after_secs } => {
                headers.insert(RETRY_AFTER, retry_after_secs.into());
            }
            Self::Unavailable => {
                headers.insert(RETRY_AFTER, RETRY_AFTER_SECS.into());
            }
            Self::BadRequest
            | Self::UnknownClient
            | Self::Challenged { .. }
            | Self::RequestGone
            | Self::ForgedForm
            | Self::Forbidden
            | Self::NotFound
            | Self::BodyTooLong
            | Self::BodyTooSlow
            | Self::NoForm
            | Self::OurFailure => {}
        }
    }
}
