//! The authorization code grant with PKCE
//! ([RFC 6749 §4.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1),
//! [RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)).

use async_trait::async_trait;
use symbolon::authorization::AuthorizationRequest;
use symbolon::pkce::CODE_CHALLENGE_METHOD;
use symbolon::scope::Scope;
use symbolon::token::GrantType;
use url::Url;

use crate::endpoint_call::TokenError;
use crate::extra_parameters::ExtraParameters;
use crate::pending::PendingAuthorization;
use crate::providers::{AuthorizationRequired, Obtained, Provider};
use crate::registration::Registration;

/// Sends the owner's browser to the authorization server and gets a code for it.
#[derive(Clone, Debug)]
pub struct AuthorizationCodeProvider {
    redirect_uri: Option<String>,
    scope: Option<Scope>,
    extra: ExtraParameters,
}

impl AuthorizationCodeProvider {
    /// The browser comes back to `redirect_uri`, which is registered at the authorization server and sent
    /// letter by letter as it is here: servers compare it so (RFC 3986 §6.2.1).
    pub fn new(redirect_uri: impl Into<String>) -> Self {
        Self {
            redirect_uri: Some(redirect_uri.into()),
            scope: None,
            extra: ExtraParameters::default(),
        }
    }

    /// The browser comes back to the only redirect URI that is registered (RFC 6749 §3.1.2.3): neither the request nor the
    /// exchange names one, as with Spring's clients that have none. Servers of today want it named.
    pub fn without_redirect_uri() -> Self {
        Self {
            redirect_uri: None,
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

    /// A new authorization request: the address to send the browser to, and what has to be kept in
    /// its session until it comes back. `state` and a PKCE challenge are always in it; servers that
    /// do not know PKCE ignore what they do not know (RFC 6749 §3.1).
    pub fn start(
        &self,
        registration: &Registration,
    ) -> Result<(Url, PendingAuthorization), TokenError> {
        let endpoint = registration
            .authorization_server()
            .authorization_endpoint()?;
        let (pending, code_challenge) =
            PendingAuthorization::new(registration, self.redirect_uri.as_deref());
        let request = AuthorizationRequest {
            response_type: Some("code".to_owned()),
            client_id: Some(registration.client_id().to_string()),
            redirect_uri: self.redirect_uri.clone(),
            scope: self.scope.as_ref().map(Scope::to_string),
            state: Some(pending.state().expose().to_owned()),
            code_challenge: Some(code_challenge.as_str().to_owned()),
            code_challenge_method: Some(CODE_CHALLENGE_METHOD.to_owned()),
            ui_locales: None,
        };
        let mut url = request.to_url(endpoint);
        let query = self.extra.after(url.query().unwrap_or_default());
        url.set_query(Some(&query));
        Ok((url, pending))
    }
}

#[async_trait]
impl Provider for AuthorizationCodeProvider {
    fn grant_type(&self) -> GrantType {
        GrantType::AuthorizationCode
    }

    async fn obtain(&self, registration: &Registration) -> Result<Obtained, TokenError> {
        let (url, pending) = self.start(registration)?;
        let required = AuthorizationRequired { url, pending };
        Ok(Obtained::AuthorizationRequired(Box::new(required)))
    }
}
