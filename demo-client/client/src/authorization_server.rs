//! An authorization server, as a client knows it.

use symbolon::metadata::AuthorizationServerMetadata;
use url::Url;

/// An authorization server, as a client knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationServer {
    /// Its name in `iss` (RFC 9207); `None` when it has none.
    pub issuer: Option<String>,
    /// True when it always sends `iss`: an answer without it is then refused.
    pub require_iss: bool,
    /// Where browsers are sent (RFC 6749 §3.1).
    pub authorization_endpoint: Option<Url>,
    /// Where tokens come from (RFC 6749 §3.2).
    pub token_endpoint: Url,
    /// Where tokens are given back (RFC 7009).
    pub revocation_endpoint: Option<Url>,
}

impl AuthorizationServer {
    /// A server of which only the token endpoint is known. Set the other members as needed.
    pub fn new(token_endpoint: Url) -> Self {
        Self {
            issuer: None,
            require_iss: false,
            authorization_endpoint: None,
            token_endpoint,
            revocation_endpoint: None,
        }
    }

    /// The same with an authorization endpoint.
    #[must_use]
    pub fn with_authorization_endpoint(mut self, endpoint: Url) -> Self {
        self.authorization_endpoint = Some(endpoint);
        self
    }

    /// Its authorization endpoint, or the reason why nobody can be sent there.
    pub(crate) fn authorization_endpoint(&self) -> Result<&Url, NoEndpoint> {
        let endpoint = self.authorization_endpoint.as_ref();
        endpoint.ok_or(NoEndpoint("authorization endpoint"))
    }

    /// Its revocation endpoint, or the reason why nothing can be revoked there.
    pub(crate) fn revocation_endpoint(&self) -> Result<&Url, NoEndpoint> {
        let endpoint = self.revocation_endpoint.as_ref();
        endpoint.ok_or(NoEndpoint("revocation endpoint"))
    }
}

impl TryFrom<AuthorizationServerMetadata> for AuthorizationServer {
    type Error = NoEndpoint;

    fn try_from(metadata: AuthorizationServerMetadata) -> Result<Self, NoEndpoint> {
        let token_endpoint = metadata.token_endpoint;
        Ok(Self {
            issuer: Some(metadata.issuer),
            require_iss: metadata.authorization_response_iss_parameter_supported,
            authorization_endpoint: metadata.authorization_endpoint,
            token_endpoint: token_endpoint.ok_or(NoEndpoint("token endpoint"))?,
            revocation_endpoint: metadata.revocation_endpoint,
        })
    }
}

/// The server has no such endpoint, as far as this client knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the authorization server has no {0}")]
pub struct NoEndpoint(&'static str);
