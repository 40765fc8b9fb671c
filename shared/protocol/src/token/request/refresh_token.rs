//! The request of the refresh token grant
//! ([RFC 6749 §6](https://www.rfc-editor.org/rfc/rfc6749#section-6)).

use crate::parameters::{self, Parameters};
use crate::secret::Secret;
use crate::token::grant_type::GrantType;
use crate::token::request::error::TokenRequestError;

/// Exchanges a refresh token for new tokens.
#[derive(Debug)]
pub struct RefreshTokenRequest {
    /// The token to be exchanged.
    pub refresh_token: Secret,
    /// What for; absent means what was granted.
    pub scope: Option<String>,
}

impl RefreshTokenRequest {
    /// Takes the request out of the form; its `grant_type` was read before.
    pub fn decode(sent: &mut Parameters) -> Result<Self, TokenRequestError> {
        let refresh_token = sent
            .take("refresh_token")
            .ok_or(TokenRequestError::MissingRefreshToken)?;
        Ok(Self {
            refresh_token: Secret::new(refresh_token),
            scope: sent.take("scope"),
        })
    }

    /// The form that says this. It holds a secret: for the wire only.
    pub fn encode(&self) -> Secret {
        Secret::new(parameters::encode([
            ("grant_type", Some(GrantType::RefreshToken.as_str())),
            ("refresh_token", Some(self.refresh_token.expose())),
            ("scope", self.scope.as_deref()),
        ]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_without_a_token_is_refused() {
        let mut sent = Parameters::decode(b"refresh_token=&scope=a").unwrap();
        let refused = RefreshTokenRequest::decode(&mut sent).unwrap_err();
        assert_eq!(refused, TokenRequestError::MissingRefreshToken);
    }
}
