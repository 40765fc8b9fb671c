//! Commands that look at what happened lately.

use clap::{Args, Subcommand};
use symbolon_auth_server::journal::JournalFilter;
use symbolon_auth_server::operator::{JournalCommand, OperatorCommand};

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Print events, newest first: when, what, and what is known of it.
    ///
    /// Of more than a thousand the newest are shown, and all are counted.
    Search(Box<Wanted>),
    /// Print them as JSON, a line each, with the names of the audit stream.
    Export(Box<Wanted>),
}

/// Events that have all of these.
#[derive(Debug, Args)]
pub(crate) struct Wanted {
    /// Of this kind: `refused`, `granted` or `changed`.
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
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
    /// Not before this day, minute or second, such as 2026-11-28, 2026-11-28T11:20 or 2026-11-28T11:20:31Z, in UTC.
    #[arg(long, value_name = "MOMENT")]
    since: Option<String>,
    /// Until the end of this day, minute or second.
    #[arg(long, value_name = "MOMENT")]
    until: Option<String>,
}

impl Wanted {
    /// What is looked for; else why nothing can be.
    fn filter(self) -> Result<JournalFilter, String> {
        let filter = JournalFilter::read(|field| match field {
            "kind" => self.kind.clone(),
            "event" => self.event.clone(),
            "client_id" => self.client.clone(),
            "owner" => self.owner.clone(),
            "request_id" => self.request.clone(),
            "grant_id" => self.grant.clone(),
            "address" => self.address.clone(),
            "since" => self.since.clone(),
            "until" => self.until.clone(),
            _ => None,
        });
        filter.map_err(|faults| {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            faults.join("; ")
        })
    }
}

impl AuditCommand {
    /// The command that carries it out; else why none does.
    pub(crate) fn into_command(self) -> Result<OperatorCommand, String> {
        Ok(OperatorCommand::Journal(match self {
            Self::Search(wanted) => JournalCommand::Search(wanted.filter()?),
            Self::Export(wanted) => JournalCommand::Export(wanted.filter()?),
        }))
    }
}
