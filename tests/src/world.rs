//! The three services in one process.

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use auth_server::app::{self, Surroundings};
use auth_server::settings::Settings;
use demo_client::demo::{DemoClient, DemoClientSettings};
use resource_server::demo::{DemoSettings, RunningDemo};
use shared::clock::{Clock, SettableClock, SystemClock};
use shared::random::SystemRandom;
use shared::service::http::local_url;
use shared::service::settings::SettingsSources;
use shared::service::telemetry::{LogFormat, LogSettings, start_logging};
use tempfile::TempDir;

use crate::{Answer, Browser, RedisServer};

/// Where the authorization server keeps things.
#[derive(Debug)]
pub enum Store {
    /// In memory.
    Memory,
    /// In a file.
    File(PathBuf),
    /// In a Redis of its own.
    Redis(RedisServer),
    /// In a Redis that others use too.
    SharedRedis(String),
}

impl Store {
    /// A new Redis.
    pub async fn redis() -> Self {
        Self::Redis(RedisServer::start().await)
    }

    /// One of each kind, for tests whose worlds differ in more than settings.
    pub async fn of_every_kind() -> [Self; 2] {
        [Self::Memory, Self::redis().await]
    }

    fn url(&self) -> String {
        match self {
            Self::Memory => "memory:".to_owned(),
            Self::File(path) => format!("embedded:{}", path.display()),
            Self::Redis(server) => server.url(),
            Self::SharedRedis(url) => url.clone(),
        }
    }
}

/// What a world is made of.
#[derive(Debug)]
pub struct WorldBuilder {
    store: Store,
    clock: Arc<SettableClock>,
    environment: HashMap<String, String>,
    extra: String,
    replacements: Vec<(String, String)>,
}

impl WorldBuilder {
    /// Sets a setting by its environment variable, for example `AUTH_SERVER__TOKENS__FORMAT`.
    #[must_use]
    pub fn set(mut self, key: &str, value: &str) -> Self {
        self.environment.insert(key.to_owned(), value.to_owned());
        self
    }

    /// Adds TOML to the demo's settings: more clients, owners, scopes.
    #[must_use]
    pub fn with(mut self, toml: &str) -> Self {
        self.extra.push_str(toml);
        self.extra.push('\n');
        self
    }

    /// Replaces a text in the demo's settings; fails at the start when it is not there.
    #[must_use]
    pub fn replace(mut self, from: &str, to: &str) -> Self {
        self.replacements.push((from.to_owned(), to.to_owned()));
        self
    }

    /// Shares the clock of another world.
    #[must_use]
    pub fn clock(mut self, clock: &Arc<SettableClock>) -> Self {
        self.clock = Arc::clone(clock);
        self
    }

    /// Starts the three services.
    pub async fn start(self) -> World {
        World::start(self).await
    }
}

/// Three services that run until this is dropped.
pub struct World {
    /// The authorization server's address, without a slash at the end.
    pub auth: String,
    /// The resource server's address.
    pub resource: String,
    /// The demo client's address.
    pub client: String,
    /// The authorization server's probes.
    pub probes: String,
    /// The time of all three.
    pub clock: Arc<SettableClock>,
    /// Where the authorization server keeps things.
    pub store: Store,
    /// What the authorization server's logic was given.
    pub server: auth_server::server::Server,
    http: reqwest::Client,
    pub(crate) handles: Vec<actix_web::dev::ServerHandle>,
    _upkeep: app::Upkeep,
    _directory: TempDir,
}

/// The demo's clients keep these secrets.
pub fn secret_of(client_id: &str) -> String {
    format!("{client_id}-secret")
}

fn bind() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it has an address");
    (listener, address)
}

impl World {
    /// A world on this store with the demo's clients and owners.
    pub fn builder(store: Store) -> WorldBuilder {
        let clock = Arc::new(SettableClock::at(SystemClock.now()));
        let (environment, extra, replacements) = Default::default();
        WorldBuilder {
            store,
            clock,
            environment,
            extra,
            replacements,
        }
    }

    /// Sends a form to the token endpoint as one of the demo's confidential clients, by HTTP Basic.
    pub async fn token(&self, client_id: &str, form: &[(&str, &str)]) -> Answer {
        self.post_as(client_id, "/oauth/token", form).await
    }

    /// Sends a form to any endpoint of the authorization server as one of the demo's confidential
    /// clients, by HTTP Basic.
    pub async fn post_as(&self, client_id: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.http.post(format!("{}{path}", self.auth)).form(form);
        let request = request.basic_auth(client_id, Some(secret_of(client_id)));
        Answer::read(request.send().await.expect("the server answers")).await
    }

    /// Sends a form to an endpoint of the authorization server without an `Authorization` header.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.http.post(format!("{}{path}", self.auth)).form(form);
        Answer::read(request.send().await.expect("the server answers")).await
    }

    /// Asks about a token as the resource server does.
    pub async fn check_token(&self, token: &str) -> Answer {
        self.post_as("photo-space", "/oauth/check_token", &[("token", token)])
            .await
    }

    /// Calls the demo's API with a bearer token.
    pub async fn call(&self, path: &str, token: &str) -> Answer {
        let request = self
            .http
            .get(format!("{}{path}", self.resource))
            .bearer_auth(token);
        Answer::read(request.send().await.expect("the resource server answers")).await
    }

    /// For requests that no other method here makes. Redirects are not followed.
    pub const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Where `print-photo` has its browsers sent.
    pub fn callback(&self) -> String {
        format!("{}/callback", self.client)
    }

    /// A code for `print-photo`, asked for without PKCE, approved by `xiaoming` for `photo.read` and
    /// `profile`.
    pub async fn code(&self) -> String {
        let parameters = [
            ("response_type", "code"),
            ("client_id", "print-photo"),
            ("redirect_uri", &self.callback()),
            ("scope", "photo.read profile"),
            ("state", "xyz"),
        ];
        self.browser()
            .journey(&parameters, &["photo.read", "profile"])
            .await
            .code()
    }

    /// Exchanges a code as `print-photo`.
    pub async fn exchange(&self, code: &str) -> Answer {
        let redirect_uri = self.callback();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri.as_str()),
        ];
        self.token("print-photo", &form).await
    }

    /// Exchanges a refresh token as `print-photo`.
    pub async fn refresh(&self, refresh_token: &str) -> Answer {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ];
        self.token("print-photo", &form).await
    }

    async fn start(builder: WorldBuilder) -> Self {
        let log = LogSettings {
            format: LogFormat::Pretty,
            filter: "warn".to_owned(),
        };
        start_logging(&log).expect("the filter is sound");
        let [auth, resource, client] = [bind(), bind(), bind()];
        let addresses = Addresses {
            auth: local_url(auth.1),
            resource: local_url(resource.1),
            client: local_url(client.1),
        };
        let directory = tempfile::tempdir().expect("a directory");
        let file = builder.write_settings(directory.path(), &addresses);
        let clock = Arc::clone(&builder.clock);
        let settings: Settings = Settings::from_sources(&SettingsSources {
            file: Some(&file),
            ..builder.sources(
                auth_server::settings::PREFIX,
                auth_server::settings::DEFAULTS,
                &addresses,
            )
        })
        .expect("the settings are sound");
        let around = Surroundings {
            clock: clock.clone(),
            random: Arc::new(SystemRandom),
        };
        let running = app::start(&settings, auth.0, bind().0, around)
            .await
            .expect("the authorization server starts");
        let probes = local_url(running.probes_address);
        let (server, upkeep) = (running.server, running.upkeep);
        let mut handles = run(running.service, running.probes);

        let photos = builder.resource_server(resource.0, &addresses);
        handles.extend(run(photos.service, photos.probes));
        let demo = builder.demo_client(client.0, &addresses);
        handles.extend(run(demo.service, demo.probes));

        let Addresses {
            auth,
            resource,
            client,
        } = addresses;
        Self {
            auth,
            resource,
            client,
            probes,
            clock,
            store: builder.store,
            server,
            http: Browser::plain_client(),
            handles,
            _upkeep: upkeep,
            _directory: directory,
        }
    }
}

/// Where the three services are.
struct Addresses {
    auth: String,
    resource: String,
    client: String,
}

fn run(
    service: actix_web::dev::Server,
    probes: actix_web::dev::Server,
) -> Vec<actix_web::dev::ServerHandle> {
    let handles = vec![service.handle(), probes.handle()];
    tokio::spawn(service);
    tokio::spawn(probes);
    handles
}

impl WorldBuilder {
    fn write_settings(&self, directory: &Path, addresses: &Addresses) -> PathBuf {
        let demo = include_str!("../../auth-server/config/demo.toml");
        let mut toml = demo.replace("http://localhost:9002", &addresses.client);
        for (from, to) in &self.replacements {
            assert!(
                toml.contains(from),
                "the demo's settings do not hold {from}"
            );
            toml = toml.replace(from, to);
        }
        let file = directory.join("auth-server.toml");
        std::fs::write(&file, format!("{toml}\n{}", self.extra)).expect("the settings are written");
        file
    }

    fn resource_server(&self, listener: TcpListener, addresses: &Addresses) -> RunningDemo {
        use resource_server::demo::{DEFAULTS, ENVIRONMENT_PREFIX};
        let settings: DemoSettings = self
            .sources(ENVIRONMENT_PREFIX, DEFAULTS, addresses)
            .load()
            .expect("the settings are sound");
        resource_server::demo::start(&settings, listener, bind().0, self.clock.clone())
            .expect("the resource server starts")
    }

    fn demo_client(&self, listener: TcpListener, addresses: &Addresses) -> DemoClient {
        let settings: DemoClientSettings = self
            .sources("DEMO_CLIENT", demo_client::demo::DEFAULTS, addresses)
            .load()
            .expect("the settings are sound");
        demo_client::demo::start(&settings, listener, bind().0, self.clock.clone())
            .expect("the demo client starts")
    }

    fn sources(
        &self,
        prefix: &'static str,
        defaults: &'static str,
        addresses: &Addresses,
    ) -> SettingsSources<'static> {
        let wired = [
            ("AUTH_SERVER__STORE__URL", self.store.url()),
            (
                "RESOURCE_SERVER__VERIFIER__AUTHORIZATION_SERVER",
                addresses.auth.clone(),
            ),
            (
                "RESOURCE_SERVER__CORS__ALLOWED_ORIGINS",
                addresses.client.clone(),
            ),
            (
                "DEMO_CLIENT__AUTHORIZATION_SERVER__URL",
                addresses.auth.clone(),
            ),
            (
                "DEMO_CLIENT__RESOURCE_SERVER__URL",
                addresses.resource.clone(),
            ),
        ];
        let wired = wired.map(|(key, value)| (key.to_owned(), value));
        let mut environment: HashMap<String, String> = wired.into_iter().collect();
        environment.extend(self.environment.clone());
        environment.retain(|key, _| key.starts_with(prefix));
        SettingsSources {
            defaults,
            file: None,
            prefix,
            environment,
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Asked now, done by the runtime that the services run on; nobody waits for it.
        for handle in &self.handles {
            drop(handle.stop(false));
        }
    }
}

impl WorldBuilder {
    /// Adds settings to one of the demo's clients, as lines of its TOML table.
    #[must_use]
    pub fn client(self, client_id: &str, lines: &str) -> Self {
        let line = format!("client_id = \"{client_id}\"\n");
        let more = format!("{line}{lines}\n");
        self.replace(&line, &more)
    }

    /// Does what a function says: for `on_every_store!`.
    #[must_use]
    pub fn prepared_by(self, prepare: impl FnOnce(Self) -> Self) -> Self {
        prepare(self)
    }
}

impl World {
    /// The owner's tokens by the shortest way: the password grant of `photo-desktop`, as `xiaoming`.
    pub async fn password_grant(&self, scope: &str) -> Answer {
        let form = [
            ("grant_type", "password"),
            ("username", "xiaoming"),
            ("password", "photos4me"),
            ("scope", scope),
        ];
        self.token("photo-desktop", &form).await
    }

    /// Sends a form to an endpoint of the authorization server with these Basic credentials, exactly.
    pub async fn post_with(
        &self,
        (id, secret): (&str, &str),
        path: &str,
        form: &[(&str, &str)],
    ) -> Answer {
        let request = self.http.post(format!("{}{path}", self.auth)).form(form);
        let request = request.basic_auth(id, Some(secret));
        Answer::read(request.send().await.expect("the server answers")).await
    }

    /// Gets a page or document of the authorization server, without cookies.
    pub async fn get(&self, path: &str) -> Answer {
        let request = self.http.get(format!("{}{path}", self.auth));
        Answer::read(request.send().await.expect("the server answers")).await
    }
}
