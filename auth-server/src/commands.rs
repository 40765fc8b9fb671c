//! The commands that only the authorization server has.

use std::io::{self, IsTerminal as _, Read as _, Write as _};

use clap::Subcommand;
use symbolon::random::{Random, SystemRandom};
use symbolon::secret::Secret;
use symbolon_auth_server::app::{ClockAndRandom, Foundation, IDENTITY, StoreChoice};
use symbolon_auth_server::audit;
use symbolon_auth_server::operator;
use symbolon_auth_server::passwords::{hash_generated_secret, hash_password};
use symbolon_auth_server::settings::Settings;
use symbolon_auth_server::stores::embedded::EmbeddedLocation;
use symbolon_service::command_line::{CommandError, OwnCommand, print_line};
use symbolon_service::telemetry::{LogSettings, Telemetry, TraceSettings};

/// What an operator can ask for besides the commands of every service.
#[derive(Debug, Subcommand)]
pub(crate) enum OperatorCommand {
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
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Print every key: its name, algorithm and state.
    List,
    /// Add a key; it signs as soon as everybody can know it.
    Rotate,
}

impl From<KeysCommand> for operator::KeysCommand {
    fn from(command: KeysCommand) -> Self {
        match command {
            KeysCommand::List => Self::List,
            KeysCommand::Rotate => Self::Rotate,
        }
    }
}

impl OwnCommand<Settings> for OperatorCommand {
    async fn run(
        self,
        settings: impl FnOnce() -> Result<Settings, CommandError>,
    ) -> Result<(), CommandError> {
        match self {
            Self::HashSecret { generate: true } => print_generated_secret(),
            Self::HashSecret { generate: false } => hash_secret(),
            Self::Keys { command } => run_keys_command(&settings()?, command.into()).await,
        }
    }
}

fn print_generated_secret() -> Result<(), CommandError> {
    let random: &dyn Random = &SystemRandom;
    let secret = Secret::new(random.text::<32>());
    let hash = hash_generated_secret(&secret);
    print_line(&format!("secret: {}", secret.expose()))?;
    print_line(&format!("hash:   {}", hash.expose()))
}

fn hash_secret() -> Result<(), CommandError> {
    if io::stdin().is_terminal() {
        writeln!(
            io::stderr(),
            "Type the secret and end with Enter and Ctrl-D:"
        )?;
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let secret = Secret::new(text.trim_end_matches(['\r', '\n']));
    if secret.expose().is_empty() {
        return Err(CommandError::Failed(
            "standard input holds no secret".to_owned(),
        ));
    }
    let hash = hash_password(&secret, &SystemRandom)
        .map_err(|error| CommandError::Failed(error.to_string()))?;
    print_line(hash.expose())
}

/// By the server that has the embedded store open, when one has, else here.
async fn run_keys_command(
    settings: &Settings,
    command: operator::KeysCommand,
) -> Result<(), CommandError> {
    if let StoreChoice::Embedded(EmbeddedLocation::File(file)) = StoreChoice::read(settings)?
        && let Some(answer) = operator::ask_running_server(&file, command).await?
    {
        return print_line(&answer.map_err(CommandError::Failed)?);
    }
    let inputs = ClockAndRandom::of_the_system();
    let log = LogSettings {
        filter: format!("{}=info,warn", audit::TARGET),
        ..settings.log.clone()
    };
    let telemetry = Telemetry::start(IDENTITY, &log, &TraceSettings::OFF)?;
    let Foundation {
        keys,
        audit,
        clients,
        ..
    } = Foundation::open(settings, &inputs).await?;
    let longest = clients.longest_access_token_life_secs();
    let answer = command
        .run(&keys, longest, inputs.clock.as_ref(), &audit)
        .await;
    telemetry.stop();
    print_line(&answer.map_err(|error| CommandError::Failed(error.to_string()))?)
}
