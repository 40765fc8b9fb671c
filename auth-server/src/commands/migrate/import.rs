//! `auth-server migrate import`.

use std::io::{self, Write as _};
use std::pin::pin;

use clap::Args;
use symbolon_auth_server::app::{Inputs, OldServer, Unused, lasting_store};
use symbolon_auth_server::migrate::import::{
    ClientImport, Import, ImportSettings, OwnerImport, Tally, import,
};
use symbolon_auth_server::settings::Settings;
use symbolon_service::command_line::{CommandError, print_line};

use super::interruption::interrupted;
use super::progress::Progress;

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ImportArguments {
    /// Say what would be done, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Replace registrations in the store that say something else than the tables.
    #[arg(long)]
    replace: bool,
}

const NOTHING: &str = "there is nothing to import: name the tables of the Spring server in `sql_clients.url` or \
                       `sql_owners.url`";

pub(super) async fn run(
    arguments: ImportArguments,
    settings: &Settings,
) -> Result<(), CommandError> {
    let inputs = Inputs::of_the_system();
    let old = OldServer::open(settings)?;
    if old.clients.is_none() && old.owners.is_none() {
        return Err(CommandError::Settings(NOTHING.to_owned()));
    }
    let unused = if arguments.dry_run {
        Unused::LookedAt
    } else {
        Unused::Begun
    };
    let stores = lasting_store(settings, &inputs.clock, unused).await?;
    let how = ImportSettings {
        dry_run: arguments.dry_run,
        replace: arguments.replace,
    };
    let mut end = pin!(interrupted()?);
    let mut all = Vec::new();
    if let Some(from) = old.clients {
        let clients = ClientImport {
            from,
            into: stores.clients,
            defaults: settings.client_defaults(),
        };
        all.push(carried_over(&clients, how, end.as_mut()).await?);
    }
    if let Some(from) = old.owners
        && all.iter().all(|tally| tally.is_whole)
    {
        let owners = OwnerImport {
            from,
            into: stores.owners,
            hash_without_id: settings.login.hash_without_id,
        };
        all.push(carried_over(&owners, how, end.as_mut()).await?);
    }
    ended(&all, how)
}

async fn carried_over(
    from: &impl Import,
    how: ImportSettings,
    end: impl Future<Output = ()>,
) -> Result<Tally, CommandError> {
    let mut progress = Progress::begin();
    let done = import(from, how, end, |tally| progress.tell(|| tally.to_string())).await;
    let tally = match done {
        Ok(tally) => tally,
        Err(error) => {
            tell(&error.tally)?;
            return Err(CommandError::Failed(error.to_string()));
        }
    };
    tell(&tally)?;
    Ok(tally)
}

fn tell(tally: &Tally) -> Result<(), CommandError> {
    print_line(&tally.to_string())?;
    for remark in &tally.remarks {
        print_line(&format!("  {remark}"))?;
    }
    let unnamed = tally.unnamed();
    if unnamed > 0 {
        print_line(&format!("  and {unnamed} more"))?;
    }
    Ok(())
}

fn ended(all: &[Tally], how: ImportSettings) -> Result<(), CommandError> {
    if all.iter().any(|tally| !tally.is_whole) {
        let text = "ended early; what was imported until then is there, and another run goes on from there";
        return Err(CommandError::Failed(text.to_owned()));
    }
    let refused: u64 = all.iter().map(|tally| tally.refused).sum();
    if refused > 0 {
        let text = format!("{refused} rows cannot be used here and were left out");
        return Err(CommandError::Failed(text));
    }
    if how.dry_run {
        writeln!(io::stderr(), "auth-server: nothing was written")?;
    } else {
        let next = "a server that runs on this store knows them once `sql_clients` and `sql_owners` are out of its settings";
        writeln!(io::stderr(), "auth-server: {next}")?;
    }
    Ok(())
}
