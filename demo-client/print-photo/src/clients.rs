//! Print Photo's clients, made once from the settings.

use std::sync::Arc;

use serde::Deserialize;
use symbolon::clock::Clock;
use symbolon::secret::Secret;
use url::Url;

use super::access::Access;
use super::application::Application;
use super::attack::Attack;
use super::code_client::{CodeClient, in_a_session};
use super::flow::{FlowRecorder, Question, Secrets};
use super::lessons::Lesson;
use super::metrics::{CallCounts, TwoObservers};
use super::questions::Questions;
use super::session::Session;
use super::settings::{
    Address, AuthorizationServerSettings, ConfidentialClientSettings, DemoClientSettings,
};
use symbolon_client::{
    AuthorizationServer, ClientAuthentication, ClientCredentialsProvider, GrantType, OAuth2Client,
    Observer, ProviderChain, Registration, Scope,
};

/// The page with the script.
pub(super) const SCRIPT_PATH: &str = "/spa";

/// The scope that lets a client know whose photos they are.
pub(super) const PROFILE: &str = "profile";

/// Print Photo's clients, and the addresses that they and the pages work with.
#[derive(Debug)]
pub(super) struct Clients {
    /// The web application, whose tokens are handles.
    web: CodeClient,
    /// The same, whose tokens are JWTs.
    web_jwt: CodeClient,
    /// Photo Stats: an application of its own.
    stats: CodeClient,
    /// The desktop program; each session has a context of its own.
    desktop: OAuth2Client,
    /// The backup: one token for the whole service.
    backup: OAuth2Client,
    /// A client of another house, whose tokens are not for Photo Space.
    stranger: OAuth2Client,
    /// The authorization server, and how it is called.
    server: Server,
    /// The photos, as this service sees them.
    pub(super) photos_url: Url,
    /// Who the owner is, as this service sees it.
    pub(super) me_url: Url,
    /// Where the authorization server takes authorization requests, as this service sees it.
    pub(super) inner_authorization_endpoint: Url,
    /// What Photo Space asks when it is called.
    pub(super) questions: Questions,
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

/// Which of the clients that ask the owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TokenKind {
    /// Its tokens are handles.
    #[default]
    Handle,
    /// Its tokens are JWTs.
    Jwt,
}

/// A client that somebody has registered and brings.
#[derive(Debug)]
pub(super) struct BroughtClient {
    /// Its `client_id`.
    pub(super) id: String,
    /// Its secret; a client that keeps none has none.
    pub(super) secret: Option<Secret>,
    /// What it asks for; `None` leaves that to the authorization server.
    pub(super) scope: Option<Scope>,
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

/// The authorization server, and how each client of it is made.
#[derive(Debug)]
struct Server {
    at: AuthorizationServer,
    clock: Arc<dyn Clock>,
    counts: Arc<dyn Observer>,
    allow_plain_http: bool,
    /// This program as browsers see it.
    public_url: String,
}

impl Server {
    fn new(
        settings: &DemoClientSettings,
        public_url: &str,
        clock: &Arc<dyn Clock>,
        counts: &Arc<dyn Observer>,
    ) -> Result<Self, ClientsError> {
        Ok(Self {
            at: authorization_server(&settings.authorization_server)?,
            clock: Arc::clone(clock),
            counts: Arc::clone(counts),
            allow_plain_http: settings.allow_plain_http,
            public_url: public_url.to_owned(),
        })
    }

    fn register(
        &self,
        id: &str,
        authentication: ClientAuthentication,
    ) -> Result<Registration, reqwest::Error> {
        let registration = Registration::new(self.at.clone(), id, authentication)?
            .with_clock(Arc::clone(&self.clock))
            .with_observer(Arc::clone(&self.counts));
        Ok(if self.allow_plain_http {
            registration.allow_plain_http()
        } else {
            registration
        })
    }

    fn confidential(
        &self,
        client: &ConfidentialClientSettings,
    ) -> Result<Registration, reqwest::Error> {
        let secret = ClientAuthentication::Basic(client.secret.clone());
        self.register(&client.id, secret)
    }

    /// Where the browser comes back to an application.
    fn redirect_uri(&self, application: Application) -> String {
        format!("{}{}", self.public_url, application.callback_path())
    }

    fn web_client(
        &self,
        application: Application,
        client: &ConfidentialClientSettings,
        scope: &Scope,
    ) -> Result<CodeClient, reqwest::Error> {
        let redirect_uri = self.redirect_uri(application);
        let registration = self.confidential(client)?;
        let scope = Some(scope.clone());
        Ok(CodeClient::new(registration, redirect_uri, scope))
    }
}

impl Clients {
    /// Makes the clients.
    pub(super) fn new(
        settings: &DemoClientSettings,
        public_url: String,
        clock: &Arc<dyn Clock>,
        counts: CallCounts,
    ) -> Result<Self, ClientsError> {
        let counts: Arc<dyn Observer> = Arc::new(counts);
        let server = Server::new(settings, &public_url, clock, &counts)?;
        let scope = Scope::parse(&format!("photo.read {PROFILE}"))?;
        let for_itself =
            ClientCredentialsProvider::default().with_scope(Scope::parse("photo.read")?);
        let clients = &settings.clients;
        let (_, photos) = settings.resource_server.called();
        let (_, inside) = settings.authorization_server.called();
        let code = |application, client| server.web_client(application, client, &scope);
        Ok(Self {
            web: code(Application::PrintPhoto, &clients.authorization_code)?,
            web_jwt: code(Application::PrintPhoto, &clients.jwt)?,
            stats: code(Application::PhotoStats, &clients.stats)?,
            desktop: OAuth2Client::with_providers(
                server.confidential(&clients.password)?,
                ProviderChain::default(),
            ),
            backup: OAuth2Client::new(
                server.confidential(&clients.client_credentials)?,
                for_itself.clone(),
            ),
            stranger: OAuth2Client::new(server.confidential(&clients.stranger)?, for_itself),
            server,
            photos_url: address("resource_server", photos, "/photos")?,
            me_url: address("resource_server", photos, "/me")?,
            inner_authorization_endpoint: address(
                "authorization_server",
                inside,
                "/oauth/authorize",
            )?,
            questions: questions(settings)?,
            authorization_server: settings.authorization_server.url.as_str().to_owned(),
            require_iss: settings.authorization_server.require_iss,
            resource_server: settings.resource_server.url.as_str().to_owned(),
            script_client_id: clients.script.id.clone(),
            public_url,
            counts,
        })
    }

    /// The web application, or what the visitor has brought in its place.
    pub(super) fn web(&self, kind: TokenKind, session: &Session) -> CodeClient {
        let ours = match kind {
            TokenKind::Handle => &self.web,
            TokenKind::Jwt => &self.web_jwt,
        };
        session.brought().unwrap_or_else(|| ours.clone())
    }

    /// A client that somebody brings, to take the place of the web application.
    pub(super) fn brought(&self, client: BroughtClient) -> Result<CodeClient, reqwest::Error> {
        let authentication = client
            .secret
            .map_or(ClientAuthentication::None, ClientAuthentication::Basic);
        let registration = self.server.register(&client.id, authentication)?;
        let redirect_uri = self.redirect_uri();
        Ok(CodeClient::new(registration, redirect_uri, client.scope))
    }

    /// Photo Stats.
    pub(super) const fn stats(&self) -> &CodeClient {
        &self.stats
    }

    /// Where the browser comes back to Print Photo.
    pub(super) fn redirect_uri(&self) -> String {
        self.server.redirect_uri(Application::PrintPhoto)
    }

    /// A client that asks the owner, in a session that has no token of it yet.
    pub(super) fn asking_owner(&self, client: &CodeClient) -> Access {
        self.access(GrantType::AuthorizationCode, client.in_a_session())
    }

    /// The client of this access, which has lost its tokens and asks again.
    pub(super) fn again(&self, access: &Access) -> Access {
        self.access(access.grant_type, in_a_session(&access.client))
    }

    /// The desktop program in a session that has no token yet.
    pub(super) fn desktop(&self) -> Access {
        self.access(GrantType::Password, in_a_session(&self.desktop))
    }

    /// The backup.
    pub(super) fn backup(&self) -> Access {
        self.access(GrantType::ClientCredentials, self.backup.clone())
    }

    /// The client of another house.
    pub(super) fn stranger(&self) -> Access {
        self.access(GrantType::ClientCredentials, self.stranger.clone())
    }

    fn access(&self, grant_type: GrantType, client: OAuth2Client) -> Access {
        Access {
            grant_type,
            client,
            counts: Arc::clone(&self.counts),
        }
    }
}

impl Access {
    /// The client, with every exchange shown in the session's inspector.
    pub(super) fn watched(&self, session: &Session) -> OAuth2Client {
        self.asking(session, Question::Photos, None)
    }

    /// The same for calls that ask Photo Space who the owner is.
    pub(super) fn asking_for_owner(&self, session: &Session) -> OAuth2Client {
        self.asking(session, Question::Owner, None)
    }

    /// The same for a call with the token as it is. It repeats nothing.
    pub(super) fn as_it_is(&self, session: &Session) -> OAuth2Client {
        self.asking(session, Question::Worth, None)
            .without_repeats()
    }

    /// Remembers of a token that does not open the photos any more that it has ended
    /// ([RFC 6750 §3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)).
    pub(super) async fn note_if_refused(&self, status: u16, session: &Session) {
        if status != reqwest::StatusCode::UNAUTHORIZED.as_u16() {
            return;
        }
        if let Ok(Some(held)) = self.client.tokens().await {
            session.note_refused(held.access_token);
        }
    }

    /// The same for an attack. It repeats nothing.
    pub(super) fn attacking(&self, session: &Session, attack: Attack) -> OAuth2Client {
        self.asking(session, Question::Photos, Some(attack.lesson()))
            .without_repeats()
    }

    fn asking(
        &self,
        session: &Session,
        question: Question,
        attack: Option<Lesson>,
    ) -> OAuth2Client {
        let recorder = Arc::new(FlowRecorder {
            flow: Arc::clone(&session.flow),
            question,
            client_id: self.client.registration().client_id().to_string(),
            secrets: if self.is_of_an_owner() {
                Secrets::Visitors
            } else {
                Secrets::Services
            },
            attack,
        });
        let observers = TwoObservers(Arc::clone(&self.counts), recorder);
        self.client.clone().with_observer(Arc::new(observers))
    }
}

fn questions(settings: &DemoClientSettings) -> Result<Questions, ClientsError> {
    let (_, photos) = settings.resource_server.called();
    let url = address("resource_server", photos, "/demo/questions")?;
    Ok(Questions::new(url, settings.inspector.shows_questions)?)
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
