//! What decides status and headers.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderMap, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};

/// When a caller may try again after a 503, in seconds.
pub(crate) const RETRY_AFTER_SECS: u64 = 2;

/// The realm of Spring's token endpoint, which its clients know.
const BASIC_CHALLENGE: &str = "Basic realm=\"oauth2/client\"";

/// The realm of owners who sign in by HTTP Basic: another than that of clients, whose passwords browsers keep apart.
const OWNER_CHALLENGE: &str = "Basic realm=\"oauth2/owner\"";

/// The realm of tokens for administrators.
const TOKEN_CHALLENGE: &str = "Bearer realm=\"administration\"";

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    BadRequest,
    /// A token that is not good, where a resource server asks about it.
    TokenAskedAbout,
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
    /// A request without a token, where one is needed.
    TokenNeeded,
    /// A token without this scope.
    InsufficientScope {
        scope: &'static str,
    },
    Conflict,
    PreconditionFailed,
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
            Self::BadRequest | Self::TokenAskedAbout | Self::RequestGone => StatusCode::BAD_REQUEST,
            Self::OwnerUnauthenticated
            | Self::UnknownClient
            | Self::Unauthenticated
            | Self::TokenNeeded
            | Self::Challenged { .. } => StatusCode::UNAUTHORIZED,
            Self::ForgedForm | Self::Forbidden | Self::InsufficientScope { .. } => {
                StatusCode::FORBIDDEN
            }
            Self::Conflict => StatusCode::CONFLICT,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
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

    /// Whether somebody may ask later why it was said. What is wrong with us is in the log; tokens that are not good are what
    /// resource servers ask about all day, and addresses that are not there what robots do.
    pub(super) const fn is_noted(self) -> bool {
        match self {
            Self::TokenAskedAbout | Self::NotFound | Self::Unavailable | Self::OurFailure => false,
            Self::BadRequest
            | Self::RequestGone
            | Self::ForgedForm
            | Self::Unauthenticated
            | Self::OwnerUnauthenticated
            | Self::UnknownClient
            | Self::Challenged { .. }
            | Self::TokenNeeded
            | Self::InsufficientScope { .. }
            | Self::Conflict
            | Self::PreconditionFailed
            | Self::Forbidden
            | Self::MethodNotAllowed { .. }
            | Self::BodyTooLong
            | Self::BodyTooSlow
            | Self::NoForm
            | Self::TooManyAttempts { .. } => true,
        }
    }

    pub(super) fn write_headers(self, headers: &mut HeaderMap) {
        if let Some(challenge) = self.challenge() {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        match self {
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
            | Self::TokenAskedAbout
            | Self::Unauthenticated
            | Self::OwnerUnauthenticated
            | Self::UnknownClient
            | Self::Challenged { .. }
            | Self::TokenNeeded
            | Self::InsufficientScope { .. }
            | Self::RequestGone
            | Self::ForgedForm
            | Self::Forbidden
            | Self::Conflict
            | Self::PreconditionFailed
            | Self::NotFound
            | Self::BodyTooLong
            | Self::BodyTooSlow
            | Self::NoForm
            | Self::OurFailure => {}
        }
    }

    /// What whoever asks has to show, where nothing else is told of it.
    fn challenge(self) -> Option<HeaderValue> {
        match self {
            Self::Unauthenticated => Some(HeaderValue::from_static(BASIC_CHALLENGE)),
            Self::OwnerUnauthenticated => Some(HeaderValue::from_static(OWNER_CHALLENGE)),
            Self::TokenNeeded => Some(HeaderValue::from_static(TOKEN_CHALLENGE)),
            Self::InsufficientScope { scope } => {
                let told = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
                HeaderValue::try_from(told).ok()
            }
            Self::BadRequest
            | Self::TokenAskedAbout
            | Self::UnknownClient
            | Self::Challenged { .. }
            | Self::RequestGone
            | Self::ForgedForm
            | Self::Forbidden
            | Self::Conflict
            | Self::PreconditionFailed
            | Self::NotFound
            | Self::MethodNotAllowed { .. }
            | Self::BodyTooLong
            | Self::BodyTooSlow
            | Self::NoForm
            | Self::TooManyAttempts { .. }
            | Self::Unavailable
            | Self::OurFailure => None,
        }
    }
}
