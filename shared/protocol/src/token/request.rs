//! A request for a token: which grant it uses decides what is in it.

mod authorization_code;
mod client_credentials;
mod error;
mod extension;
mod password;
mod refresh_token;

pub use authorization_code::AuthorizationCodeRequest;
pub use client_credentials::ClientCredentialsRequest;
pub use error::TokenRequestError;
pub use extension::ExtensionRequest;
pub use password::PasswordRequest;
pub use refresh_token::RefreshTokenRequest;

use crate::parameters::Parameters;
use crate::secret::Secret;
use crate::token::grant_type::GrantType;

/// A request for a token, without the client's credentials, which travel beside it
/// ([`client_authentication`](crate::client_authentication)).
#[derive(Debug)]
pub enum TokenRequest {
    /// RFC 6749 §4.1.3.
    AuthorizationCode(AuthorizationCodeRequest),
    /// RFC 6749 §4.3.2.
    Password(PasswordRequest),
    /// RFC 6749 §4.4.2.
    ClientCredentials(ClientCredentialsRequest),
    /// RFC 6749 §6.
    RefreshToken(RefreshTokenRequest),
    /// RFC 6749 §4.5. Whether the server has such a grant, only the server knows.
    Extension(ExtensionRequest),
}

impl TokenRequest {
    /// Takes the request out of the form.
    pub fn decode(sent: &mut Parameters) -> Result<Self, TokenRequestError> {
        let word = sent
            .take("grant_type")
            .ok_or(TokenRequestError::MissingGrantType)?;
        match GrantType::parse(&word) {
            Some(GrantType::AuthorizationCode) => {
                AuthorizationCodeRequest::decode(sent).map(Self::AuthorizationCode)
            }
            Some(GrantType::Password) => PasswordRequest::decode(sent).map(Self::Password),
            Some(GrantType::ClientCredentials) => Ok(Self::ClientCredentials(
                ClientCredentialsRequest::decode(sent),
            )),
            Some(GrantType::RefreshToken) => {
                RefreshTokenRequest::decode(sent).map(Self::RefreshToken)
            }
            Some(GrantType::Extension(name)) => {
                Ok(Self::Extension(ExtensionRequest::decode(name, sent)))
            }
            Some(GrantType::Implicit) => Err(TokenRequestError::ImplicitAtTokenEndpoint),
            None => Err(TokenRequestError::UnsupportedGrantType),
        }
    }

    /// The form that says this. It holds secrets: for the wire only.
    pub fn encode(&self) -> Secret {
        match self {
            Self::AuthorizationCode(request) => request.encode(),
            Self::Password(request) => request.encode(),
            Self::ClientCredentials(request) => request.encode(),
            Self::RefreshToken(request) => request.encode(),
            Self::Extension(request) => request.encode(),
        }
    }

    /// Which grant it asks for.
    pub const fn grant_type(&self) -> GrantType {
        match self {
            Self::AuthorizationCode(_) => GrantType::AuthorizationCode,
            Self::Password(_) => GrantType::Password,
            Self::ClientCredentials(_) => GrantType::ClientCredentials,
            Self::RefreshToken(_) => GrantType::RefreshToken,
            Self::Extension(request) => GrantType::Extension(request.grant_type),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(form: &str) -> Result<TokenRequest, TokenRequestError> {
        TokenRequest::decode(&mut Parameters::decode(form.as_bytes()).unwrap())
    }

    fn one_of_each_grant(text: &str) -> [TokenRequest; 5] {
        let extension = format!("grant_type=custom&scope=a&more={}", text.len());
        let secret = || Secret::new(text);
        let text = || text.to_owned();
        [
            TokenRequest::AuthorizationCode(AuthorizationCodeRequest {
                code: secret(),
                redirect_uri: Some(text()),
                code_verifier: Some(secret()),
            }),
            TokenRequest::Password(PasswordRequest {
                username: text(),
                password: secret(),
                scope: Some(text()),
            }),
            TokenRequest::ClientCredentials(ClientCredentialsRequest {
                scope: Some(text()),
            }),
            TokenRequest::RefreshToken(RefreshTokenRequest {
                refresh_token: secret(),
                scope: Some(text()),
            }),
            decoded(&extension).unwrap(),
        ]
    }

    #[test]
    fn a_grant_that_cannot_be_asked_for_here_is_named() {
        for (form, expected) in [
            ("", TokenRequestError::MissingGrantType),
            (
                "grant_type=implicit",
                TokenRequestError::ImplicitAtTokenEndpoint,
            ),
            (
                "grant_type=no+name",
                TokenRequestError::UnsupportedGrantType,
            ),
        ] {
            assert_eq!(decoded(form).unwrap_err(), expected, "{form}");
        }
    }

    proptest! {
        #[test]
        fn every_request_survives_the_wire(text in "[^\0]{1,40}") {
            for request in one_of_each_grant(&text) {
                let form = request.encode();
                let decoded = decoded(form.expose()).unwrap();
                prop_assert_eq!(decoded.grant_type(), request.grant_type());
                prop_assert_eq!(decoded.encode(), form);
            }
        }
    }
}
