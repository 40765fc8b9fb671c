//! A client as it is registered at one authorization server.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::{Attempt, Policy};
use symbolon::calls::{self, Timeouts};
use symbolon::client_authentication::ClientAuthentication;
use symbolon::clock::{Clock, SystemClock};
use symbolon::identifiers::ClientId;
use symbolon::random::{Random, SystemRandom};

use crate::authorization_server::AuthorizationServer;
use crate::extra_parameters::ExtraParameters;
use crate::observer::{NoObserver, Observer};

/// How long a resource server may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long it may be silent; a long download that goes on is not cut off.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// As many redirects of a resource server are followed.
const MOST_REDIRECTS: usize = 10;

/// How long the authorization server may take.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(5),
    total: Duration::from_secs(15),
};

/// A client at an authorization server: which server, and as which client. Make it once, which sets up TLS, and
/// clone it for each session: clones share their connections.
#[derive(Clone, Debug)]
pub struct Registration {
    server: Arc<AuthorizationServer>,
    client_id: ClientId,
    authentication: ClientAuthentication,
    http: reqwest::Client,
    resource_http: reqwest::Client,
    token_parameters: ExtraParameters,
    allows_plain_http: bool,
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
            http: TIMEOUTS.client()?,
            resource_http: resource_http()?,
            token_parameters: ExtraParameters::default(),
            allows_plain_http: false,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            observer: Arc::new(NoObserver),
        })
    }

    /// The same with other settings for the calls to the token endpoint: roots of trust, time-outs,
    /// a proxy. Redirects are never followed.
    pub fn with_http(mut self, builder: reqwest::ClientBuilder) -> Result<Self, reqwest::Error> {
        self.http = calls::without_redirects(builder)?;
        Ok(self)
    }

    /// The same with these parameters in every request to the token endpoint, for example `audience` or
    /// `resource` (RFC 8707).
    #[must_use]
    pub fn with_token_parameters(mut self, extra: ExtraParameters) -> Self {
        self.token_parameters = extra;
        self
    }

    /// The same, with secrets and tokens sent over plain http to other machines too: for a network that
    /// encrypts by itself, such as a service mesh. RFC 6749 §3.2 and RFC 6750 §5.2 demand TLS.
    #[must_use]
    pub const fn allow_plain_http(mut self) -> Self {
        self.allows_plain_http = true;
        self
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

    /// The same, with `observer` called after every exchange.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// The server that it asks.
    pub fn authorization_server(&self) -> &AuthorizationServer {
        &self.server
    }

    /// Its name at that server.
    pub const fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    pub(crate) const fn authentication(&self) -> &ClientAuthentication {
        &self.authentication
    }

    pub(crate) const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    pub(crate) const fn resource_http(&self) -> &reqwest::Client {
        &self.resource_http
    }

    pub(crate) const fn token_parameters(&self) -> &ExtraParameters {
        &self.token_parameters
    }

    pub(crate) const fn allows_plain_http(&self) -> bool {
        self.allows_plain_http
    }

    /// Where it takes the time from.
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

fn resource_http() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        // It would tell where a redirect leads to what stands in the query.
        .referer(false)
        .redirect(Policy::custom(|attempt| {
            if attempt.previous().len() > MOST_REDIRECTS {
                attempt.error("too many redirects")
            } else if leaves_tls(&attempt) {
                attempt.stop()
            } else {
                attempt.follow()
            }
        }))
        .build()
}

/// `reqwest` keeps the token on a way to the same host and port.
fn leaves_tls(attempt: &Attempt<'_>) -> bool {
    let from = attempt.previous().last();
    from.is_some_and(|from| from.scheme() == "https") && attempt.url().scheme() != "https"
}
