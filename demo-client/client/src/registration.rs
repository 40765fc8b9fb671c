//! A client as it is registered at one authorization server.

use std::sync::Arc;
use std::time::Duration;

use symbolon::calls::{self, Timeouts};
use symbolon::client_authentication::ClientAuthentication;
use symbolon::clock::{Clock, SystemClock};
use symbolon::identifiers::ClientId;
use symbolon::random::{Random, SystemRandom};

use crate::authorization_server::AuthorizationServer;
use crate::observer::{NoObserver, Observer};

/// How long the authorization server may take.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(5),
    total: Duration::from_secs(15),
};

/// A client at an authorization server: which server, and as which client. Cheap to clone.
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
            http: TIMEOUTS.client()?,
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
