//! The commands on clients and accounts of the store.

use clap::Subcommand;
use symbolon::identifiers::ClientId;
use symbolon::random::{Random, SystemRandom};
use symbolon::secret::Secret;
use symbolon_auth_server::administration::ApplicationFilter;
use symbolon_auth_server::operator::{ApplicationCommand, OperatorCommand, OwnerCommand};
use symbolon_auth_server::passwords::{PasswordHash, hash_password};
use symbolon_service::command_line::CommandError;

use super::typed::typed_secret;

#[derive(Debug, Subcommand)]
pub(crate) enum ApplicationsCommand {
    /// Print every client of the store: its id, its state (active, awaiting, suspended), who registered it (- where nobody is
    /// noted), its name. Of more than a thousand the first are shown, and all are counted.
    List {
        /// Those that wait for an administrator.
        #[arg(long, conflicts_with = "owner")]
        awaiting: bool,
        /// Those that this owner has registered.
        #[arg(long, value_name = "NAME")]
        owner: Option<String>,
    },
    /// Let a client in that waits for that.
    Approve {
        /// Which.
        client_id: String,
    },
    /// Lock a client: its tokens are not good meanwhile.
    Suspend {
        /// Which.
        client_id: String,
    },
    /// Take that back.
    Resume {
        /// Which.
        client_id: String,
    },
    /// Remove a client for good.
    Remove {
        /// Which.
        client_id: String,
    },
}

impl From<ApplicationsCommand> for OperatorCommand {
    fn from(command: ApplicationsCommand) -> Self {
        Self::Applications(match command {
            ApplicationsCommand::List {
                owner: Some(owner), ..
            } => ApplicationCommand::List(ApplicationFilter::RegisteredBy(owner)),
            ApplicationsCommand::List { awaiting: true, .. } => {
                ApplicationCommand::List(ApplicationFilter::Awaiting)
            }
            ApplicationsCommand::List { .. } => ApplicationCommand::List(ApplicationFilter::All),
            ApplicationsCommand::Approve { client_id } => {
                ApplicationCommand::Approve(ClientId::new(client_id))
            }
            ApplicationsCommand::Suspend { client_id } => {
                ApplicationCommand::Suspend(ClientId::new(client_id))
            }
            ApplicationsCommand::Resume { client_id } => {
                ApplicationCommand::Resume(ClientId::new(client_id))
            }
            ApplicationsCommand::Remove { client_id } => {
                ApplicationCommand::Remove(ClientId::new(client_id))
            }
        })
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum OwnersCommand {
    /// Print every account of the store: its name, its state (active, locked), what it may do. Of more than a thousand the
    /// first are shown, and all are counted.
    List,
    /// Add an account. The password is read from standard input.
    Add {
        /// Its name.
        name: String,
        /// What the person may do, such as `ROLE_USER`; may be repeated.
        #[arg(long, value_name = "AUTHORITY")]
        authority: Vec<String>,
        /// Make a password and print it.
        #[arg(long)]
        generate: bool,
    },
    /// Lock an account: nobody signs in, and what was granted is not good meanwhile.
    Lock {
        /// Whose.
        name: String,
    },
    /// Take that back.
    Unlock {
        /// Whose.
        name: String,
    },
    /// Give an account another password, from standard input: all sessions end.
    ResetPassword {
        /// Whose.
        name: String,
        /// Make a password and print it.
        #[arg(long)]
        generate: bool,
    },
    /// Remove the second factor of an account, wherever the account is kept: its password is enough again.
    RemoveSecondFactor {
        /// Whose.
        name: String,
    },
    /// Remove an account for good, and end what it granted.
    Remove {
        /// Whose.
        name: String,
    },
}

impl OwnersCommand {
    /// The command, and the password that was made for it. It is hashed here: no password goes anywhere.
    pub(crate) fn read(self) -> Result<(OperatorCommand, Option<Secret>), CommandError> {
        let (command, made) = match self {
            Self::List => (OwnerCommand::List, None),
            Self::Lock { name } => (OwnerCommand::Lock(name), None),
            Self::Unlock { name } => (OwnerCommand::Unlock(name), None),
            Self::RemoveSecondFactor { name } => (OwnerCommand::RemoveSecondFactor(name), None),
            Self::Remove { name } => (OwnerCommand::Remove(name), None),
            Self::ResetPassword { name, generate } => {
                let (password, made) = new_password(generate)?;
                (OwnerCommand::ResetPassword { name, password }, made)
            }
            Self::Add {
                name,
                authority: authorities,
                generate,
            } => {
                let (password, made) = new_password(generate)?;
                let add = OwnerCommand::Add {
                    name,
                    password,
                    authorities,
                };
                (add, made)
            }
        };
        Ok((OperatorCommand::Owners(command), made))
    }
}

fn new_password(generate: bool) -> Result<(PasswordHash, Option<Secret>), CommandError> {
    let random: &dyn Random = &SystemRandom;
    let made = generate.then(|| Secret::new(random.text::<15>()));
    let password = match &made {
        Some(made) => made.clone(),
        None => typed_secret()?,
    };
    let hash = hash_password(&password, &SystemRandom);
    let hash = hash.map_err(|error| CommandError::Failed(error.to_string()))?;
    Ok((hash, made))
}
