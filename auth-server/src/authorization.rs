//! From an authorization request to a code, a token or a refusal
//! ([RFC 6749 §4.1.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1)).

pub mod approval;
pub mod complete;
pub mod redirect;
pub mod request;
