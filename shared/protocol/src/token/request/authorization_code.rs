//! The request of the authorization code grant
//! ([RFC 6749 §4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3),
//! [RFC 7636 §4.5](https://www.rfc-editor.org/rfc/rfc7636#section-4.5)).

use crate::parameters::{self, Parameters};
use crate::secret::Secret;
use crate::token::grant_type::GrantType;
use crate::token::request::error::TokenRequestError;

/// Exchanges an authorization code for tokens.
#[derive(Debug)]
pub struct AuthorizationCodeRequest {
    /// What the authorization endpoint gave.
    pub code: Secret,
    /// The same as in the authorization request; absent when it had none.
    pub redirect_uri: Option<String>,
    /// RFC 7636 §4.1; absent when the authorization request had no challenge.
    pub code_verifier: Option<Secret>,
}

impl AuthorizationCodeRequest {
    /// Takes the request out of the form; its `grant_type` was read before.
    pub fn decode(sent: &mut Parameters) -> Result<Self, TokenRequestError> {
        let code = sent.take("code").ok_or(TokenRequestError::MissingCode)?;
        Ok(Self {
            code: Secret::new(code),
            redirect_uri: sent.take("redirect_uri"),
            code_verifier: sent.take("code_verifier").map(Secret::new),
        })
    }

    /// The form that says this. It holds secrets: for the wire only.
    pub fn encode(&self) -> Secret {
        let code_verifier = self.code_verifier.as_ref().map(Secret::expose);
        Secret::new(parameters::encode([
            ("grant_type", Some(GrantType::AuthorizationCode.as_str())),
            ("code", Some(self.code.expose())),
            ("redirect_uri", self.redirect_uri.as_deref()),
            ("code_verifier", code_verifier),
        ]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_without_a_code_is_refused() {
        let mut sent = Parameters::decode(b"code=&redirect_uri=x").unwrap();
        let refused = AuthorizationCodeRequest::decode(&mut sent).unwrap_err();
        assert_eq!(refused, TokenRequestError::MissingCode);
    }

    #[test]
    fn what_is_absent_is_not_in_the_form() {
        let request = AuthorizationCodeRequest {
            code: Secret::new("SplxlOBeZQQYbYS6WxSbIA"),
            redirect_uri: None,
            code_verifier: None,
        };
        assert_eq!(
            request.encode().expose(),
            "grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA"
        );
    }
}
