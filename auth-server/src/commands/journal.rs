//! Commands that look at what happened lately.

use clap::{Args, Subcommand};
use symbolon_auth_server::journal::JournalFilter;
use symbolon_auth_server::operator::{JournalCommand, OperatorCommand};

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Print events, newest first: when, what, and what is known of it.
    ///
    /// Of more than a thousand the newest are shown, and all are counted.
    Search(Wanted),
    /// Print them as JSON, a line each, with the names of the audit stream.
    Export(Wanted),
}

/// Events that have all of these.
#[derive(Debug, Args)]
pub(crate) struct Wanted {
    /// Of this name, such as `token_refused`.
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
    /// About this client.
    #[arg(long, value_name = "CLIENT_ID")]
    client: Option<String>,
    /// About this account.
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// In requests of this id.
    #[arg(long, value_name = "ID")]
    request: Option<String>,
    /// About this grant.
    #[arg(long, value_name = "ID")]
    grant: Option<String>,
    /// Caused from there.
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
}

impl From<Wanted> for JournalFilter {
    fn from(wanted: Wanted) -> Self {
        Self {
            event: wanted.event,
            client_id: wanted.client,
            owner: wanted.owner,
            request_id: wanted.request,
            grant_id: wanted.grant,
            address: wanted.address,
        }
    }
}

impl From<AuditCommand> for OperatorCommand {
    fn from(command: AuditCommand) -> Self {
        Self::Journal(match command {
            AuditCommand::Search(wanted) => JournalCommand::Search(wanted.into()),
            AuditCommand::Export(wanted) => JournalCommand::Export(wanted.into()),
        })
    }
}
