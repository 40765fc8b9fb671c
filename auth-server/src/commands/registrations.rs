//! The commands on clients and accounts of the store.

use clap::{Args, Subcommand};
use symbolon::identifiers::ClientId;
use symbolon::random::{Random, SystemRandom};
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::GrantType;
use symbolon_auth_server::administration::{ApplicationFilter, NewApplication};
use symbolon_auth_server::operator::{ApplicationCommand, OperatorCommand, OwnerCommand};
use symbolon_auth_server::passwords::{
    PasswordHash, generate_secret, hash_generated_secret, hash_password,
};
use symbolon_auth_server::records::EmailAddress;
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
    /// Add a client, and print what it is called and its secret, which nobody can read later.
    Add(Box<Described>),
    /// Give a client another secret, and print it. The one before is good for `registration.secret_overlap_secs` more.
    RotateSecret {
        /// Which.
        client_id: String,
    },
}

/// A new client.
#[derive(Debug, Args)]
pub(crate) struct Described {
    /// Its name for people.
    name: String,
    /// A grant that it may use, such as `authorization_code`; may be repeated.
    #[arg(long = "grant", value_name = "GRANT_TYPE", required = true, value_parser = grant_type)]
    grants: Vec<GrantType>,
    /// What it may ask for: names separated by blanks.
    #[arg(long, value_name = "SCOPE", value_parser = scope)]
    scope: Scope,
    /// Where browsers may be sent; may be repeated.
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// It runs where a secret cannot be kept, and gets none.
    #[arg(long)]
    public: bool,
    /// Where its tokens are good: a resource id; may be repeated. Without, everywhere.
    #[arg(long = "resource-id", value_name = "ID")]
    resource_ids: Vec<String>,
    /// What it may do for itself, such as `ROLE_CLIENT`; may be repeated.
    #[arg(long = "authority", value_name = "AUTHORITY")]
    authorities: Vec<String>,
    /// Where people read about it.
    #[arg(long, value_name = "URI")]
    client_uri: Option<String>,
    /// Its picture.
    #[arg(long, value_name = "URI")]
    logo_uri: Option<String>,
    /// What it does with data.
    #[arg(long, value_name = "URI")]
    policy_uri: Option<String>,
    /// Its terms of service.
    #[arg(long, value_name = "URI")]
    tos_uri: Option<String>,
    /// Who answers for it; may be repeated.
    #[arg(long = "contact", value_name = "ADDRESS")]
    contacts: Vec<String>,
}

fn grant_type(text: &str) -> Result<GrantType, String> {
    GrantType::parse(text).ok_or_else(|| "it is not the name of a grant".to_owned())
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text).map_err(|error| error.to_string())
}

impl Described {
    fn application(self, secret: Option<PasswordHash>) -> NewApplication {
        NewApplication {
            client_name: self.name,
            redirect_uris: self.redirect_uris,
            grant_types: self.grants.into_iter().collect(),
            scope: self.scope,
            client_uri: self.client_uri,
            logo_uri: self.logo_uri,
            policy_uri: self.policy_uri,
            tos_uri: self.tos_uri,
            contacts: self.contacts,
            secret,
            resource_ids: self.resource_ids,
            authorities: self.authorities,
        }
    }
}

impl ApplicationsCommand {
    /// The command, and the secret that was made for it. It is hashed here: no secret goes anywhere.
    pub(crate) fn read(self) -> (OperatorCommand, Option<Secret>) {
        let made = || {
            let secret = generate_secret(&SystemRandom);
            (hash_generated_secret(&secret), secret)
        };
        let (command, secret) = match self {
            Self::Add(described) => {
                let (hash, secret) = (!described.public).then(made).unzip();
                let new = described.application(hash);
                (ApplicationCommand::Add(Box::new(new)), secret)
            }
            Self::RotateSecret { client_id } => {
                let (hash, secret) = made();
                let rotate = ApplicationCommand::RotateSecret {
                    client_id: ClientId::new(client_id),
                    secret: hash,
                };
                (rotate, Some(secret))
            }
            Self::List { owner, awaiting } => {
                (ApplicationCommand::List(filter(owner, awaiting)), None)
            }
            Self::Approve { client_id } => {
                (ApplicationCommand::Approve(ClientId::new(client_id)), None)
            }
            Self::Suspend { client_id } => {
                (ApplicationCommand::Suspend(ClientId::new(client_id)), None)
            }
            Self::Resume { client_id } => {
                (ApplicationCommand::Resume(ClientId::new(client_id)), None)
            }
            Self::Remove { client_id } => {
                (ApplicationCommand::Remove(ClientId::new(client_id)), None)
            }
        };
        (OperatorCommand::Applications(command), secret)
    }
}

fn filter(owner: Option<String>, awaiting: bool) -> ApplicationFilter {
    match (owner, awaiting) {
        (Some(owner), _) => ApplicationFilter::RegisteredBy(owner),
        (None, true) => ApplicationFilter::Awaiting,
        (None, false) => ApplicationFilter::All,
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum OwnersCommand {
    /// Print every account of the store: its name, its state (active, locked, invited: has not chosen a password yet), what it may do. Of more than a thousand the
    /// first are shown, and all are counted.
    List,
    /// Add an account. The password is read from standard input.
    Add {
        /// Its name.
        name: String,
        /// What the person may do, such as `ROLE_USER`; may be repeated.
        #[arg(long, value_name = "AUTHORITY")]
        authority: Vec<String>,
        /// Where the person reads mails.
        #[arg(long, value_name = "ADDRESS", value_parser = email_address)]
        email: Option<EmailAddress>,
        /// Make a password and print it.
        #[arg(long)]
        generate: bool,
        /// Send the person an invitation to choose the password, which nobody knows until then. It takes the server that runs,
        /// with the store in a file.
        #[arg(long, requires = "email", conflicts_with = "generate")]
        invite: bool,
    },
    /// Send another invitation to whoever was invited and has not chosen a password yet: the one before is good no more.
    ///
    /// It takes the server that runs, with the store in a file.
    Invite {
        /// Whose account.
        name: String,
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
    /// Say where the owner of an account reads mails: a link is sent there when the password is forgotten. Without an address
    /// the account has none any more.
    SetEmail {
        /// Whose.
        name: String,
        /// The address.
        #[arg(value_name = "ADDRESS", value_parser = email_address)]
        email: Option<EmailAddress>,
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
            Self::SetEmail { name, email } => (OwnerCommand::SetEmail { name, email }, None),
            Self::RemoveSecondFactor { name } => (OwnerCommand::RemoveSecondFactor(name), None),
            Self::Remove { name } => (OwnerCommand::Remove(name), None),
            Self::Invite { name } => {
                let (password, _) = new_password(true)?;
                (OwnerCommand::Invite { name, password }, None)
            }
            Self::ResetPassword { name, generate } => {
                let (password, made) = new_password(generate)?;
                (OwnerCommand::ResetPassword { name, password }, made)
            }
            Self::Add {
                name,
                authority: authorities,
                email,
                generate,
                invite,
            } => {
                let (password, made) = new_password(generate || invite)?;
                let made = made.filter(|_| !invite);
                let add = OwnerCommand::Add {
                    name,
                    password,
                    invited: invite,
                    authorities,
                    email,
                };
                (add, made)
            }
        };
        Ok((OperatorCommand::Owners(command), made))
    }
}

fn email_address(text: &str) -> Result<EmailAddress, &'static str> {
    EmailAddress::parse(text).ok_or(EmailAddress::FORM)
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
