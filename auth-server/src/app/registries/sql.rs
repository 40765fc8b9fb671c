//! The tables of a Spring server.

use std::sync::Arc;
use std::time::Duration;

use symbolon::clock::Clock;
use symbolon::secret::Secret;
use symbolon_service::settings::Findings;

use crate::app::authority::authority;
use crate::app::error::StartError;
use crate::app::inputs::Inputs;
use crate::clients::registry::{ClientRegistry, StoredClients};
use crate::clients::remembered::RememberedClients;
use crate::metrics::StoreMetrics;
use crate::resource_owners::registry::{OwnerRegistry, StoredOwners};
use crate::resource_owners::remembered::RememberedOwners;
use crate::settings::{
    LegacyTokenSettings, Settings, SqlAccess, SqlClientSettings, SqlMemory, SqlOwnerSettings,
};
use crate::stores::sql::{
    Source, SourceError, SqlAddress, SqlClients, SqlDatabase, SqlFault, SqlOwners, SqlSettings,
    SqlTokens,
};
use crate::stores::{
    ClientStore, LegacyTokenStore, MemoryLimits, Observed, OwnerStore, RegistryObserver,
    Remembered, StoreObserver,
};

const URL_ACCEPTED: &str =
    "postgres://USER@HOST[:PORT]/DATABASE, mysql://… (MariaDB too), or sqlite:PATH";
const CHECKED_WAY: &str =
    "`ca_file`, or ?sslmode=verify-full in the address (MySQL: ?ssl-mode=verify_identity)";

/// The clients, where the settings name a database with some.
pub(super) fn clients(
    settings: &Settings,
    inputs: &Inputs,
    metrics: &StoreMetrics,
) -> Result<Option<Arc<dyn ClientRegistry>>, StartError> {
    let access = settings.sql_clients.access();
    let Some(reach) = reach(access)? else {
        return Ok(None);
    };
    let source = clients_source(&settings.sql_clients).map_err(refused)?;
    let opened = open(&reach, "clients", access.section, metrics);
    let clients = SqlClients::new(opened.database, source);
    let clients = clients.with_grants(inputs.extensions.grant_types());
    let store: Arc<dyn ClientStore> = Arc::new(clients);
    let store = Arc::new(Observed::new(store, &opened.operations));
    let clients = StoredClients::new(store, Arc::new(settings.client_defaults()));
    let limits = limits(settings.sql_clients.memory());
    let memory = Remembered::new(limits, Arc::clone(&inputs.clock), opened.presence);
    let clients = RememberedClients::new(clients, memory, Arc::clone(&inputs.clock));
    Ok(Some(Arc::new(clients)))
}

/// The owners, where the settings name a database with some.
pub(super) fn owners(
    settings: &Settings,
    clock: &Arc<dyn Clock>,
    metrics: &StoreMetrics,
) -> Result<Option<Arc<dyn OwnerRegistry>>, StartError> {
    let access = settings.sql_owners.access();
    let Some(reach) = reach(access)? else {
        return Ok(None);
    };
    let [users, authorities] = owner_sources(&settings.sql_owners);
    let (users, authorities) = (users.map_err(refused)?, authorities.map_err(refused)?);
    let opened = open(&reach, "owners", access.section, metrics);
    let store: Arc<dyn OwnerStore> = Arc::new(SqlOwners::new(opened.database, users, authorities));
    let store = Arc::new(Observed::new(store, &opened.operations));
    let owners = StoredOwners::new(store, settings.login.hash_without_id);
    let limits = limits(settings.sql_owners.memory());
    let memory = Remembered::new(limits, Arc::clone(clock), opened.presence);
    Ok(Some(Arc::new(RememberedOwners::new(
        Arc::new(owners),
        memory,
    ))))
}

/// The rows of the clients' table, for a command that goes through all of them.
#[cfg(feature = "migrate")]
pub(in crate::app) fn client_rows(settings: &Settings) -> Result<Option<SqlClients>, StartError> {
    let Some(reach) = reach(settings.sql_clients.access())? else {
        return Ok(None);
    };
    let source = clients_source(&settings.sql_clients).map_err(refused)?;
    let database = SqlDatabase::new(&reach, "clients", Arc::new(Nobody));
    Ok(Some(SqlClients::new(database, source)))
}

/// The rows of the owners' tables, for a command that goes through all of them.
#[cfg(feature = "migrate")]
pub(in crate::app) fn owner_rows(settings: &Settings) -> Result<Option<SqlOwners>, StartError> {
    let Some(reach) = reach(settings.sql_owners.access())? else {
        return Ok(None);
    };
    let [users, authorities] = owner_sources(&settings.sql_owners);
    let (users, authorities) = (users.map_err(refused)?, authorities.map_err(refused)?);
    let database = SqlDatabase::new(&reach, "owners", Arc::new(Nobody));
    Ok(Some(SqlOwners::new(database, users, authorities)))
}

/// The tokens, where the settings name a database with some. As of a Redis with tokens, only its operations are measured.
pub(super) fn legacy_tokens(
    settings: &Settings,
    metrics: &StoreMetrics,
) -> Result<Option<Arc<dyn LegacyTokenStore>>, StartError> {
    let Some(tokens) = token_rows(settings)? else {
        return Ok(None);
    };
    let operations: Arc<dyn StoreObserver> = Arc::new(metrics.of_other_system(tokens.system()));
    let tokens: Arc<dyn LegacyTokenStore> = Arc::new(tokens);
    Ok(Some(Arc::new(Observed::new(tokens, &operations))))
}

/// The rows of the tokens' tables.
pub(in crate::app) fn token_rows(settings: &Settings) -> Result<Option<SqlTokens>, StartError> {
    let settings = &settings.legacy_tokens;
    let Some(reach) = reach(settings.sql_access())? else {
        return Ok(None);
    };
    let [access, refresh] = token_sources(settings);
    let (access, refresh) = (access.map_err(refused)?, refresh.map_err(refused)?);
    let database = SqlDatabase::new(&reach, "tokens", Arc::new(Nobody));
    Ok(Some(SqlTokens::new(database, access, refresh)))
}

/// A database, and who takes notice of it.
struct Opened {
    database: SqlDatabase,
    operations: Arc<dyn StoreObserver>,
    presence: Arc<dyn RegistryObserver>,
}

fn open(
    reach: &SqlSettings,
    holds: &'static str,
    section: &'static str,
    metrics: &StoreMetrics,
) -> Opened {
    let presence = metrics.of_registry(section);
    let operations = metrics.of_other_system(reach.address.system());
    Opened {
        database: SqlDatabase::new(reach, holds, Arc::clone(&presence)),
        operations: Arc::new(operations),
        presence,
    }
}

fn limits(memory: SqlMemory) -> MemoryLimits {
    MemoryLimits {
        entries: memory.cached,
        good_for: Duration::from_secs(memory.cache_secs),
        longer_when_away: Duration::from_secs(memory.away_secs),
    }
}

/// How a database is reached; `None` where none is named.
fn reach(access: SqlAccess<'_>) -> Result<Option<SqlSettings>, StartError> {
    let Some(url) = access.url else {
        return Ok(None);
    };
    let (section, url_setting) = (access.section, access.url_setting);
    let address = SqlAddress::parse(url.expose(), access.password);
    let address = address.map_err(|error| {
        StartError::Settings(format!(
            "`{url_setting}`: {error}; accepted: {URL_ACCEPTED}"
        ))
    })?;
    Ok(Some(SqlSettings {
        address,
        authority: authority(&format!("{section}.ca_file"), access.ca_file)?,
        timeout_ms: access.timeout_ms,
        connections: access.connections,
        may_remove: access.may_remove,
    }))
}

/// A source of rows that a setting names, with the setting.
type NamedSource = Result<Source, (&'static str, SourceError)>;

fn source(
    [query_setting, table_setting]: [&'static str; 2],
    query: Option<&Secret>,
    table: &str,
) -> NamedSource {
    match query {
        Some(query) => Source::query(query.expose()).map_err(|error| (query_setting, error)),
        None => Source::table(table).map_err(|error| (table_setting, error)),
    }
}

fn clients_source(settings: &SqlClientSettings) -> NamedSource {
    let names = ["sql_clients.query", "sql_clients.table"];
    source(names, settings.query.as_ref(), &settings.table)
}

fn owner_sources(settings: &SqlOwnerSettings) -> [NamedSource; 2] {
    let users = ["sql_owners.users_query", "sql_owners.users_table"];
    let authorities = [
        "sql_owners.authorities_query",
        "sql_owners.authorities_table",
    ];
    [
        source(users, settings.users_query.as_ref(), &settings.users_table),
        source(
            authorities,
            settings.authorities_query.as_ref(),
            &settings.authorities_table,
        ),
    ]
}

fn token_sources(settings: &LegacyTokenSettings) -> [NamedSource; 2] {
    [
        (
            "legacy_tokens.access_tokens_table",
            &settings.access_tokens_table,
        ),
        (
            "legacy_tokens.refresh_tokens_table",
            &settings.refresh_tokens_table,
        ),
    ]
    .map(|(setting, table)| Source::table(table).map_err(|error| (setting, error)))
}

fn refused((setting, error): (&'static str, SourceError)) -> StartError {
    StartError::Settings(format!("`{setting}` {error}"))
}

/// Finds what is wrong with the settings, and with the tables where they can be reached.
pub(super) fn check(settings: &Settings, findings: &mut Findings) {
    let clients = checked_reach(settings.sql_clients.access(), findings);
    if clients.is_some() {
        let source = checked_source(clients_source(&settings.sql_clients), findings);
        if let (Some(reach), Some(source)) = (clients, source) {
            let look = async move || {
                let database = SqlDatabase::new(&reach, "clients", Arc::new(Nobody));
                SqlClients::new(database, source).check().await
            };
            say("sql_clients.url", &looked_at(look), findings);
        }
    }
    let owners = checked_reach(settings.sql_owners.access(), findings);
    if owners.is_some() {
        let sources = owner_sources(&settings.sql_owners);
        let [users, authorities] = sources.map(|source| checked_source(source, findings));
        if let (Some(reach), Some(users), Some(authorities)) = (owners, users, authorities) {
            let look = async move || {
                let database = SqlDatabase::new(&reach, "owners", Arc::new(Nobody));
                SqlOwners::new(database, users, authorities).check().await
            };
            say("sql_owners.url", &looked_at(look), findings);
        }
    }
    check_tokens(&settings.legacy_tokens, findings);
}

fn check_tokens(settings: &LegacyTokenSettings, findings: &mut Findings) {
    let Some(reach) = checked_reach(settings.sql_access(), findings) else {
        return;
    };
    let [access_tokens, refresh_tokens] =
        token_sources(settings).map(|source| checked_source(source, findings));
    if let (Some(access_tokens), Some(refresh_tokens)) = (access_tokens, refresh_tokens) {
        let look = async move || {
            let database = SqlDatabase::new(&reach, "tokens", Arc::new(Nobody));
            let tokens = SqlTokens::new(database, access_tokens, refresh_tokens);
            tokens.check().await
        };
        say("legacy_tokens.sql_url", &looked_at(look), findings);
    }
}

fn checked_reach(access: SqlAccess<'_>, findings: &mut Findings) -> Option<SqlSettings> {
    let setting = access.url_setting;
    match reach(access) {
        Ok(Some(reach)) => {
            if reach.address.is_open_to_others(reach.authority.is_some()) {
                let found = "leads over a network where nobody checks who answers: hashes of secrets, or tokens, travel there";
                findings.warning(setting, found, CHECKED_WAY);
            }
            Some(reach)
        }
        Ok(None) => None,
        Err(error) => {
            findings.refuse(setting, error);
            None
        }
    }
}

fn checked_source(source: NamedSource, findings: &mut Findings) -> Option<Source> {
    source
        .map_err(|(setting, error)| findings.refuse(setting, format_args!("`{setting}` {error}")))
        .ok()
}

fn say(url_setting: &str, faults: &[SqlFault], findings: &mut Findings) {
    for SqlFault { source, found } in faults {
        match source {
            None => {
                let found = format!("cannot be asked, so nobody looked at its tables: {found}");
                findings.warning(url_setting, found, "a database that answers");
            }
            Some(source) => {
                let found = format!("names rows of {source} that cannot be used: {found}");
                let accepted = "a table or a query with Spring's columns";
                findings.error(url_setting, found, accepted);
            }
        }
    }
}

/// Looks on a thread and a runtime of its own: whoever checks settings may be inside of one, or have none.
fn looked_at<F>(look: impl FnOnce() -> F + Send + 'static) -> Vec<SqlFault>
where
    F: Future<Output = Vec<SqlFault>>,
{
    let thread = std::thread::Builder::new().name("sql check".to_owned());
    let looking = thread.spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.map(|runtime| runtime.block_on(look()))
    });
    let fault = |found: String| {
        vec![SqlFault {
            source: None,
            found,
        }]
    };
    match looking.map(std::thread::JoinHandle::join) {
        Ok(Ok(Ok(faults))) => faults,
        Ok(Ok(Err(error))) | Err(error) => fault(error.to_string()),
        Ok(Err(_)) => fault("the look at it ended early".to_owned()),
    }
}

/// Nobody takes notice of a check or a command.
struct Nobody;

impl RegistryObserver for Nobody {
    fn reachable(&self, _: bool) {}

    fn answered_from_memory(&self) {}
}
