//! The request of the resource owner password credentials grant
//! ([RFC 6749 §4.3.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.3.2)).

use crate::parameters::{self, Parameters};
use crate::secret::Secret;
use crate::token::grant_type::GrantType;
use crate::token::request::error::TokenRequestError;

/// Exchanges the owner's name and password for tokens.
#[derive(Debug)]
pub struct PasswordRequest {
    /// The owner's name.
    pub username: String,
    /// The owner's password.
    pub password: Secret,
    /// What for; absent means all that the client may have.
    pub scope: Option<String>,
}

impl PasswordRequest {
    /// Takes the request out of the form; its `grant_type` was read before.
    pub fn decode(sent: &mut Parameters) -> Result<Self, TokenRequestError> {
        let (Some(username), Some(password)) = (sent.take("username"), sent.take("password"))
        else {
            return Err(TokenRequestError::MissingOwnerCredentials);
        };
        Ok(Self {
            username,
            password: Secret::new(password),
            scope: sent.take("scope"),
        })
    }

    /// The form that says this. It holds a secret: for the wire only.
    pub fn encode(&self) -> Secret {
        Secret::new(parameters::encode([
            ("grant_type", Some(GrantType::Password.as_str())),
            ("username", Some(&self.username)),
            ("password", Some(self.password.expose())),
            ("scope", self.scope.as_deref()),
        ]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_has_a_name_and_a_password() {
        for form in ["username=a", "password=b", "username=&password=b"] {
            let mut sent = Parameters::decode(form.as_bytes()).unwrap();
            let refused = PasswordRequest::decode(&mut sent).unwrap_err();
            assert_eq!(
                refused,
                TokenRequestError::MissingOwnerCredentials,
                "{form}"
            );
        }
    }
}
