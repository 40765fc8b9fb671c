//! The only wiring: which store, which keys, which clients, and the HTTP server around them.

use std::sync::Arc;

use actix_web::App;
use actix_web::web::{Data, PayloadConfig};
use symbolon_service::hang_ups::HangUps;
use symbolon_service::http::{Listeners, local_url};
use symbolon_service::identity::ServiceIdentity;
use symbolon_service::probes::Readiness;
use symbolon_service::service::{RunningService, Service};
use symbolon_service::settings::{Accepted, shown};

use crate::audit::Audit;
use crate::endpoints::{self, Site};
use crate::http::current_request::known_to_all;
use crate::http::form::PAYLOAD_LIMIT;
use crate::http::security_headers::security_headers;
use crate::journal::{JournalQueue, journal_queue};
use crate::metrics::{Metrics, register_readings};
use crate::operator::Operator;
use crate::reload::{CurrentSettings, ReadSettings, Reload};
use crate::server::Server;
use crate::settings::Settings;
use crate::tokens::write_back::written_back;

mod authority;
mod brand;
mod check;
mod error;
mod extensions;
mod foundation;
mod habits;
mod inputs;
mod journal;
mod key_files;
mod legacy_tokens;
mod links;
#[cfg(feature = "mail")]
mod mail;
#[cfg(feature = "migrate")]
mod old_server;
mod registries;
mod rooms;
mod secret_file;
mod shared_parts;
mod store_choice;
mod upkeep;
#[cfg(not(feature = "mail"))]
mod without_mail;

pub use check::check;
pub use error::StartError;
pub use extensions::Extensions;
pub use foundation::Foundation;
pub use inputs::Inputs;
pub use journal::journal_policy;
#[cfg(feature = "migrate")]
pub use old_server::{OldServer, lasting_store};
pub use secret_file::SecretFileError;
pub use store_choice::{StoreChoice, Unused};
pub use upkeep::Upkeep;

use links::Links;
use shared_parts::{Observers, SharedParts};
use store_choice::StoreOpener;
use upkeep::{Writers, index_owners};
#[cfg(not(feature = "mail"))]
use without_mail as mail;

/// What the server is called.
pub const IDENTITY: ServiceIdentity = ServiceIdentity {
    name: "auth-server",
    version: env!("CARGO_PKG_VERSION"),
    crate_name: env!("CARGO_CRATE_NAME"),
};

/// A server that runs.
pub struct Running {
    /// Answers callers and probes.
    pub service: RunningService,
    /// What the endpoints of the runtime that started it are given: the same keys, clients and store.
    pub server: Server,
    /// Ends when this is dropped.
    pub upkeep: Upkeep,
}

/// Starts a server on ports that were taken already. `read` reads the settings again when the operator
/// wants the registrations in them taken over, and on each of the `hang_ups`, those too that came before the server ran.
pub async fn start(
    settings: &Accepted<Settings>,
    read: ReadSettings,
    listeners: Listeners,
    inputs: Inputs,
    hang_ups: HangUps,
) -> Result<Running, StartError> {
    refuse_unknown_grants(settings, &inputs.extensions)?;
    let address = listeners.address()?;
    let mut service = Service::new(IDENTITY, inputs.clock.now());
    let (journal, waiting) = journal_queue(journal_policy(settings), &inputs.clock);
    let observers = observers(&mut service, &inputs.extensions, journal);
    let Observers { audit, metrics } = &observers;
    let opened = Foundation::open(settings, &inputs, &metrics.store, audit, Unused::Begun);
    let foundation = Box::pin(opened).await?;
    let issuer = settings
        .issuer
        .clone()
        .unwrap_or_else(|| local_url(address));
    warn_of_another_issuer(&foundation, &issuer).await;
    let links = Links::read(settings)?;
    let parts = SharedParts::new(settings, issuer, &foundation, &inputs, observers)?;
    let parts = parts.sending_mails(links.outbox());
    survey_owners(&parts, &foundation).await?;
    register_readings(service.registry(), &parts.read_parts());
    let server = parts.server(&foundation.stores);
    let workers = Workers::new(&parts, &foundation, &server);
    let service = serve(settings, service, listeners, workers)?;
    let current = CurrentSettings {
        read,
        started_with: settings.values.clone(),
    };
    let operator = operator(&parts, &server, current);
    let writers = Writers::of(&server, waiting);
    let links = links.begin(&parts, &foundation.stores);
    let upkeep = Upkeep::begin(settings, parts, operator, hang_ups, writers)?;
    let upkeep = upkeep.sending(links);
    let probes_address = service.probes_address;
    let issuer = &server.issuer;
    tracing::info!(event = "started", %issuer, %address, %probes_address);
    Ok(Running {
        service,
        server,
        upkeep,
    })
}

/// What is known of accounts before the first request.
async fn survey_owners(parts: &SharedParts, foundation: &Foundation) -> Result<(), StartError> {
    parts.owners.survey().await?;
    index_owners(foundation.stores.owners.as_ref()).await;
    Ok(())
}

fn observers(service: &mut Service, extensions: &Extensions, journal: JournalQueue) -> Observers {
    let limits_reached = service.limits_reached();
    let grants = extensions.grants.names();
    let metrics = Metrics::register(service.registry(), limits_reached, grants);
    let audit = Audit::heard_by(vec![Arc::new(metrics.audit.clone()), Arc::new(journal)]);
    Observers {
        audit: Arc::new(audit),
        metrics,
    }
}

/// Whoever reads the settings may have checked them without what is added to the server.
fn refuse_unknown_grants(settings: &Settings, extensions: &Extensions) -> Result<(), StartError> {
    match extensions.unknown_grants(settings).next() {
        Some((client, grant)) => Err(StartError::Settings(format!(
            "client `{}`: `grant_types` holds `{}`, which is no grant here; accepted: {}",
            shown(client),
            shown(grant.as_str()),
            extensions.accepted_grants()
        ))),
        None => Ok(()),
    }
}

/// Servers of two issuers on one store take each other's tokens, codes and sessions for their own, and nobody would notice
/// for long. An issuer may be renamed, so it is no reason not to start.
async fn warn_of_another_issuer(foundation: &Foundation, issuer: &str) {
    match foundation.stores.issuers.note_issuer(issuer).await {
        Ok(Some(before)) if before != issuer => tracing::warn!(
            event = "store_of_other_issuer",
            %issuer,
            before = shown(&before),
            "the last server on this store had another issuer. If there are servers of both, they share tokens, \
             sessions and keys: give each a `store.url` or a `store.key_prefix` of its own"
        ),
        Ok(_) => {}
        Err(error) => tracing::warn!(event = "issuer_not_noted", %error),
    }
}

/// Makes the server of each worker thread.
struct Workers {
    parts: SharedParts,
    opener: StoreOpener,
    /// For a worker that gets no connection of its own.
    shared: Server,
}

impl Workers {
    fn new(parts: &SharedParts, foundation: &Foundation, shared: &Server) -> Self {
        Self {
            parts: parts.clone(),
            opener: foundation.opener.clone(),
            shared: shared.clone(),
        }
    }

    /// The server for the thread that this is called on, with a store of its own.
    fn server_of_this_thread(&self) -> Server {
        match self.opener.open() {
            Ok(stores) => {
                let stores = written_back(stores, &self.parts.keys);
                self.parts.server(&stores)
            }
            Err(error) => {
                tracing::error!(event = "worker_shares_a_connection", %error);
                self.shared.clone()
            }
        }
    }
}

fn serve(
    settings: &Settings,
    service: Service,
    listeners: Listeners,
    workers: Workers,
) -> Result<RunningService, StartError> {
    let readiness = readiness(&workers.shared);
    let workers = Arc::new(workers);
    let app = move || {
        let server = workers.server_of_this_thread();
        let clients = server.clients.clone();
        let site = Site {
            addresses: Arc::clone(&server.addresses),
            brand: Arc::clone(&server.brand),
        };
        App::new()
            .app_data(Data::new(server))
            .app_data(PayloadConfig::new(PAYLOAD_LIMIT))
            .wrap(security_headers(site.addresses.is_https()))
            .wrap_fn(known_to_all)
            .configure(|config| endpoints::configure(config, &site, &clients))
    };
    Ok(service.start(&settings.http, listeners, &readiness, app)?)
}

fn readiness(server: &Server) -> Readiness {
    let store = Arc::clone(&server.store_health);
    Readiness::asking(move || {
        let store = Arc::clone(&store);
        async move {
            let health = store.check_health().await;
            health.map_err(|error| error.to_string())
        }
    })
}

fn operator(parts: &SharedParts, server: &Server, settings: CurrentSettings) -> Operator {
    Operator {
        audit: Arc::clone(&parts.audit),
        administration: server.administration.clone(),
        journal: server.journal.clone(),
        habits: server.habit_board.clone(),
        reload: Some(Reload {
            settings,
            clients: parts.clients.clone(),
            owners: Arc::clone(&parts.configured_owners),
            scopes: Arc::clone(&parts.scopes),
            turn: Arc::default(),
        }),
    }
}
