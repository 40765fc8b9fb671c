//! The authorization request and response
//! ([RFC 6749 §4.1.1 to §4.2.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1),
//! RFC 7636 §4.3, RFC 9207).

mod request;
mod response;

pub use request::AuthorizationRequest;
pub use response::{AuthorizationOutcome, AuthorizationResponse, AuthorizationResponseError};
