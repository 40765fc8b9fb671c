//! The implicit grant, for pages of servers that know nothing better
//! ([RFC 6749 §4.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.2)). RFC 9700 §2.1.2 advises
//! against it: new pages use the authorization code with PKCE.

use async_trait::async_trait;
use symbolon::authorization::AuthorizationRequest;
use symbolon::scope::Scope;
use symbolon::token::GrantType;
use url::Url;

use crate::error::{ImplicitAuthorizationRequired, TokenError};
use crate::pending::PendingImplicit;
use crate::providers::{Obtained, Provider};
use crate::registration::Registration;

/// Tells a page where to go for a token that comes back in the fragment.
#[derive(Clone, Debug)]
pub struct ImplicitProvider {
    redirect_uri: Url,
    scope: Option<Scope>,
}

impl ImplicitProvider {
    /// The browser comes back to `redirect_uri`, which is registered at the authorization server.
    pub const fn new(redirect_uri: Url) -> Self {
        Self {
            redirect_uri,
            scope: None,
        }
    }

    /// The same, asking for no more than `scope`.
    #[must_use]
    pub fn with_scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// A new authorization request, and what the page has to keep until the browser comes back.
    pub fn start(&self, registration: &Registration) -> Result<(Url, PendingImplicit), TokenError> {
        let endpoint = registration.authorization_endpoint()?;
        let pending = PendingImplicit::new(registration);
        let request = AuthorizationRequest {
            response_type: Some("token".to_owned()),
            client_id: Some(registration.client_id().to_string()),
            redirect_uri: Some(self.redirect_uri.to_string()),
            scope: self.scope.as_ref().map(Scope::to_string),
            state: Some(pending.state().expose().to_owned()),
            code_challenge: None,
            code_challenge_method: None,
        };
        Ok((request.to_url(endpoint), pending))
    }
}

#[async_trait]
impl Provider for ImplicitProvider {
    fn grant_type(&self) -> GrantType {
        GrantType::Implicit
    }

    async fn obtain(&self, registration: &Registration) -> Result<Obtained, TokenError> {
        let (url, pending) = self.start(registration)?;
        let required = ImplicitAuthorizationRequired { url, pending };
        Ok(Obtained::ImplicitAuthorizationRequired(Box::new(required)))
    }
}
