//! The command line of the authorization server.

use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use symbolon::clock::SystemClock;
use symbolon::random::{Random, SystemRandom};
use symbolon::secret::Secret;
use symbolon_auth_server::app::{self, Foundation, StartError, StoreChoice, Surroundings};
use symbolon_auth_server::audit;
use symbolon_auth_server::operator;
use symbolon_auth_server::passwords::{hash_generated_secret, hash_password};
use symbolon_auth_server::settings::Settings;
use symbolon_auth_server::stores::embedded::EmbeddedLocation;
use symbolon_service::healthcheck::healthcheck;
use symbolon_service::shutdown;
use symbolon_service::telemetry::{LogSettings, Telemetry, TraceSettings};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An OAuth 2 authorization server that speaks Spring Security OAuth's dialect and today's standards.
#[derive(Debug, Parser)]
#[command(name = "auth-server", version)]
struct Arguments {
    /// A TOML file that changes some of the settings; config/default.toml documents them all.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server until SIGTERM or SIGINT.
    Serve,
    /// Read the settings, tell what is wrong with them, start nothing.
    CheckConfig,
    /// Ask the server that runs with these settings whether it is ready; exit 1 if not.
    Healthcheck,
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

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Print every key: its name, algorithm and state.
    List,
    /// Add a key; it signs as soon as everybody can know it.
    Rotate,
}

/// Why a command fails.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    /// The settings are wrong: exit 2.
    #[error("{0}")]
    Settings(String),
    /// Anything else: exit 1.
    #[error("{0}")]
    Failed(String),
}

impl From<StartError> for CommandError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Settings(text) => Self::Settings(text),
            StartError::Store(_)
            | StartError::Keys(_)
            | StartError::Sealing(_)
            | StartError::Hashing(_)
            | StartError::Io(_) => Self::Failed(error.to_string()),
        }
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

#[actix_web::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed standard error leaves nobody to tell.
            let _ = writeln!(io::stderr(), "auth-server: {error}");
            match error {
                CommandError::Settings(_) => ExitCode::from(2),
                CommandError::Failed(_) => ExitCode::FAILURE,
            }
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), CommandError> {
    let Arguments { config, command } = arguments;
    if let Command::HashSecret { generate } = command {
        return hash_secret(generate);
    }
    let settings = Settings::load(config.as_deref())
        .map_err(|error| CommandError::Settings(error.to_string()))?;
    StoreChoice::read(&settings)?;
    match command {
        Command::Serve => serve(&settings).await,
        Command::CheckConfig => tell("the settings are sound"),
        Command::Healthcheck => healthcheck(&settings.http)
            .await
            .map_err(|error| CommandError::Failed(error.to_string())),
        Command::Keys { command } => keys(&settings, command).await,
        Command::HashSecret { .. } => Ok(()),
    }
}

fn surroundings() -> Surroundings {
    Surroundings {
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    }
}

async fn serve(settings: &Settings) -> Result<(), CommandError> {
    let telemetry = Telemetry::start("auth-server", &settings.log, &settings.traces)
        .map_err(|error| CommandError::Settings(error.to_string()))?;
    let (listener, probes) = (settings.http.bind()?, settings.http.bind_probes()?);
    let running = app::start(settings, listener, probes, surroundings()).await?;
    let kept_up = running.upkeep;
    let outcome = shutdown::run_until_signal(running.service, running.probes, running.drain).await;
    drop(kept_up);
    telemetry.stop();
    Ok(outcome?)
}

fn hash_secret(generate: bool) -> Result<(), CommandError> {
    let random: &dyn Random = &SystemRandom;
    if generate {
        let secret = Secret::new(random.text::<32>());
        tell(&format!("secret: {}", secret.expose()))?;
        return tell(&format!(
            "hash:   {}",
            hash_generated_secret(&secret).expose()
        ));
    }
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
    let hash =
        hash_password(&secret, random).map_err(|error| CommandError::Failed(error.to_string()))?;
    tell(hash.expose())
}

/// Runs a command on the keys: by the server that has the embedded store open, when one has, else here.
async fn keys(settings: &Settings, command: KeysCommand) -> Result<(), CommandError> {
    let command = match command {
        KeysCommand::List => operator::KeysCommand::List,
        KeysCommand::Rotate => operator::KeysCommand::Rotate,
    };
    if let StoreChoice::Embedded(EmbeddedLocation::File(file)) = StoreChoice::read(settings)?
        && let Some(answer) = operator::ask_running_server(&file, command).await?
    {
        return tell(&answer.map_err(CommandError::Failed)?);
    }
    let around = surroundings();
    let told = LogSettings {
        filter: format!("{}=info,warn", audit::TARGET),
        ..settings.log.clone()
    };
    let telemetry = Telemetry::start("auth-server", &told, &TraceSettings::OFF)
        .map_err(|error| CommandError::Settings(error.to_string()))?;
    let Foundation {
        keys,
        audit,
        clients,
        ..
    } = Foundation::open(settings, &around).await?;
    let longest = clients.longest_access_token_life_secs();
    let answer = command
        .run(&keys, longest, around.clock.as_ref(), &audit)
        .await;
    telemetry.stop();
    tell(&answer.map_err(|error| CommandError::Failed(error.to_string()))?)
}

fn tell(line: &str) -> Result<(), CommandError> {
    Ok(writeln!(io::stdout(), "{line}")?)
}
