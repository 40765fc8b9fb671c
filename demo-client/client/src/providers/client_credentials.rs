//! The client credentials grant: the client acts for itself
//! ([RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)).

use async_trait::async_trait;
use symbolon::scope::Scope;
use symbolon::token::{ClientCredentialsRequest, GrantType, TokenRequest};

use crate::endpoint_call::TokenError;
use crate::providers::{Obtained, Provider};
use crate::registration::Registration;

/// Exchanges the client's own credentials for a token.
#[derive(Clone, Debug, Default)]
pub struct ClientCredentialsProvider {
    scope: Option<Scope>,
}

impl ClientCredentialsProvider {
    /// A provider that asks for no more than `scope`; the default asks for all there is.
    #[must_use]
    pub fn with_scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }
}

#[async_trait]
impl Provider for ClientCredentialsProvider {
    fn grant_type(&self) -> GrantType {
        GrantType::ClientCredentials
    }

    async fn obtain(&self, registration: &Registration) -> Result<Obtained, TokenError> {
        let request = TokenRequest::ClientCredentials(ClientCredentialsRequest {
            scope: self.scope.as_ref().map(Scope::to_string),
        });
        let tokens = registration.request_tokens(&request).await?;
        Ok(Obtained::Tokens(tokens))
    }
}
