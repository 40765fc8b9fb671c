//! No to whoever registers or manages a client: RFC 7591 §3.2.2 and RFC 7592 §2.

use symbolon::error::ErrorCode;

use crate::clients::self_registration::{SelfRegistrationError, WishField};
use crate::http::refusals::Refusal;

/// The metadata means nothing here.
pub(crate) fn metadata(error: impl std::fmt::Display) -> Refusal {
    Refusal::bad_registration("invalid_client_metadata", &error.to_string())
}

/// A member has another type than it should.
pub(crate) fn unreadable() -> Refusal {
    metadata("a member has another type than RFC 7591 says")
}

/// Nobody vouches for clients here.
pub(crate) fn software_statement() -> Refusal {
    let text = "software statements are not taken here";
    Refusal::bad_registration("unapproved_software_statement", text)
}

/// An update names another client or another secret.
pub(crate) fn of_another_client() -> Refusal {
    metadata("client_id or client_secret is not the one of this client")
}

/// No token was shown, or more than one.
pub(crate) fn no_token() -> Refusal {
    let text = "a bearer token is needed";
    Refusal::challenged("Bearer", ErrorCode::InvalidToken, text)
}

/// A token that is none, or of another client.
pub(crate) fn token() -> Refusal {
    let text = "the token is not good here";
    Refusal::challenged("Bearer", ErrorCode::InvalidToken, text)
}

/// What was wished for is not given.
pub(crate) fn refused(error: SelfRegistrationError) -> Refusal {
    let text = error.to_string();
    match error {
        SelfRegistrationError::Faults(faults) => {
            let is_of_uris = |field| field == WishField::RedirectUris;
            let code = if faults.iter().all(|fault| is_of_uris(fault.field)) {
                "invalid_redirect_uri"
            } else {
                "invalid_client_metadata"
            };
            Refusal::bad_registration(code, &text)
        }
        SelfRegistrationError::TooMany(_)
        | SelfRegistrationError::ChangedMeanwhile
        | SelfRegistrationError::NoSecret => metadata(text),
        SelfRegistrationError::Store(error) => error.into(),
    }
}
