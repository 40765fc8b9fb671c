//! What a world is made of, and how it is started.

use std::collections::HashMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use print_photo::DemoClient;
use symbolon::clock::{Clock, SettableClock, SystemClock};
use symbolon::random::SystemRandom;
use symbolon_auth_server::app::{self, Extensions, Inputs};
use symbolon_auth_server::settings::Settings;
use symbolon_service::hang_ups::HangUps;
use symbolon_service::http::{Listeners, local_url};
use symbolon_service::identity::ServiceIdentity;
use symbolon_service::service::RunningService;
use symbolon_service::settings::{ServiceSettings, SettingsSources};
use symbolon_service::telemetry::{LogFormat, LogSettings, Telemetry, TraceSettings};

use crate::mails::MAILS;
use crate::{Browser, Database, Directory, RedisServer, World};

/// What the process is called in which all three run.
const IDENTITY: ServiceIdentity = ServiceIdentity {
    name: "tests",
    version: env!("CARGO_PKG_VERSION"),
    crate_name: env!("CARGO_CRATE_NAME"),
};

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
    extensions: Extensions,
    ports: [u16; 3],
}

impl WorldBuilder {
    pub(crate) fn new(store: Store) -> Self {
        let clock = Arc::new(SettableClock::at(SystemClock.now()));
        let (environment, extra, replacements) = Default::default();
        Self {
            store,
            clock,
            environment,
            extra,
            replacements,
            extensions: Extensions::default(),
            ports: [0; 3],
        }
    }

    /// Listens where README says that the demo does, for pictures. There is one such world on a machine.
    #[must_use]
    pub const fn at_ports_of_the_demo(mut self) -> Self {
        self.ports = [9000, 9001, 9002];
        self
    }

    /// Adds to the authorization server what its settings cannot say.
    #[must_use]
    pub fn extended_by(mut self, extensions: Extensions) -> Self {
        self.extensions = extensions;
        self
    }

    /// Sets a setting by its environment variable, for example `AUTH_SERVER__TOKENS__FORMAT`.
    #[must_use]
    pub fn set(mut self, key: &str, value: &str) -> Self {
        self.environment.insert(key.to_owned(), value.to_owned());
        self
    }

    /// Takes owners from this directory too.
    #[must_use]
    pub fn on_directory(self, directory: &Directory) -> Self {
        let (name, password) = Directory::SEARCHER;
        self.set("AUTH_SERVER__LDAP_OWNERS__URL", &directory.url())
            .set("AUTH_SERVER__LDAP_OWNERS__BASE_DN", "dc=example")
            .set("AUTH_SERVER__LDAP_OWNERS__BIND_DN", name)
            .set("AUTH_SERVER__LDAP_OWNERS__BIND_PASSWORD", password)
    }

    /// Takes clients and owners from the tables of this database too.
    #[must_use]
    pub fn on_tables_of(self, database: &Database) -> Self {
        let (url, password) = (database.url(), database.password().unwrap_or_default());
        self.set("AUTH_SERVER__SQL_CLIENTS__URL", &url)
            .set("AUTH_SERVER__SQL_CLIENTS__PASSWORD", password)
            .set("AUTH_SERVER__SQL_OWNERS__URL", &url)
            .set("AUTH_SERVER__SQL_OWNERS__PASSWORD", password)
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

    /// Starts the three services.
    #[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
    pub async fn start(self) -> World {
        let log = LogSettings {
            format: LogFormat::Pretty,
            filter: "warn".to_owned(),
        };
        Telemetry::start(IDENTITY, &log, &TraceSettings::OFF).expect("the filter is sound");
        let [auth, resource, client] = self.ports.map(bind);
        let addresses = Addresses {
            auth: url(&auth),
            resource: url(&resource),
            client: url(&client),
        };
        let directory = tempfile::tempdir().expect("a directory");
        let file = self.write_settings(directory.path(), &addresses);
        let clock = Arc::clone(&self.clock);
        let sources = self.sources(Some(file.clone()), &addresses);
        let settings = sources.examine::<Settings>().accept();
        let settings = settings.expect("the settings are sound");
        let read = Arc::new(move || sources.examine().accept());
        let inputs = Inputs {
            clock: clock.clone(),
            random: Arc::new(SystemRandom),
            extensions: self.extensions.clone(),
        };
        let hang_ups = HangUps::listen().expect("signals can be heard");
        let running = app::start(&settings, read, auth, inputs, hang_ups)
            .await
            .expect("the authorization server starts");
        let probes = local_url(running.service.probes_address);
        let (server, upkeep) = (running.server, running.upkeep);
        let mut handles = run(running.service);

        let photos = self.resource_server(resource, &addresses);
        let resource_probes = local_url(photos.probes_address);
        handles.extend(run(photos));
        let demo = self.demo_client(client, &addresses);
        let client_probes = local_url(demo.service.probes_address);
        handles.extend(run(demo.service));

        let Addresses {
            auth,
            resource,
            client,
        } = addresses;
        World {
            auth,
            resource,
            client,
            probes,
            resource_probes,
            client_probes,
            clock,
            store: self.store,
            settings_file: file,
            server,
            http: Browser::plain_client(),
            handles,
            upkeep: Some(upkeep),
            directory,
        }
    }
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

    fn resource_server(&self, listeners: Listeners, addresses: &Addresses) -> RunningService {
        let settings = self.settings(addresses);
        photo_space::start(&settings, listeners, self.clock.clone())
            .expect("the resource server starts")
    }

    fn demo_client(&self, listeners: Listeners, addresses: &Addresses) -> DemoClient {
        let settings = self.settings(addresses);
        print_photo::start(&settings, listeners, self.clock.clone())
            .expect("the demo client starts")
    }

    fn settings<S: ServiceSettings>(&self, addresses: &Addresses) -> S {
        let sources = self.sources(None, addresses);
        sources.load().expect("the settings are sound")
    }

    fn sources(&self, file: Option<PathBuf>, addresses: &Addresses) -> SettingsSources {
        let wired = [
            ("AUTH_SERVER__STORE__URL", self.store.url()),
            (
                "RESOURCE_SERVER__VERIFIER__AUTHORIZATION_SERVER",
                addresses.auth.clone(),
            ),
            ("RESOURCE_SERVER__SHOW_QUESTIONS", "true".to_owned()),
            ("DEMO_CLIENT__INSPECTOR__SHOWS_QUESTIONS", "true".to_owned()),
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
        if let Some(file) = &file {
            let mails = file.with_file_name(MAILS).display().to_string();
            environment.insert("AUTH_SERVER__MAIL__FOLDER".to_owned(), mails);
        }
        environment.extend(self.environment.clone());
        // Each service refuses variables of its own that it does not know, and looks at no others.
        SettingsSources { file, environment }
    }
}

/// Where the three services are.
struct Addresses {
    auth: String,
    resource: String,
    client: String,
}

fn run(running: RunningService) -> Vec<actix_web::dev::ServerHandle> {
    let handles = vec![running.service.handle(), running.probes.handle()];
    tokio::spawn(running.service);
    tokio::spawn(running.probes);
    handles
}

/// At this port; at any if it is 0.
fn bind(port: u16) -> Listeners {
    let bind = |port| TcpListener::bind(("127.0.0.1", port)).expect("the port is free");
    Listeners {
        service: bind(port),
        probes: bind(0),
    }
}

fn url(listeners: &Listeners) -> String {
    local_url(listeners.address().expect("it has an address"))
}
