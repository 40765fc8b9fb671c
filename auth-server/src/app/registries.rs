//! Registries that somebody else keeps, beside the settings and the store; and the tokens in such a database.

use std::fmt;
use std::sync::Arc;

use symbolon_service::settings::Findings;

use crate::app::error::StartError;
use crate::app::inputs::Inputs;
use crate::clients::registry::ClientRegistry;
use crate::metrics::StoreMetrics;
use crate::resource_owners::registry::OwnerRegistry;
use crate::settings::Settings;
use crate::stores::LegacyTokenStore;

#[cfg(feature = "ldap")]
mod ldap;
#[cfg(feature = "sql")]
mod sql;
#[cfg(not(feature = "ldap"))]
mod without_ldap;
#[cfg(not(feature = "sql"))]
mod without_sql;
#[cfg(not(feature = "ldap"))]
use without_ldap as ldap;
#[cfg(not(feature = "sql"))]
use without_sql as sql;

#[cfg(feature = "migrate")]
pub(super) use sql::{client_rows, owner_rows, token_rows};

/// Registries of others, which all workers share. Each is asked before the store: what it knows costs the store no read.
#[derive(Clone, Default)]
pub(super) struct Registries {
    pub(super) clients: Vec<Arc<dyn ClientRegistry>>,
    pub(super) owners: Vec<Arc<dyn OwnerRegistry>>,
}

impl fmt::Debug for Registries {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { clients, owners } = self;
        let (clients, owners) = (clients.len(), owners.len());
        write!(
            formatter,
            "Registries({clients} of clients, {owners} of owners)"
        )
    }
}

impl Registries {
    /// Those that the settings name, for the runtime that this is called on.
    pub(super) fn open(
        settings: &Settings,
        inputs: &Inputs,
        metrics: &StoreMetrics,
    ) -> Result<Self, StartError> {
        let mut registries = Self::default();
        let clock = &inputs.clock;
        let clients = sql::clients(settings, inputs, metrics)?;
        registries.clients.extend(clients);
        let owners = sql::owners(settings, clock, metrics)?;
        registries.owners.extend(owners);
        let owners = ldap::owners(settings, clock, metrics)?;
        registries.owners.extend(owners);
        registries
            .owners
            .extend(inputs.extensions.owners.iter().cloned());
        Ok(registries)
    }
}

/// The tokens of a Spring server, where the settings name a database with some, for the runtime that this is called on.
/// All workers share it.
pub(super) fn legacy_tokens(
    settings: &Settings,
    metrics: &StoreMetrics,
) -> Result<Option<Arc<dyn LegacyTokenStore>>, StartError> {
    sql::legacy_tokens(settings, metrics)
}

/// Finds what is wrong with them, in the settings and, where they can be reached, in them.
pub(super) fn check(settings: &Settings, findings: &mut Findings) {
    sql::check(settings, findings);
    ldap::check(settings, findings);
}
