//! How a resource server calls its authorization server, and what it makes of a call that fails.

use reqwest::header::ACCEPT;
use reqwest::{Client, ClientBuilder, RequestBuilder, StatusCode};
use symbolon::calls::{self, AddressError, Answer, CallError};
use symbolon::client_authentication::{ClientAuthentication, EncodedCredentials};
use symbolon::identifiers::ClientId;
use symbolon::secret::Secret;
use url::Url;

use crate::verifier::VerificationError;

pub use symbolon::calls::Timeouts;

const JSON: &str = "application/json";

/// Why the authorization server cannot be called.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The HTTP client cannot be built: the platform gives no TLS, or the settings of a client of one's own
    /// are wrong.
    #[error("the client for the authorization server cannot be built: {0}")]
    Client(String),
    /// It must not be called at this address.
    #[error("the address of the authorization server: {0}")]
    Address(#[from] AddressError),
    /// The key that it was told cannot be used; the text does not repeat it.
    #[error("what was written as its key {0}")]
    Key(String),
}

/// A way to the authorization server; clones share its connections.
#[derive(Clone, Debug)]
pub struct Transport {
    client: Client,
    credentials: Option<Credentials>,
    allow_plain_http: bool,
}

#[derive(Clone, Debug)]
struct Credentials {
    client_id: ClientId,
    client_secret: Secret,
}

/// How the credentials are written into the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BasicEncoding {
    /// As they are: what Spring's servers expect.
    Plain,
    /// RFC 6749 §2.3.1: form-encoded first. The same for ids and secrets of letters and digits.
    Form,
}

impl Transport {
    /// A way without credentials.
    pub fn new(timeouts: Timeouts) -> Result<Self, TransportError> {
        Self::with_client(Client::builder(), timeouts)
    }

    /// A way over an HTTP client of your own: with a CA of the house, a client certificate, a proxy. Redirects
    /// are never followed, and the time-outs count whatever the builder says.
    pub fn with_client(builder: ClientBuilder, timeouts: Timeouts) -> Result<Self, TransportError> {
        let builder = builder
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.total);
        let client = calls::without_redirects(builder)
            .map_err(|error| TransportError::Client(error.to_string()))?;
        Ok(Self {
            client,
            credentials: None,
            allow_plain_http: false,
        })
    }

    /// Allows `http:` to other machines than this one, for a network that encrypts by itself, as a service mesh
    /// does. Anywhere else whoever listens in reads tokens and secrets, or puts keys of their own into a key set.
    #[must_use]
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.allow_plain_http = allow;
        self
    }

    /// The same way, with the resource server's own credentials (HTTP Basic).
    #[must_use]
    pub fn with_credentials(
        mut self,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        self.credentials = Some(Credentials {
            client_id: ClientId::new(client_id),
            client_secret: Secret::new(client_secret),
        });
        self
    }

    /// Refuses an address that must not be called.
    pub(super) fn check(&self, url: &Url) -> Result<(), AddressError> {
        calls::check_address(url, self.allow_plain_http)
    }

    pub(super) async fn post_form(
        &self,
        url: &Url,
        form: &Secret,
        encoding: BasicEncoding,
    ) -> Result<Answer, VerificationError> {
        let request = self.client.post(url.clone()).header(ACCEPT, JSON);
        let credentials = self.credentials.as_ref().map(|own| own.encode(encoding));
        answer(calls::with_form(request, form, credentials.as_ref())).await
    }

    pub(super) async fn fetch(&self, url: &Url) -> Result<Answer, VerificationError> {
        let request = self.question(url);
        let credentials = self
            .credentials
            .as_ref()
            .map(|own| own.encode(BasicEncoding::Plain));
        answer(match &credentials {
            Some(EncodedCredentials::Header(header)) => calls::with_authorization(request, header),
            Some(EncodedCredentials::Form(_)) | None => request,
        })
        .await
    }

    /// With this `Authorization`, and without our own credentials.
    pub(super) async fn fetch_as(
        &self,
        url: &Url,
        authorization: &Secret,
    ) -> Result<Answer, VerificationError> {
        answer(calls::with_authorization(self.question(url), authorization)).await
    }

    fn question(&self, url: &Url) -> RequestBuilder {
        self.client.get(url.clone()).header(ACCEPT, JSON)
    }
}

impl Credentials {
    fn encode(&self, encoding: BasicEncoding) -> EncodedCredentials {
        let secret = self.client_secret.clone();
        let authentication = match encoding {
            BasicEncoding::Plain => ClientAuthentication::RawBasic(secret),
            BasicEncoding::Form => ClientAuthentication::Basic(secret),
        };
        authentication.encode(&self.client_id)
    }
}

async fn answer(request: RequestBuilder) -> Result<Answer, VerificationError> {
    calls::answer(request).await.map_err(|error| match error {
        CallError::Unreachable(reason) | CallError::TimedOut(reason) => unreachable(&reason),
        CallError::TooLong { .. } => nonsense("its answer does not end"),
    })
}

fn unreachable(error: &reqwest::Error) -> VerificationError {
    // The text of the error itself names no body; its source says what the system saw.
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        reason = format!("{reason}: {cause}");
        source = cause.source();
    }
    VerificationError::Unavailable(format!(
        "the authorization server cannot be reached: {reason}"
    ))
}

/// An answer that no authorization server should give.
pub(super) fn nonsense(what: &str) -> VerificationError {
    VerificationError::Unavailable(format!("the authorization server makes no sense: {what}"))
}

/// A status that tells nothing about the token.
pub(super) fn unhelpful(status: StatusCode) -> VerificationError {
    VerificationError::Unavailable(format!("the authorization server answered {status}"))
}
