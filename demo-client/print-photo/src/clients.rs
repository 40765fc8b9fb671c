//! Print Photo's clients, made once from the settings.

use std::sync::Arc;

use symbolon::clock::Clock;
use url::Url;

use super::access::Access;
use super::flow::{FlowRecorder, Question};
use super::metrics::{CallCounts, TwoObservers};
use super::session::Session;
use super::settings::{
    Address, AuthorizationServerSettings, ConfidentialClientSettings, DemoClientSettings,
};
use symbolon_client::{
    AuthorizationCodeProvider, AuthorizationServer, ClientAuthentication,
    ClientCredentialsProvider, GrantType, MemoryContext, OAuth2Client, Observer, ProviderChain,
    Registration, Scope,
};

/// Where the browser comes back to.
pub(super) const CALLBACK_PATH: &str = "/callback";
/// The page with the script.
pub(super) const SCRIPT_PATH: &str = "/spa";

/// The scope that lets a client know whose photos they are.
pub(super) const PROFILE: &str = "profile";

/// Print Photo's clients, and the addresses that they and the pages work with.
#[derive(Debug)]
pub(super) struct Clients {
    /// Asks the owner.
    pub(super) authorization_code: AuthorizationCodeProvider,
    /// The web application; each session has a context of its own.
    web: OAuth2Client,
    /// The desktop program; each session has a context of its own.
    desktop: OAuth2Client,
    /// The backup: one token for the whole service.
    backup: OAuth2Client,
    /// The photos, as this service sees them.
    pub(super) photos_url: Url,
    /// Who the owner is, as this service sees it.
    pub(super) me_url: Url,
    /// The authorization server as browsers see it.
    pub(super) authorization_server: String,
    /// Whether the script refuses an answer without `iss` (RFC 9207).
    pub(super) require_iss: bool,
    /// Photo Space as browsers see it.
    pub(super) resource_server: String,
    /// The `client_id` of the script.
    pub(super) script_client_id: String,
    /// This application as browsers see it.
    pub(super) public_url: String,
    /// Counts every exchange.
    counts: Arc<dyn Observer>,
}

/// Settings that make no client.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientsError {
    #[error("{setting}: `{value}` is not an address: {reason}")]
    Url {
        setting: &'static str,
        value: String,
        reason: url::ParseError,
    },
    #[error(transparent)]
    Scope(#[from] symbolon_client::InvalidScope),
    #[error(transparent)]
    Http(#[from] reqwest::Error),
}

impl Clients {
    /// Makes the clients.
    pub(super) fn new(
        settings: &DemoClientSettings,
        public_url: String,
        clock: &Arc<dyn Clock>,
        counts: CallCounts,
    ) -> Result<Self, ClientsError> {
        let server = authorization_server(&settings.authorization_server)?;
        let counts: Arc<dyn Observer> = Arc::new(counts);
        let register = |client: &ConfidentialClientSettings| {
            let secret = ClientAuthentication::Basic(client.secret.clone());
            let registration = Registration::new(server.clone(), client.id.as_str(), secret)?
                .with_clock(Arc::clone(clock))
                .with_observer(Arc::clone(&counts));
            Ok::<_, reqwest::Error>(if settings.allow_plain_http {
                registration.allow_plain_http()
            } else {
                registration
            })
        };
        let redirect_uri = format!("{public_url}{CALLBACK_PATH}");
        let authorization_code = AuthorizationCodeProvider::new(redirect_uri)
            .with_scope(Scope::parse(&format!("photo.read {PROFILE}"))?);
        let backup = ClientCredentialsProvider::default().with_scope(Scope::parse("photo.read")?);
        let clients = &settings.clients;
        let (_, photos) = settings.resource_server.called();
        Ok(Self {
            web: OAuth2Client::new(
                register(&clients.authorization_code)?,
                authorization_code.clone(),
            ),
            desktop: OAuth2Client::with_providers(
                register(&clients.password)?,
                ProviderChain::default(),
            ),
            backup: OAuth2Client::new(register(&clients.client_credentials)?, backup),
            authorization_code,
            photos_url: address("resource_server", photos, "/photos")?,
            me_url: address("resource_server", photos, "/me")?,
            authorization_server: settings.authorization_server.url.as_str().to_owned(),
            require_iss: settings.authorization_server.require_iss,
            resource_server: settings.resource_server.url.as_str().to_owned(),
            script_client_id: clients.script.id.clone(),
            public_url,
            counts: Arc::clone(&counts),
        })
    }

    /// The web application in a session that has no token yet.
    pub(super) fn web(&self) -> Access {
        Access {
            grant_type: GrantType::AuthorizationCode,
            client: self
                .web
                .clone()
                .with_context(Arc::new(MemoryContext::default())),
            counts: Arc::clone(&self.counts),
        }
    }

    /// The desktop program in a session that has no token yet.
    pub(super) fn desktop(&self) -> Access {
        Access {
            grant_type: GrantType::Password,
            client: self
                .desktop
                .clone()
                .with_context(Arc::new(MemoryContext::default())),
            counts: Arc::clone(&self.counts),
        }
    }

    /// The backup.
    pub(super) fn backup(&self) -> Access {
        Access {
            grant_type: GrantType::ClientCredentials,
            client: self.backup.clone(),
            counts: Arc::clone(&self.counts),
        }
    }
}

impl Access {
    /// The client, with every exchange shown in the session's inspector.
    pub(super) fn watched(&self, session: &Session) -> OAuth2Client {
        self.asking(Question::Photos, session)
    }

    /// The same for calls that ask Photo Space who the owner is.
    pub(super) fn asking_for_owner(&self, session: &Session) -> OAuth2Client {
        self.asking(Question::Owner, session)
    }

    fn asking(&self, question: Question, session: &Session) -> OAuth2Client {
        let flow = Arc::clone(&session.flow);
        let recorder = Arc::new(FlowRecorder { flow, question });
        let observers = TwoObservers(Arc::clone(&self.counts), recorder);
        self.client.clone().with_observer(Arc::new(observers))
    }
}

/// Browsers and this service may see the server at different addresses.
fn authorization_server(
    settings: &AuthorizationServerSettings,
) -> Result<AuthorizationServer, ClientsError> {
    let outside = &settings.url;
    let (_, inside) = settings.called();
    let at = |base, path| address("authorization_server", base, path);
    Ok(AuthorizationServer {
        issuer: Some(outside.as_str().to_owned()),
        require_iss: settings.require_iss,
        authorization_endpoint: Some(at(outside, "/oauth/authorize")?),
        token_endpoint: at(inside, "/oauth/token")?,
        revocation_endpoint: Some(at(inside, "/oauth/revoke")?),
    })
}

fn address(setting: &'static str, base: &Address, path: &str) -> Result<Url, ClientsError> {
    let base = base.as_str();
    Url::parse(&format!("{base}{path}")).map_err(|reason| ClientsError::Url {
        setting,
        value: base.to_owned(),
        reason,
    })
}
