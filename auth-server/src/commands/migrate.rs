//! `auth-server migrate`: the way from a Spring Security OAuth server.

use clap::Subcommand;
use symbolon_auth_server::settings::Settings;
use symbolon_service::command_line::CommandError;

mod format;
mod import;
mod interruption;
mod progress;
mod scan;
mod shadow;

use import::ImportArguments;
use scan::ScanArguments;
use shadow::ShadowArguments;

#[derive(Debug, Subcommand)]
pub(crate) enum MigrateCommand {
    /// Copy clients and owners of the Spring server's tables into the store of this server.
    ///
    /// The settings say where both are: `sql_clients`, `sql_owners` and `store.url`. What the store has already stays; a
    /// run that ended early is run again. It works while a server runs on a Redis; one that has a file open is
    /// stopped before. It exits with 1 where rows were left out that cannot be used here.
    Import(ImportArguments),
    /// Say what a Spring server has, and what becomes of it here.
    ///
    /// It reads the tables of `sql_clients` and `sql_owners`, the Redis or the tables of `legacy_tokens`, and the configuration of a
    /// Spring Boot application, whichever are named, and writes nothing there. Each client is ready, needs a switch (and
    /// which), has less here than there, or is refused. It does not look into the store: what of the tables is there
    /// already, `import --dry-run` says.
    Scan(ScanArguments),
    /// Stand in front of the old server and compare its answers with those of the new one.
    ///
    /// Every request goes to the old server, and its answer back, as they are. Behind it the new server is asked the
    /// same where that uses nothing up. On SIGINT or SIGTERM it prints how often both agreed, per client and endpoint,
    /// and where they did not.
    Shadow(Box<ShadowArguments>),
}

impl MigrateCommand {
    pub(crate) async fn run(
        self,
        settings: impl FnOnce() -> Result<Settings, CommandError>,
    ) -> Result<(), CommandError> {
        match self {
            Self::Import(arguments) => import::run(arguments, &settings()?).await,
            Self::Scan(arguments) => scan::run(arguments, &settings()?).await,
            Self::Shadow(arguments) => shadow::shadow(*arguments).await,
        }
    }
}
