//! The only wiring: which store, which keys, which clients, and the HTTP server around them.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{Data, PayloadConfig};
use actix_web::{App, web};
use symbolon::clock::{Clock, SystemClock};
use symbolon::random::{Random, SystemRandom};
use symbolon::secret::Secret;
use symbolon_service::command_line::CommandError;
use symbolon_service::http::{Listeners, local_url};
use symbolon_service::identity::ServiceIdentity;
use symbolon_service::probes::Readiness;
use symbolon_service::service::{RunningService, Service};
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

/// What the server is called.
pub const IDENTITY: ServiceIdentity = ServiceIdentity {
    name: "auth-server",
    version: env!("CARGO_PKG_VERSION"),
    crate_name: env!("CARGO_CRATE_NAME"),
};

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

impl From<StartError> for CommandError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Settings(text) => Self::Settings(text),
            StartError::Store(_)
            | StartError::Keys(_)
            | StartError::Sealing(_)
            | StartError::Hashing(_)
            | StartError::Io(_) => Self::Failed(error.to_string()),
        }
    }
}

/// Time and randomness: what a server takes from outside, so that tests can move the one and know the other.
#[derive(Clone, Debug)]
pub struct ClockAndRandom {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

impl ClockAndRandom {
    /// Those of this machine.
    pub fn of_the_system() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        }
    }
}

/// A server that runs.
pub struct Running {
    /// Answers callers and probes.
    pub service: RunningService,
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
    listeners: Listeners,
    inputs: ClockAndRandom,
) -> Result<Running, StartError> {
    let address = listeners.address()?;
    let Foundation {
        store,
        keys,
        audit,
        clients,
        opener,
    } = Foundation::open(settings, &inputs).await?;
    let mut service = Service::new(IDENTITY, inputs.clock.now());
    audit.register(service.registry());
    let measured = Metrics::register(service.registry());
    let opener = opener.observed_by(&measured.store);
    let shared = shared_state(settings, address, (keys, audit, measured), clients, &inputs)?;
    log_lax_habits(&shared.clients);
    let server = Server::new(Arc::new(shared), opener.observe(store));
    register_readings(service.registry(), &server);
    let service = serve(settings, service, listeners, &server, opener)?;
    let upkeep = keep_up(settings, &server)?;
    let probes_address = service.probes_address;
    tracing::info!(event = "started", issuer = server.issuer, %address, %probes_address);
    Ok(Running {
        service,
        server,
        upkeep,
    })
}

fn shared_state(
    settings: &Settings,
    address: SocketAddr,
    (keys, audit, metrics): (KeyRing, Arc<Audit>, Metrics),
    clients: Clients,
    inputs: &ClockAndRandom,
) -> Result<Shared, StartError> {
    let ClockAndRandom { clock, random } = inputs;
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

/// What OAuth 2.1 has given up is on only where somebody switched it on, and is logged.
fn log_lax_habits(clients: &Clients) {
    for client in clients.iter() {
        for habit in client.lax_habits() {
            tracing::warn!(event = "lax_habit", client.id = %client.id, habit);
        }
    }
}

fn serve(
    settings: &Settings,
    service: Service,
    listeners: Listeners,
    server: &Server,
    opener: ObservedOpener,
) -> Result<RunningService, StartError> {
    let readiness = readiness(&server.store);
    let origins = server.clients.script_origins();
    let is_https = server.is_https();
    let server = server.clone();
    let app = move || {
        App::new()
            .app_data(Data::new(server_of_worker(&server, &opener)))
            .app_data(PayloadConfig::new(PAYLOAD_LIMIT))
            .wrap(endpoints::security_headers(is_https))
            .configure(|config| endpoints::configure(config, &origins))
            .default_service(web::to(endpoints::not_found))
    };
    Ok(service.start(&settings.http, listeners, &readiness, app)?)
}

/// The server for the worker thread that this is called on, with a store of its own.
fn server_of_worker(server: &Server, opener: &ObservedOpener) -> Server {
    match opener.open() {
        Ok(store) => server.with_store(store),
        Err(error) => {
            tracing::error!(event = "worker_shares_a_connection", %error);
            server.clone()
        }
    }
}

fn readiness(store: &Arc<dyn Store>) -> Readiness {
    let store = Arc::clone(store);
    Readiness::asking(move || {
        let store = Arc::clone(&store);
        async move {
            let health = store.check_health().await;
            health.map_err(|error| error.to_string())
        }
    })
}

fn keep_up(settings: &Settings, server: &Server) -> Result<Upkeep, StartError> {
    let operator = match StoreChoice::read(settings)? {
        StoreChoice::Embedded(EmbeddedLocation::File(file)) => {
            let listening = OperatorSocket::listen(&file, server.clone());
            let listening = listening.inspect_err(|error| {
                let file = file.display();
                tracing::warn!(event = "operator_not_heard", %file, %error);
            });
            listening.ok()
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
