//! Reading registrations again while the server runs: all or nothing, with the errors reported.

use std::fmt;
use std::sync::Arc;

use symbolon_service::settings::SettingsError;

use crate::clients::registry::Clients;
use crate::resource_owners::registry::ConfiguredOwners;
use crate::scopes::ScopeDescriptions;
use crate::settings::Settings;
use crate::stores::StoreError;

/// Reads and checks the settings from where they were read at the start.
pub type ReadSettings = Arc<dyn Fn() -> Result<Settings, SettingsError> + Send + Sync>;

/// Why nothing was taken over.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// The settings cannot be read, or are wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A registration is wrong.
    #[error("{0}")]
    Registration(String),
    /// The other registrations cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is registered now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reloaded {
    /// Clients of the settings.
    pub clients: usize,
    /// Owners of the settings.
    pub owners: usize,
}

impl fmt::Display for Reloaded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { clients, owners } = self;
        write!(
            formatter,
            "{clients} clients and {owners} owners are registered"
        )
    }
}

/// Takes over clients, owners and the descriptions of scopes. Other settings need a restart.
#[derive(Clone)]
pub struct Reload {
    /// Where the settings come from.
    pub read: ReadSettings,
    /// The clients, of which those of the settings are replaced.
    pub clients: Clients,
    /// The owners of the settings.
    pub owners: Arc<ConfiguredOwners>,
    /// What scopes mean to people.
    pub scopes: Arc<ScopeDescriptions>,
}

impl fmt::Debug for Reload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Reload").finish_non_exhaustive()
    }
}

impl Reload {
    /// Reads the settings again. When anything in them is wrong, or the store cannot be read, all stays as
    /// it was.
    pub async fn run(&self) -> Result<Reloaded, ReloadError> {
        let settings = (self.read)()?;
        let clients = settings.registered_clients();
        let clients = clients.map_err(ReloadError::Registration)?;
        let owners = settings.registered_owners();
        let owners = owners.map_err(ReloadError::Registration)?;
        let reloaded = Reloaded {
            clients: clients.len(),
            owners: owners.len(),
        };
        for client in &clients {
            client.warn_of_lax_habits();
        }
        self.clients.replace_configured(clients).await?;
        self.owners.replace(owners);
        self.scopes.replace(settings.scopes);
        Ok(reloaded)
    }
}
