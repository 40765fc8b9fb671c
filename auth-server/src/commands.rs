//! The commands that only the authorization server has.

mod habits;
mod journal;
#[cfg(feature = "migrate")]
mod migrate;
mod pages;
mod registrations;
mod typed;

use std::io;
use std::sync::Arc;

use clap::{Args, Subcommand};
use symbolon::identifiers::ClientId;
use symbolon::random::SystemRandom;
use symbolon::secret::Secret;
use symbolon_auth_server::app::{
    Foundation, IDENTITY, Inputs, StoreChoice, Unused, journal_policy,
};
use symbolon_auth_server::audit::{self, Audit};
use symbolon_auth_server::journal::{JournalWriter, journal_queue};
use symbolon_auth_server::metrics::StoreMetrics;
use symbolon_auth_server::operator::{self, JournalCommand, Operator, OperatorError};
use symbolon_auth_server::operator_socket::ask_running_server;
use symbolon_auth_server::passwords::{generate_secret, hash_generated_secret, hash_password};
use symbolon_auth_server::records::GrantId;
use symbolon_auth_server::settings::Settings;
use symbolon_auth_server::stores::embedded::EmbeddedLocation;
use symbolon_auth_server::tokens::end::AccessOf;
use symbolon_service::command_line::{CommandError, OwnCommand, print_line};
use symbolon_service::telemetry::{LogSettings, Telemetry, TraceSettings};

use typed::typed_secret;

/// What an operator can ask for besides the commands of every service.
#[derive(Debug, Subcommand)]
pub(crate) enum OwnCommands {
    /// Hash a secret or password for the settings file.
    ///
    /// Reads it from standard input and prints its {argon2} form; with --generate makes one and prints
    /// both.
    HashSecret {
        /// Make a client secret of 256 random bits and print it with its {sha-256} form.
        #[arg(long)]
        generate: bool,
    },
    /// The keys that sign tokens.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// What owners gave to clients, and what clients hold.
    ///
    /// Also of accounts and clients that are gone, and while the server runs.
    Access {
        #[command(subcommand)]
        command: AccessCommand,
    },
    /// Clients that are kept in the store, such as those that developers have registered.
    ///
    /// Those of the settings are changed there. While the server runs, too.
    Applications {
        #[command(subcommand)]
        command: registrations::ApplicationsCommand,
    },
    /// Accounts of owners that are kept in the store.
    ///
    /// Those of the settings, of a database and of a directory are changed there. While the server runs, too.
    Owners {
        #[command(subcommand)]
        command: registrations::OwnersCommand,
    },
    /// Tell what became of a request: which rule refused which parameter.
    ///
    /// Error pages show its id, and every answer has it in `x-request-id`. It is looked for in the journal.
    Explain {
        /// The id.
        #[arg(value_name = "ID")]
        request: String,
    },
    /// Ways of using the server that ought to end, and who still has them.
    ///
    /// While the server runs, too: it tells what it has seen until now.
    Habits {
        #[command(subcommand)]
        command: habits::HabitsCommand,
    },
    /// What happened lately, from the journal: the audit stream is in the log.
    Audit {
        #[command(subcommand)]
        command: journal::AuditCommand,
    },
    /// The pages that people see.
    Pages {
        #[command(subcommand)]
        command: pages::PagesCommand,
    },
    /// The way from a Spring Security OAuth server to this one.
    #[cfg(feature = "migrate")]
    Migrate {
        #[command(subcommand)]
        command: migrate::MigrateCommand,
    },
    /// Let the running server read clients, owners and scopes of its settings again: all or nothing.
    ///
    /// It works where the store is a file. A server on another store does the same on SIGHUP.
    Reload,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccessCommand {
    /// Print every grant: its id, the client, the owner (- where the client acts for itself), how the client came to
    /// it, since when, when its last token was issued, when it is over (seconds since 1970, - where that is not known), its
    /// scope.
    ///
    /// Of more than a thousand the first are shown, and all are counted.
    List(Whose),
    /// End it, and forget what was approved, so that owners are asked again.
    ///
    /// Without --client all sessions of the owner end too. With --client alone all that the client holds ends, of
    /// every owner and its own; lock it before (`disabled = true`), or it may get more meanwhile.
    End(Whose),
}

/// One of the first two or both, or one grant: any other command line is refused.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Whose {
    /// What this owner gave.
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// What this client holds.
    #[arg(long, value_name = "CLIENT_ID")]
    client: Option<String>,
    /// One grant, by the id that `access list` prints. Of a code that nobody has exchanged yet it is none.
    #[arg(long, value_name = "GRANT_ID", conflicts_with_all = ["owner", "client"], value_parser = grant_id)]
    grant: Option<GrantId>,
}

fn grant_id(text: &str) -> Result<GrantId, String> {
    GrantId::from_text(text).ok_or_else(|| "it is not the id of a grant".to_owned())
}

impl From<Whose> for AccessOf {
    fn from(whose: Whose) -> Self {
        match (whose.grant, whose.owner, whose.client) {
            (Some(grant_id), _, _) => Self::Grant(grant_id),
            (None, Some(name), client) => Self::Owner {
                name,
                client_id: client.map(ClientId::new),
            },
            (None, None, client) => Self::Client(ClientId::new(client.unwrap_or_default())),
        }
    }
}

impl From<AccessCommand> for operator::OperatorCommand {
    fn from(command: AccessCommand) -> Self {
        match command {
            AccessCommand::List(whose) => Self::ListAccess(whose.into()),
            AccessCommand::End(whose) => Self::EndAccess(whose.into()),
        }
    }
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Print every key: its name, algorithm and state, since when it signs, and until when it is published (seconds since
    /// 1970).
    List,
    /// Add a key; it signs as soon as everybody can know it.
    Rotate,
}

impl From<KeysCommand> for operator::OperatorCommand {
    fn from(command: KeysCommand) -> Self {
        match command {
            KeysCommand::List => Self::ListKeys,
            KeysCommand::Rotate => Self::RotateKeys,
        }
    }
}

impl OwnCommand<Settings> for OwnCommands {
    async fn run(
        self,
        settings: impl FnOnce() -> Result<Settings, CommandError>,
    ) -> Result<(), CommandError> {
        match self {
            Self::HashSecret { generate: true } => print_generated_secret(),
            Self::HashSecret { generate: false } => hash_secret(),
            Self::Keys { command } => operate(&settings()?, &command.into()).await,
            Self::Access { command } => operate(&settings()?, &command.into()).await,
            Self::Applications { command } => {
                let (command, secret) = command.read();
                operate_with(&settings()?, &command, ("client_secret", secret)).await
            }
            Self::Owners { command } => {
                let settings = settings()?;
                let (command, password) = command.read()?;
                operate_with(&settings, &command, ("password", password)).await
            }
            Self::Explain { request } => {
                let command = JournalCommand::Explain(request);
                let command = operator::OperatorCommand::Journal(command);
                operate(&settings()?, &command).await
            }
            Self::Audit { command } => {
                let command = command.into_command().map_err(CommandError::Failed)?;
                operate(&settings()?, &command).await
            }
            Self::Habits { command } => operate(&settings()?, &command.into()).await,
            Self::Pages { command } => command.run(),
            #[cfg(feature = "migrate")]
            Self::Migrate { command } => command.run(settings).await,
            Self::Reload => operate(&settings()?, &operator::OperatorCommand::Reload).await,
        }
    }
}

/// What was made for a command that went well is printed: nobody can read it later. So it is where nobody knows whether the
/// command was carried out, because it may be what is good from now on.
async fn operate_with(
    settings: &Settings,
    command: &operator::OperatorCommand,
    (what, made): (&str, Option<Secret>),
) -> Result<(), CommandError> {
    let outcome = attempt(settings, command).await?;
    let condition = match &outcome {
        Attempt::Answered(Ok(text)) => {
            print_line(text)?;
            ""
        }
        Attempt::Answered(Err(text)) => return Err(CommandError::Failed(text.clone())),
        Attempt::Unknown(_) => ", if the command was carried out all the same",
    };
    if let Some(made) = made {
        print_line(&format!("{what}{condition}: {}", made.expose()))?;
    }
    match outcome {
        Attempt::Answered(_) => Ok(()),
        Attempt::Unknown(text) => Err(CommandError::Failed(text)),
    }
}

fn print_generated_secret() -> Result<(), CommandError> {
    let secret = generate_secret(&SystemRandom);
    let hash = hash_generated_secret(&secret);
    print_line(&format!("secret: {}", secret.expose()))?;
    print_line(&format!("hash:   {}", hash.expose()))
}

fn hash_secret() -> Result<(), CommandError> {
    let hash = hash_password(&typed_secret()?, &SystemRandom)
        .map_err(|error| CommandError::Failed(error.to_string()))?;
    print_line(hash.expose())
}

/// Carries a command out for which nothing was made.
async fn operate(
    settings: &Settings,
    command: &operator::OperatorCommand,
) -> Result<(), CommandError> {
    operate_with(settings, command, ("", None)).await
}

/// What is known of a command.
enum Attempt {
    /// What it came to, or why nothing was done.
    Answered(Result<String, String>),
    /// It was begun, and nobody knows whether it is done.
    Unknown(String),
}

/// By the server that has the embedded store open, when one has, else here.
async fn attempt(
    settings: &Settings,
    command: &operator::OperatorCommand,
) -> Result<Attempt, CommandError> {
    let choice = StoreChoice::read(settings)?;
    if let StoreChoice::Embedded(EmbeddedLocation::File(file)) = &choice {
        match ask_running_server(file, command).await {
            Ok(None) => {}
            Ok(Some(answer)) => return Ok(Attempt::Answered(answer)),
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Err(error.into()),
            Err(error) => return Ok(Attempt::Unknown(error.to_string())),
        }
    }
    if command.needs_a_running_server() {
        return Err(CommandError::Failed(OperatorError::NoServer.to_string()));
    }
    if let StoreChoice::Embedded(EmbeddedLocation::Memory) = choice {
        return Err(CommandError::Failed(OperatorError::InMemory.to_string()));
    }
    Ok(match run_here(settings, command).await? {
        Err(OperatorError::Store(error)) => Attempt::Unknown(error.to_string()),
        answer => Attempt::Answered(answer.map_err(|error| error.to_string())),
    })
}

/// On the store of a server that has used it; none is made.
async fn run_here(
    settings: &Settings,
    command: &operator::OperatorCommand,
) -> Result<Result<String, OperatorError>, CommandError> {
    let inputs = Inputs::of_the_system();
    let log = LogSettings {
        filter: format!("{}=info,warn", audit::TARGET),
        ..settings.log.clone()
    };
    let telemetry = Telemetry::start(IDENTITY, &log, &TraceSettings::OFF)?;
    let (journal, waiting) = journal_queue(journal_policy(settings), &inputs.clock);
    let audit = Arc::new(Audit::heard_by(vec![Arc::new(journal)]));
    let metrics = StoreMetrics::default();
    let foundation = Foundation::open(settings, &inputs, &metrics, &audit, Unused::Refused).await?;
    let writer = JournalWriter::new(waiting, Arc::clone(&foundation.stores.journal));
    let operator = Operator {
        journal: foundation.journal(settings, &inputs),
        habits: foundation.habits(settings, &inputs),
        administration: foundation.administration(settings, &inputs, &audit)?,
        audit,
        reload: None,
    };
    let answer = operator.run(command).await;
    writer.finish().await;
    telemetry.stop();
    Ok(answer)
}
