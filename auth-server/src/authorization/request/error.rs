//! Why an authorization request is refused.

use std::sync::Arc;

use symbolon::error::{ErrorCode, ErrorResponse};
use symbolon::identifiers::ClientId;

use crate::authorization::redirect::Redirection;
use crate::clients::client::Client;
use crate::clients::redirect_match::RedirectMismatch;
use crate::stores::StoreError;

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// It is not safe to redirect (RFC 6749 §4.1.2.1); a page says so.
    #[error("{error}")]
    Unsafe {
        /// Who asks, when that is known.
        client: Option<Arc<Client>>,
        /// Why.
        error: UnsafeRequest,
    },
    /// The client gets the error by redirection (RFC 6749 §4.1.2.1).
    #[error("{}", fault.said())]
    Redirect {
        /// Who asks.
        client: ClientId,
        /// What is wrong, as the client is told.
        fault: Box<Fault>,
        /// What was too long, if that is why.
        too_long: Option<TooLong>,
        /// Where the browser goes.
        redirection: Redirection,
    },
    /// The client cannot be looked up.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Nothing can be sent back, because it is not known to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsafeRequest {
    /// `client_id` is missing.
    #[error("Bad client credentials")]
    NoClient,
    /// `client_id` is nobody's.
    #[error("Bad client credentials")]
    UnknownClient,
    /// The client uses no grant at all.
    #[error("A client must have at least one authorized grant type.")]
    NoGrant,
    /// The client uses no grant that redirects.
    #[error("A redirect_uri can only be used by implicit or authorization_code grant types.")]
    NoRedirectingGrant,
    /// The redirect URI is not a registered one.
    #[error(transparent)]
    Redirect(#[from] RedirectMismatch),
    /// Neither is the redirect URI, nor is it known what is asked for: where Spring's order of checks is on, that comes
    /// first.
    #[error("{UNSUPPORTED}")]
    ResponseType,
}

/// What is said of a `response_type` that is missing or unknown.
pub(super) const UNSUPPORTED: &str = "Unsupported response types";

impl UnsafeRequest {
    /// The code that the page shows.
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::NoClient | Self::UnknownClient => ErrorCode::InvalidClient,
            Self::ResponseType => ErrorCode::UnsupportedResponseType,
            Self::NoGrant | Self::NoRedirectingGrant | Self::Redirect(_) => {
                ErrorCode::InvalidRequest
            }
        }
    }

    /// The parameter that is at fault.
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::NoClient | Self::UnknownClient | Self::NoGrant | Self::NoRedirectingGrant => {
                "client_id"
            }
            Self::Redirect(_) => "redirect_uri",
            Self::ResponseType => "response_type",
        }
    }

    /// Which rule it breaks: not for callers, who are not told whether there is such a client.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::NoClient => "it is missing",
            Self::UnknownClient => "no client of this name is registered, or it is locked",
            Self::NoGrant => "the client is registered for no grant",
            Self::NoRedirectingGrant => {
                "the client is registered for neither authorization_code nor implicit"
            }
            Self::Redirect(RedirectMismatch::NoMatch) => {
                "it is none of the registered addresses of the client, or several are registered and none was named"
            }
            Self::Redirect(RedirectMismatch::NoneRegistered) => {
                "the client has registered no address"
            }
            Self::ResponseType => "it is neither code nor token",
        }
    }
}

/// What is too long in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLong {
    /// Its `state`.
    State,
    /// All of its values together.
    Request,
}

/// What is wrong with a request whose client and address are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The parameter that is at fault; empty where that is the whole request.
    pub parameter: &'static str,
    /// What the client is told.
    pub response: ErrorResponse,
}

impl Fault {
    /// This is wrong with that parameter.
    pub fn new(parameter: &'static str, code: ErrorCode, text: impl Into<String>) -> Self {
        let response = ErrorResponse::new(code, text);
        Self {
            parameter,
            response,
        }
    }

    /// Which rule it breaks, in words.
    pub fn said(&self) -> &str {
        let text = self.response.error_description.as_deref();
        text.unwrap_or(self.response.error.as_str())
    }
}
