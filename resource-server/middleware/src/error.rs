//! Refusals and how they look on the wire ([RFC 6750 §3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde::Deserialize;
use symbolon::bearer::BearerChallenge;
use symbolon::error::{ErrorCode, ErrorResponse};

use crate::verdict::{InvalidToken, VerificationError};

/// How long a caller should wait before it tries again when the authorization server cannot be
/// reached, in seconds: long enough to spare a server that is starting, short enough for people.
pub const RETRY_AFTER_SECS: u64 = 5;

/// The realm where a challenge needs one and has none: RFC 6750 §3 wants at least one parameter after the scheme.
/// The word is Spring's.
const USUAL_REALM: &str = "oauth2-resource";

/// The content type of Spring's refusals.
const SPRING_JSON: &str = "application/json;charset=UTF-8";

/// Which habits the refusals follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// RFC 6750: the answer to a request without a token names only the scheme and the realm (§3.1), and a
    /// token for another resource is `invalid_token` with 401, as RFC 9068 §4 requires.
    #[default]
    Standard,
    /// What callers of a Spring Security OAuth resource server are used to: `error="unauthorized"`
    /// without a token, 403 `access_denied` for another resource id, no realm with
    /// `insufficient_scope`, and no challenge when access is denied. The realm is `oauth2-resource` where there is no
    /// other, and the content type names its characters.
    Spring,
}

/// Why a request is not served. A handler may return it; [`ResourceServer`](crate::ResourceServer)
/// turns it into an answer with its realm and [`Dialect`]. There will be more reasons with more kinds of
/// tokens.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// There is no token in the request.
    #[error("the request carries no token")]
    MissingToken,
    /// RFC 6750 §3.1 `invalid_request`: the token is malformed or was sent in two ways.
    #[error("{0}")]
    InvalidRequest(&'static str),
    /// The token is not good.
    #[error("{0}")]
    InvalidToken(InvalidToken),
    /// The token is good elsewhere.
    #[error("the token is not for {resource_id}")]
    WrongResource {
        /// The id of this resource server.
        resource_id: String,
    },
    /// The token does not carry the scope.
    #[error("the token does not carry the scope {scope}")]
    InsufficientScope {
        /// What was asked for: names separated by blanks.
        scope: String,
    },
    /// Another rule says no.
    #[error("access is denied")]
    AccessDenied,
    /// Whether the token is good cannot be said now. The reason is for logs and names no token.
    #[error("tokens cannot be checked: {0}")]
    Unavailable(String),
}

impl AccessError {
    /// A refusal that names the scopes that were asked for, in the order of the check.
    pub fn insufficient_scope<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.into_iter().collect();
        Self::InsufficientScope {
            scope: names.join(" "),
        }
    }

    /// The code on the wire.
    pub fn code(&self, dialect: Dialect) -> ErrorCode {
        match self {
            Self::MissingToken => ErrorCode::Unauthorized,
            Self::InvalidRequest(_) => ErrorCode::InvalidRequest,
            Self::InvalidToken(_) => ErrorCode::InvalidToken,
            Self::WrongResource { .. } => match dialect {
                Dialect::Standard => ErrorCode::InvalidToken,
                Dialect::Spring => ErrorCode::AccessDenied,
            },
            Self::InsufficientScope { .. } => ErrorCode::InsufficientScope,
            Self::AccessDenied => ErrorCode::AccessDenied,
            Self::Unavailable(_) => ErrorCode::TemporarilyUnavailable,
        }
    }

    /// The status of the answer.
    pub fn status(&self, dialect: Dialect) -> StatusCode {
        match self {
            Self::MissingToken | Self::InvalidToken(_) => StatusCode::UNAUTHORIZED,
            Self::InvalidRequest(_) => StatusCode::BAD_REQUEST,
            Self::WrongResource { .. } => match dialect {
                Dialect::Standard => StatusCode::UNAUTHORIZED,
                Dialect::Spring => StatusCode::FORBIDDEN,
            },
            Self::InsufficientScope { .. } | Self::AccessDenied => StatusCode::FORBIDDEN,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The body of the answer. It never repeats what was presented.
    pub fn body(&self, dialect: Dialect) -> ErrorResponse {
        let described = |text: &str| ErrorResponse::new(self.code(dialect), text);
        match self {
            Self::MissingToken => {
                described("Full authentication is required to access this resource")
            }
            Self::InvalidRequest(description) => described(description),
            Self::InvalidToken(reason) => described(reason.description()),
            Self::WrongResource { resource_id } => described(&format!(
                "Invalid token does not contain resource id ({resource_id})"
            )),
            Self::InsufficientScope { scope } => {
                described("Insufficient scope for this resource").with_scope(scope)
            }
            Self::AccessDenied => described("Access is denied"),
            Self::Unavailable(_) => described("Tokens cannot be checked at the moment"),
        }
    }

    /// The `WWW-Authenticate` header; `None` where the answer has none.
    pub fn challenge(&self, realm: Option<&str>, dialect: Dialect) -> Option<BearerChallenge> {
        let bare = || BearerChallenge {
            realm: Some(realm.unwrap_or(USUAL_REALM).to_owned()),
            ..BearerChallenge::default()
        };
        let full = |realm| BearerChallenge::new(realm, &self.body(dialect));
        match (self, dialect) {
            // RFC 6750 §3.1: without authentication information "the resource server SHOULD NOT
            // include an error code or other error information".
            (Self::MissingToken | Self::AccessDenied, Dialect::Standard)
            | (Self::WrongResource { .. }, Dialect::Spring) => Some(bare()),
            (
                Self::MissingToken | Self::InvalidRequest(_) | Self::InvalidToken(_),
                Dialect::Spring,
            ) => Some(full(Some(realm.unwrap_or(USUAL_REALM)))),
            (
                Self::InvalidRequest(_)
                | Self::InvalidToken(_)
                | Self::WrongResource { .. }
                | Self::InsufficientScope { .. },
                Dialect::Standard,
            ) => Some(full(realm)),
            (Self::InsufficientScope { .. }, Dialect::Spring) => Some(full(None)),
            (Self::AccessDenied, Dialect::Spring) | (Self::Unavailable(_), _) => None,
        }
    }

    /// The whole answer: status, headers and JSON body.
    pub fn response(&self, realm: Option<&str>, dialect: Dialect) -> HttpResponse {
        let mut response = HttpResponse::build(self.status(dialect));
        response.insert_header((CACHE_CONTROL, "no-store"));
        response.insert_header((PRAGMA, "no-cache"));
        if let Some(challenge) = self.challenge(realm, dialect) {
            response.insert_header((WWW_AUTHENTICATE, challenge.encode()));
        }
        if matches!(self, Self::Unavailable(_)) {
            response.insert_header((RETRY_AFTER, RETRY_AFTER_SECS));
        }
        if dialect == Dialect::Spring {
            response.content_type(SPRING_JSON);
        }
        response.json(self.body(dialect))
    }
}

impl From<VerificationError> for AccessError {
    fn from(error: VerificationError) -> Self {
        match error {
            VerificationError::Invalid(reason) => Self::InvalidToken(reason),
            VerificationError::Unavailable(reason) => Self::Unavailable(reason),
        }
    }
}

/// The answer outside a [`ResourceServer`](crate::ResourceServer): no realm of its own, [`Dialect::Standard`].
impl ResponseError for AccessError {
    fn status_code(&self) -> StatusCode {
        self.status(Dialect::Standard)
    }

    fn error_response(&self) -> HttpResponse {
        self.response(None, Dialect::Standard)
    }
}
