//! The only wiring: which store, which keys, which clients, and the HTTP server around them.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::web::{Data, PayloadConfig};
use actix_web::{App, HttpServer, web};
use symbolon::clock::Clock;
use symbolon::random::Random;
use symbolon::secret::Secret;
use symbolon_service::drain::{Drain, close_connections};
use symbolon_service::http::local_url;
use symbolon_service::metrics::{self, HttpMetrics};
use symbolon_service::probes::{self, Readiness};
use symbolon_service::request_log::request_log;
use tokio::task::JoinHandle;

use crate::audit::Audit;
use crate::clients::authentication::ClientSecrets;
use crate::clients::client::Clients;
use crate::endpoints::{self, PAYLOAD_LIMIT};
use crate::keys::sealing::SealingError;
use crate::keys::{KeyRing, KeyRingError};
use crate::metrics::{Metrics, register_readings};
use crate::operator::OperatorSocket;
use crate::passwords::{HashingError, PasswordVerifier, VerifiedSecrets, hash_generated_secret};
use crate::resource_owners::owner::ResourceOwners;
use crate::resource_owners::sign_in::{SignInLimits, SignInThrottle};
use crate::server::{Lifetimes, ScopeDescriptions, Server, Shared};
use crate::settings::Settings;
use crate::stores::embedded::EmbeddedLocation;
use crate::stores::{Store, StoreError};

mod foundation;

use foundation::ObservedOpener;
pub use foundation::{Foundation, StoreChoice};

/// How long a client's verified secret is remembered, in seconds, and for how many clients.
const VERIFIED_SECRET_TTL_SECS: u64 = 300;
const VERIFIED_SECRETS: usize = 10_000;

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting cannot be used.
    #[error("{0}")]
    Settings(String),
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys cannot be loaded.
    #[error(transparent)]
    Keys(#[from] KeyRingError),
    /// Keys cannot be sealed.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// Passwords cannot be hashed.
    #[error(transparent)]
    Hashing(#[from] HashingError),
    /// A port cannot be taken, or a file not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Time and randomness.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

/// A server that runs. Its parts are futures: whoever starts it decides what they run on.
pub struct Running {
    /// The address for callers.
    pub address: SocketAddr,
    /// The address for probes.
    pub probes_address: SocketAddr,
    /// Answers callers.
    pub service: actix_web::dev::Server,
    /// Answers probes.
    pub probes: actix_web::dev::Server,
    /// How it leaves: given to [`run_until_signal`](symbolon_service::shutdown::run_until_signal).
    pub drain: Drain,
    /// What the logic was given: the same keys, clients and store.
    pub server: Server,
    /// Ends when this is dropped.
    pub upkeep: Upkeep,
}

/// What goes on beside the requests: keys and brakes are kept up to date, and the operator is listened
/// to. It ends when this is dropped.
#[derive(Debug)]
pub struct Upkeep {
    task: JoinHandle<()>,
    _operator: Option<OperatorSocket>,
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts a server on ports that were taken already.
pub async fn start(
    settings: &Settings,
    listener: TcpListener,
    probes_listener: TcpListener,
    around: Surroundings,
) -> Result<Running, StartError> {
    let (address, probes_address) = (listener.local_addr()?, probes_listener.local_addr()?);
    let Foundation {
        store,
        keys,
        audit,
        clients,
        opener,
    } = Foundation::open(settings, &around).await?;
    let (service, version) = ("auth-server", env!("CARGO_PKG_VERSION"));
    let mut registry = metrics::registry(service, version, around.clock.now());
    let http = HttpMetrics::register(&mut registry);
    audit.register(&mut registry);
    let measured = Metrics::register(&mut registry);
    let opener = opener.observed_by(&measured.store);
    let shared = shared_state(settings, address, (keys, audit, measured), clients, &around)?;
    tell_lax_habits(&shared.clients);
    let server = Server::new(Arc::new(shared), opener.observe(store));
    register_readings(&mut registry, &server);
    let drain = Drain::new(&settings.http);
    let service = serve(settings, listener, (&server, &drain), (opener, http))?;
    let ready = drain.readiness(readiness(Arc::clone(&server.store)));
    let probes = probes::serve(probes_listener, ready, Arc::new(registry))?;
    let upkeep = keep_up(settings, &server)?;
    tracing::info!(event = "started", issuer = server.issuer, %address, %probes_address);
    Ok(Running {
        address,
        probes_address,
        service,
        probes,
        drain,
        server,
        upkeep,
    })
}

fn shared_state(
    settings: &Settings,
    address: SocketAddr,
    (keys, audit, metrics): (KeyRing, Arc<Audit>, Metrics),
    clients: Clients,
    around: &Surroundings,
) -> Result<Shared, StartError> {
    let Surroundings { clock, random } = around;
    let slow = clients
        .iter()
        .filter_map(|client| client.secret.as_ref())
        .find(|hash| hash.is_slow());
    let reference = slow
        .cloned()
        .unwrap_or_else(|| hash_generated_secret(&Secret::new(random.text::<32>())));
    let limits = SignInLimits {
        per_account_per_minute: settings.login.attempts_per_account_per_minute,
        per_address_per_minute: settings.login.attempts_per_address_per_minute,
    };
    let memory = VerifiedSecrets::new(
        VERIFIED_SECRETS,
        VERIFIED_SECRET_TTL_SECS,
        Arc::clone(clock),
        random.as_ref(),
    );
    let passwords = PasswordVerifier::for_this_machine(settings.login.waiting, random.as_ref())?
        .measured_by(metrics.hashing.clone());
    Ok(Shared {
        issuer: match settings.issuer.as_str() {
            "" => local_url(address),
            issuer => issuer.to_owned(),
        },
        lifetimes: Lifetimes {
            authorization_code_secs: settings.tokens.authorization_code_ttl_secs,
            refresh_grace_secs: settings.tokens.refresh_grace_secs,
            approval_secs: settings.approvals.ttl_secs,
            login_secs: settings.login.ttl_secs,
            pending_secs: settings.login.pending_ttl_secs,
        },
        scopes: ScopeDescriptions::new(settings.scopes.clone()),
        clients,
        audit,
        metrics,
        client_secrets: ClientSecrets { memory, reference },
        owners: ResourceOwners::new(settings.owners().map_err(StartError::Settings)?),
        passwords: Arc::new(passwords),
        throttle: SignInThrottle::new(limits, Arc::clone(clock)),
        keys,
        clock: Arc::clone(clock),
        random: Arc::clone(random),
    })
}

/// Decision 4: what OAuth 2.1 has given up is on only where somebody switched it on, and is told.
fn tell_lax_habits(clients: &Clients) {
    for client in clients.iter() {
        for habit in client.lax_habits() {
            tracing::warn!(event = "lax_habit", client.id = %client.id, habit);
        }
    }
}

fn serve(
    settings: &Settings,
    listener: TcpListener,
    (server, drain): (&Server, &Drain),
    (opener, http): (ObservedOpener, HttpMetrics),
) -> Result<actix_web::dev::Server, StartError> {
    let origins = server.clients.script_origins();
    let is_https = server.is_https();
    let (server, drain) = (server.clone(), Data::new(drain.clone()));
    let proxies = Data::new(settings.http.trusted_proxies.clone());
    let http_server = HttpServer::new(move || {
        let server = match opener.open() {
            Ok(store) => server.with_store(store),
            Err(error) => {
                tracing::error!(event = "worker_shares_a_connection", %error);
                server.clone()
            }
        };
        App::new()
            .app_data(Data::new(server))
            .app_data(drain.clone())
            .app_data(proxies.clone())
            .app_data(PayloadConfig::new(PAYLOAD_LIMIT))
            .wrap(endpoints::security_headers(is_https))
            .wrap(from_fn(close_connections))
            .wrap(from_fn(request_log))
            .wrap(http.clone())
            .configure(|config| endpoints::configure(config, &origins))
            .default_service(web::to(endpoints::not_found))
    });
    let http_server = http_server
        .workers(settings.http.workers)
        .keep_alive(Duration::from_secs(settings.http.keep_alive_secs))
        .shutdown_timeout(settings.http.shutdown_timeout_secs)
        .disable_signals()
        .listen(listener)?;
    Ok(http_server.run())
}

fn readiness(store: Arc<dyn Store>) -> Readiness {
    Arc::new(move || {
        let store = Arc::clone(&store);
        Box::pin(async move {
            store
                .check_health()
                .await
                .map_err(|error| error.to_string())
        })
    })
}

fn keep_up(settings: &Settings, server: &Server) -> Result<Upkeep, StartError> {
    let operator = match StoreChoice::read(settings)? {
        StoreChoice::Embedded(EmbeddedLocation::File(file)) => {
            let listening = OperatorSocket::listen(&file, server.clone());
            let told = listening.inspect_err(|error| {
                let file = file.display();
                tracing::warn!(event = "operator_not_heard", %file, %error);
            });
            told.ok()
        }
        StoreChoice::Embedded(EmbeddedLocation::Memory) | StoreChoice::Redis(_) => None,
    };
    let server = server.clone();
    let mut ticks = tokio::time::interval(Duration::from_secs(settings.keys.reload_every_secs));
    let task = tokio::spawn(async move {
        ticks.tick().await;
        loop {
            ticks.tick().await;
            let longest = server.clients.longest_access_token_life_secs();
            let reloaded = server.keys.reload(longest).await;
            server.audit.record_key_changes(&reloaded.changes);
            if let Err(error) = reloaded.outcome {
                tracing::error!(event = "keys_not_reloaded", %error);
            }
            server.throttle.forget_quiet();
        }
    });
    Ok(Upkeep {
        task,
        _operator: operator,
    })
}
