//! A client as it is registered at one authorization server.

use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use symbolon::calls;
use symbolon::client_authentication::ClientAuthentication;
use symbolon::clock::{Clock, SystemClock};
use symbolon::identifiers::ClientId;
use symbolon::metadata::{AuthorizationServerMetadata, WELL_KNOWN_PATH};
use symbolon::random::{Random, SystemRandom};
use url::Url;

use crate::error::{DiscoveryError, TokenError};
use crate::observer::{NoObserver, Observer};
use crate::transport;

/// How long the authorization server may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long it may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

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

    /// Asks the server at `issuer` about itself
    /// ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414)); where there is no such document, the one
    /// of `OpenID` Connect Discovery is read.
    pub async fn from_issuer(http: &reqwest::Client, issuer: &str) -> Result<Self, DiscoveryError> {
        let address = Url::parse(issuer).map_err(|_| DiscoveryError::Issuer)?;
        let metadata: AuthorizationServerMetadata = match fetch(http, standard(&address)).await {
            Err(DiscoveryError::UnexpectedAnswer { status: 404 }) => {
                fetch(http, openid(&address)).await?
            }
            answer => answer?,
        };
        // RFC 8414 §3.3: the issuer MUST be identical, else the document MUST NOT be used.
        if metadata.issuer != issuer {
            return Err(DiscoveryError::ForeignIssuer);
        }
        Ok(metadata.into())
    }
}

impl From<AuthorizationServerMetadata> for AuthorizationServer {
    fn from(metadata: AuthorizationServerMetadata) -> Self {
        Self {
            issuer: Some(metadata.issuer),
            require_iss: metadata.authorization_response_iss_parameter_supported,
            authorization_endpoint: Some(metadata.authorization_endpoint),
            token_endpoint: metadata.token_endpoint,
            revocation_endpoint: metadata.revocation_endpoint,
        }
    }
}

/// RFC 8414 §3.1: the well-known path goes between the host and the path of the issuer.
fn standard(issuer: &Url) -> Url {
    let mut url = issuer.clone();
    let path = issuer.path().trim_end_matches('/');
    url.set_path(&format!("{WELL_KNOWN_PATH}{path}"));
    url
}

/// `OpenID` Connect Discovery §4: the well-known path goes behind the path of the issuer.
fn openid(issuer: &Url) -> Url {
    let mut url = issuer.clone();
    let path = issuer.path().trim_end_matches('/');
    url.set_path(&format!("{path}/.well-known/openid-configuration"));
    url
}

async fn fetch<T: DeserializeOwned>(http: &reqwest::Client, url: Url) -> Result<T, DiscoveryError> {
    let unavailable = |error: reqwest::Error| DiscoveryError::Unavailable(error);
    let mut response = calls::send(http.get(url)).await.map_err(unavailable)?;
    let status = response.status().as_u16();
    let body = transport::read(&mut response).await.map_err(unavailable)?;
    body.filter(|_| response.status().is_success())
        .and_then(|body| serde_json::from_slice(&body).ok())
        .ok_or(DiscoveryError::UnexpectedAnswer { status })
}

/// A client at an authorization server: whom to ask, as whom. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Registration {
    server: Arc<AuthorizationServer>,
    client_id: ClientId,
    authentication: ClientAuthentication,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    observer: Arc<dyn Observer>,
}

impl Registration {
    /// This client at that server. Fails when TLS cannot be set up.
    pub fn new(
        server: AuthorizationServer,
        client_id: impl Into<String>,
        authentication: ClientAuthentication,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            server: Arc::new(server),
            client_id: ClientId::new(client_id),
            authentication,
            http: endpoint_client(
                reqwest::Client::builder()
                    .connect_timeout(CONNECT_TIMEOUT)
                    .timeout(ANSWER_TIMEOUT),
            )?,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            observer: Arc::new(NoObserver),
        })
    }

    /// The same with other settings for the calls to the token endpoint: roots of trust, time-outs,
    /// a proxy. Redirects are never followed.
    pub fn with_http(mut self, builder: reqwest::ClientBuilder) -> Result<Self, reqwest::Error> {
        self.http = endpoint_client(builder)?;
        Ok(self)
    }

    /// The same with another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The same with another source of randomness.
    #[must_use]
    pub fn with_random(mut self, random: Arc<dyn Random>) -> Self {
        self.random = random;
        self
    }

    /// The same, telling `observer` about every exchange.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// Whom it asks.
    pub fn authorization_server(&self) -> &AuthorizationServer {
        &self.server
    }

    pub(crate) fn authorization_endpoint(&self) -> Result<&Url, TokenError> {
        let endpoint = self.server.authorization_endpoint.as_ref();
        endpoint.ok_or(TokenError::NoEndpoint("authorization endpoint"))
    }

    /// As whom it asks.
    pub const fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    pub(crate) const fn authentication(&self) -> &ClientAuthentication {
        &self.authentication
    }

    pub(crate) const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// What it takes for the present.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    pub(crate) fn random(&self) -> &dyn Random {
        &*self.random
    }

    pub(crate) fn observer(&self) -> &dyn Observer {
        &*self.observer
    }
}

/// A redirect would carry the client's secret to wherever it points.
fn endpoint_client(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, reqwest::Error> {
    builder.redirect(reqwest::redirect::Policy::none()).build()
}

#[cfg(test)]
mod tests;
