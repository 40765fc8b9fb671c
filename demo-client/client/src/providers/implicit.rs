//! The implicit grant, for pages of servers that know nothing better
//! ([RFC 6749 §4.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.2)). RFC 9700 §2.1.2 advises
//! against it: new pages use the authorization code with PKCE.

use async_trait::async_trait;
use symbolon::authorization::AuthorizationRequest;
use symbolon::scope::Scope;
use symbolon::token::GrantType;
use url::Url;

use crate::endpoint_call::TokenError;
use crate::extra_parameters::ExtraParameters;
use crate::pending::PendingImplicit;
use crate::providers::{ImplicitAuthorizationRequired, Obtained, Provider};
use crate::registration::Registration;

/// Sends the browser away for a token that comes back in the fragment.
#[derive(Clone, Debug)]
pub struct ImplicitProvider {
    redirect_uri: String,
    scope: Option<Scope>,
    extra: ExtraParameters,
}

impl ImplicitProvider {
    /// The browser comes back to `redirect_uri`, which is registered at the authorization server and sent
    /// letter by letter as it is here: servers compare it so (RFC 3986 §6.2.1).
    pub fn new(redirect_uri: impl Into<String>) -> Self {
        Self {
            redirect_uri: redirect_uri.into(),
            scope: None,
            extra: ExtraParameters::default(),
        }
    }

    /// The same, asking for no more than `scope`.
    #[must_use]
    pub fn with_scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// The same with these parameters in the authorization request, for example `audience`, `prompt` or
    /// `login_hint`.
    #[must_use]
    pub fn with_parameters(mut self, extra: ExtraParameters) -> Self {
        self.extra = extra;
        self
    }

    /// A new authorization request, and what the page has to keep until the browser comes back.
    pub fn start(&self, registration: &Registration) -> Result<(Url, PendingImplicit), TokenError> {
        let endpoint = registration
            .authorization_server()
            .authorization_endpoint()?;
        let pending = PendingImplicit::new(registration);
        let request = AuthorizationRequest {
            response_type: Some("token".to_owned()),
            client_id: Some(registration.client_id().to_string()),
            redirect_uri: Some(self.redirect_uri.clone()),
            scope: self.scope.as_ref().map(Scope::to_string),
            state: Some(pending.state().expose().to_owned()),
            code_challenge: None,
            code_challenge_method: None,
            ui_locales: None,
        };
        let mut url = request.to_url(endpoint);
        let query = self.extra.after(url.query().unwrap_or_default());
        url.set_query(Some(&query));
        Ok((url, pending))
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

#[cfg(test)]
mod tests {
    use symbolon::client_authentication::ClientAuthentication;

    use super::*;
    use crate::authorization_server::AuthorizationServer;

    #[test]
    fn the_page_is_sent_away_with_the_state_that_it_keeps() {
        let url = |text| Url::parse(text).unwrap();
        let server = AuthorizationServer::new(url("https://as.example/token"))
            .with_authorization_endpoint(url("https://as.example/authorize?tenant=1"));
        let registration =
            Registration::new(server, "photo-spa", ClientAuthentication::None).unwrap();
        let provider = ImplicitProvider::new("https://client.example/spa");
        let (url, pending) = provider.start(&registration).unwrap();
        let query = url.query().unwrap();
        assert!(query.starts_with("tenant=1&response_type=token&client_id=photo-spa"));
        let state = query.rsplit_once("state=").unwrap().1;
        assert_eq!(state, pending.state().expose());
    }
}
