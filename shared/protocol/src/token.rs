//! The token endpoint's messages: one file per grant's request
//! ([RFC 6749 §4](https://www.rfc-editor.org/rfc/rfc6749#section-4)), and the response that is the same
//! for all ([§5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).

mod grant_type;
mod request;
mod response;

pub use grant_type::{ExtensionGrantType, GrantType};
pub use request::{
    AuthorizationCodeRequest, ClientCredentialsRequest, ExtensionRequest, PasswordRequest,
    RefreshTokenRequest, TokenRequest, TokenRequestError,
};
pub use response::{AdditionalMembers, TokenResponse};
