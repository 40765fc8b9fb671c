//! The resource owner password credentials grant, for the authorization server's own programs only
//! ([RFC 6749 §4.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.3)). RFC 9700 §2.4 forbids it to
//! everybody else.

use async_trait::async_trait;
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::{GrantType, PasswordRequest, TokenRequest};

use crate::endpoint_call::TokenError;
use crate::providers::{Obtained, Provider};
use crate::registration::Registration;

/// Exchanges the owner's name and password for tokens. The password lives as long as the provider:
/// use it once, keep the refresh token, and drop it.
#[derive(Clone, Debug)]
pub struct PasswordProvider {
    username: String,
    password: Secret,
    scope: Option<Scope>,
}

impl PasswordProvider {
    /// The owner's credentials.
    pub fn new(username: impl Into<String>, password: Secret) -> Self {
        Self {
            username: username.into(),
            password,
            scope: None,
        }
    }

    /// The same, asking for no more than `scope`.
    #[must_use]
    pub fn with_scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }
}

#[async_trait]
impl Provider for PasswordProvider {
    fn grant_type(&self) -> GrantType {
        GrantType::Password
    }

    async fn obtain(&self, registration: &Registration) -> Result<Obtained, TokenError> {
        let request = TokenRequest::Password(PasswordRequest {
            username: self.username.clone(),
            password: self.password.clone(),
            scope: self.scope.as_ref().map(Scope::to_string),
        });
        let tokens = registration.request_tokens(&request).await?;
        Ok(Obtained::Tokens(tokens))
    }
}
