//! Reading registrations again while the server runs: all or nothing, with the errors reported.

use std::fmt;
use std::io;
use std::sync::Arc;

use symbolon_service::settings::{Accepted, Finding, SettingValues, SettingsError};
use tokio::sync::{Mutex, oneshot};

use crate::clients::registry::Clients;
use crate::resource_owners::registry::ConfiguredOwners;
use crate::scopes::ScopeDescriptions;
use crate::settings::Settings;
use crate::stores::StoreError;

/// Reads and checks the settings from where they were read at the start.
pub type ReadSettings = Arc<dyn Fn() -> Result<Accepted<Settings>, SettingsError> + Send + Sync>;

/// The settings that are taken over; all others need a restart.
const TAKEN_OVER: [&str; 3] = ["clients", "owners", "scopes"];

/// Whether a setting names a file, or a folder with some.
fn is_file(name: &str) -> bool {
    name.ends_with("_file") || name == "brand.templates"
}

/// Why nothing was taken over.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// The settings cannot be read, or are wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A registration is wrong.
    #[error("{0}")]
    Registration(String),
    /// Where there were clients or owners there is none any more: rather a file that was cut off, or not written
    /// yet, than what somebody wants. A restart takes it over.
    #[error(
        "the settings hold no {list} any more; accepted: those that are left, or a restart without"
    )]
    NothingLeft {
        /// The list that is empty.
        list: &'static str,
    },
    /// Nothing was read.
    #[error("the settings were not read: {0}")]
    Unread(#[from] io::Error),
    /// The other registrations cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is registered now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reloaded {
    /// Clients of the settings.
    pub clients: usize,
    /// Owners of the settings.
    pub owners: usize,
    /// Settings that are others than at the start and were not taken over.
    pub need_a_restart: Vec<String>,
    /// Settings that name files, which were read at the start: what changed in those is not taken over.
    pub files_of_the_start: Vec<String>,
    /// What somebody may regret.
    pub warnings: Vec<Finding>,
}

impl fmt::Display for Reloaded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            clients,
            owners,
            need_a_restart,
            files_of_the_start,
            warnings,
        } = self;
        write!(
            formatter,
            "{clients} clients and {owners} owners are registered"
        )?;
        if !need_a_restart.is_empty() {
            let names = need_a_restart.join(", ");
            write!(
                formatter,
                "\nchanged, and not taken over before a restart: {names}"
            )?;
        }
        if !files_of_the_start.is_empty() {
            let names = files_of_the_start.join(", ");
            write!(
                formatter,
                "\nfiles, which are read again only by a restart: {names}"
            )?;
        }
        for warning in warnings {
            write!(formatter, "\n{warning}")?;
        }
        Ok(())
    }
}

/// The settings as they are now, and as they were at the start.
#[derive(Clone)]
pub struct CurrentSettings {
    /// Reads them again.
    pub read: ReadSettings,
    /// What the server works with, registrations apart.
    pub started_with: SettingValues,
}

/// Takes over clients, owners and the descriptions of scopes. Other settings need a restart.
#[derive(Clone)]
pub struct Reload {
    /// Where the settings come from.
    pub settings: CurrentSettings,
    /// The clients, of which those of the settings are replaced.
    pub clients: Clients,
    /// The owners of the settings.
    pub owners: Arc<ConfiguredOwners>,
    /// What scopes mean to people.
    pub scopes: Arc<ScopeDescriptions>,
    /// Whose turn it is: what was read last is what holds, and a disk that does not answer keeps one thread, not one
    /// per wish. No request of a caller waits for it.
    pub turn: Arc<Mutex<()>>,
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
        let _turn = self.turn.lock().await;
        let accepted = self.read().await?;
        let clients = accepted.registered_clients();
        let clients = clients.map_err(ReloadError::Registration)?;
        let owners = accepted.registered_owners();
        let owners = owners.map_err(ReloadError::Registration)?;
        self.check_that_some_are_left(clients.len(), owners.len())?;
        let reloaded = Reloaded {
            clients: clients.len(),
            owners: owners.len(),
            need_a_restart: self.need_a_restart(&accepted.values),
            files_of_the_start: accepted.values.said(is_file).into_iter().collect(),
            warnings: accepted.warnings,
        };
        self.clients.replace_configured(clients).await?;
        self.owners.replace(owners);
        self.scopes.replace(accepted.settings.scopes);
        Ok(reloaded)
    }

    /// On a thread of its own: a disk can take its time, and the thread that this is called on has signals to hear.
    /// A runtime waits at its end for what it began by `spawn_blocking`, and nobody shall wait for this.
    async fn read(&self) -> Result<Accepted<Settings>, ReloadError> {
        let read = Arc::clone(&self.settings.read);
        let (answer, answered) = oneshot::channel();
        let thread = std::thread::Builder::new().name("settings".to_owned());
        thread.spawn(move || drop(answer.send(read())))?;
        let accepted = answered.await.map_err(io::Error::other)?;
        Ok(accepted?)
    }

    fn check_that_some_are_left(&self, clients: usize, owners: usize) -> Result<(), ReloadError> {
        for (list, before, now) in [
            ("clients", self.clients.configured_count(), clients),
            ("owners", self.owners.count(), owners),
        ] {
            if before > 0 && now == 0 {
                return Err(ReloadError::NothingLeft { list });
            }
        }
        Ok(())
    }

    fn need_a_restart(&self, values: &SettingValues) -> Vec<String> {
        let changed = values.changed_since(&self.settings.started_with);
        let needs = changed.into_iter();
        let needs = needs.filter(|name| !TAKEN_OVER.contains(&name.as_str()));
        needs.collect()
    }
}
