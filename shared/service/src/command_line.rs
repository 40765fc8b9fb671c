//! The command line that every service has: the same commands, options, exit codes and texts.
//!
//! | exit code | meaning |
//! | --- | --- |
//! | 0 | done |
//! | 1 | it failed |
//! | 2 | the settings or the command line are wrong |
//!
//! Why a command failed stands on standard error, in lines that begin with the program's name. What is found in the
//! settings is one line each, with all errors and warnings at once; warnings change no exit code, and a service that
//! starts logs them. A program says what it is called, what its settings are and how it serves:
//!
//! ```no_run
//! use std::convert::Infallible;
//! use std::process::ExitCode;
//!
//! use actix_web::{App, web};
//! use symbolon::clock::{Clock, SystemClock};
//! use symbolon_service::command_line::{self, CommandError, Program};
//! use symbolon_service::hang_ups::HangUps;
//! use symbolon_service::http::Listeners;
//! use symbolon_service::identity::ServiceIdentity;
//! use symbolon_service::probes::Readiness;
//! use symbolon_service::service::Service;
//! use symbolon_service::settings::{Accepted, Findings, ServiceSettings, SettingsSources};
//! # use symbolon_service::http::HttpSettings;
//! # use symbolon_service::settings::SharedSettings;
//! # use symbolon_service::telemetry::{LogSettings, TraceSettings};
//! # #[derive(Debug, serde::Deserialize)]
//! # struct Settings { http: HttpSettings, log: LogSettings, traces: TraceSettings }
//! # impl ServiceSettings for Settings {
//! #     const DEFAULTS: &'static str = "";
//! #     const ENVIRONMENT_PREFIX: &'static str = "EXAMPLE";
//! #     fn check(&self, _: &mut Findings) {}
//! #     fn shared(&self) -> SharedSettings<'_> {
//! #         SharedSettings::new(&self.http, &self.log, &self.traces)
//! #     }
//! # }
//!
//! struct Example;
//!
//! impl Program for Example {
//!     const IDENTITY: ServiceIdentity = ServiceIdentity {
//!         name: "example",
//!         version: env!("CARGO_PKG_VERSION"),
//!         crate_name: env!("CARGO_CRATE_NAME"),
//!     };
//!     const ABOUT: &'static str = "Says hello";
//!     type Settings = Settings;
//!     type Command = Infallible;
//!
//!     async fn serve(
//!         settings: Accepted<Settings>,
//!         _sources: SettingsSources,
//!         listeners: Listeners,
//!         hang_ups: HangUps,
//!     ) -> Result<(), CommandError> {
//!         hang_ups.ignore();
//!         let service = Service::new(Self::IDENTITY, SystemClock.now());
//!         let app = || App::new().route("/", web::get().to(|| async { "hello" }));
//!         let running = service.start(settings.shared().http, listeners, &Readiness::always(), app)?;
//!         Ok(running.run_until_signal().await?)
//!     }
//! }
//!
//! #[actix_web::main]
//! async fn main() -> ExitCode {
//!     command_line::run::<Example>().await
//! }
//! ```

use std::convert::Infallible;
use std::ffi::OsString;
use std::future::Future;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, FromArgMatches as _, Subcommand, value_parser};

use crate::hang_ups::HangUps;
use crate::healthcheck::{HealthcheckError, healthcheck};
use crate::http::Listeners;
use crate::identity::ServiceIdentity;
use crate::service::StartError;
use crate::settings::{
    Accepted, AllInForce, Examined, Findings, ServiceSettings, SettingsError, SettingsSources,
};
use crate::telemetry::{Telemetry, TelemetryError};

/// The exit code for settings that cannot be used; that of clap for a command line that cannot.
const WRONG_SETTINGS: u8 = 2;

/// A service as a program.
pub trait Program {
    /// What it is called.
    const IDENTITY: ServiceIdentity;
    /// What `--help` says about it.
    const ABOUT: &'static str;
    /// Its settings.
    type Settings: ServiceSettings;
    /// The commands that it has besides those of every service; [`Infallible`] when there are none.
    type Command: OwnCommand<Self::Settings>;

    /// Finds in settings that could be read what only the program can tell: whether a file that they name is
    /// there, for example.
    fn check(_settings: &Self::Settings, _findings: &mut Findings) {}

    /// Serves until SIGTERM or SIGINT, with logs and traces. The settings were read from `sources`; `hang_ups` has
    /// what came since the program began.
    fn serve(
        settings: Accepted<Self::Settings>,
        sources: SettingsSources,
        listeners: Listeners,
        hang_ups: HangUps,
    ) -> impl Future<Output = Result<(), CommandError>>;
}

/// A command that only one program has.
pub trait OwnCommand<S>: Subcommand {
    /// Carries it out. The settings are read when it asks for them: some commands need none.
    fn run(
        self,
        settings: impl FnOnce() -> Result<S, CommandError>,
    ) -> impl Future<Output = Result<(), CommandError>>;
}

impl<S> OwnCommand<S> for Infallible {
    async fn run(
        self,
        _settings: impl FnOnce() -> Result<S, CommandError>,
    ) -> Result<(), CommandError> {
        match self {}
    }
}

/// Why a command fails.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The settings are wrong.
    #[error("{0}")]
    Settings(String),
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

impl CommandError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Settings(_) => ExitCode::from(WRONG_SETTINGS),
            Self::Failed(_) => ExitCode::FAILURE,
        }
    }
}

impl From<SettingsError> for CommandError {
    fn from(error: SettingsError) -> Self {
        Self::Settings(error.to_string())
    }
}

impl From<TelemetryError> for CommandError {
    fn from(error: TelemetryError) -> Self {
        Self::Settings(error.to_string())
    }
}

impl From<StartError> for CommandError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Settings(text) => Self::Settings(text),
            StartError::Io(error) => Self::from(error),
        }
    }
}

impl From<HealthcheckError> for CommandError {
    fn from(error: HealthcheckError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// The commands of a program.
#[derive(Debug, Subcommand)]
enum Command<Own: Subcommand> {
    /// Serve until SIGTERM or SIGINT: what happens without a command too.
    Serve,
    /// Read the settings, say what is wrong with them, start nothing.
    CheckConfig,
    /// Print the settings in force: each with its value, where it comes from, and what somebody may regret of it. Secrets are
    /// not shown.
    Settings,
    /// Ask the service that runs with these settings whether it is ready; exit 1 if not.
    Healthcheck,
    /// Print every setting with its default and a comment, as a file for --config.
    DefaultConfig,
    #[command(flatten)]
    Own(Own),
}

/// Does what the command line of this process says.
pub async fn run<P: Program>() -> ExitCode {
    let matches = definition::<P>().get_matches();
    match carry_out::<P>(&matches).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain::<P>(&error.to_string());
            error.exit_code()
        }
    }
}

/// Says something on standard error, line by line.
fn complain<P: Program>(text: &str) {
    for line in text.lines() {
        // A closed standard error leaves nobody who could read it.
        let _ = writeln!(io::stderr(), "{}: {line}", P::IDENTITY.name);
    }
}

/// Prints a line on standard output: the answer of a command.
pub fn print_line(line: &str) -> Result<(), CommandError> {
    Ok(writeln!(io::stdout(), "{line}")?)
}

fn definition<P: Program>() -> clap::Command {
    let prefix = P::Settings::ENVIRONMENT_PREFIX;
    let config = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .env(format!("{prefix}_CONFIG"))
        .global(true)
        .value_parser(value_parser!(OsString))
        .help("A TOML file that changes some of the settings; `default-config` prints them all");
    let command = clap::Command::new(P::IDENTITY.name)
        .version(P::IDENTITY.version)
        .after_help(format!(
            "Every setting can be set by the environment too: {prefix}__HTTP__PORT is http.port."
        ))
        .arg(config);
    // The list of commands would describe itself in place of the program.
    Command::<P::Command>::augment_subcommands(command).about(P::ABOUT)
}

async fn carry_out<P: Program>(matches: &ArgMatches) -> Result<(), CommandError> {
    let command = match matches.subcommand_name() {
        Some(_) => {
            Command::<P::Command>::from_arg_matches(matches).unwrap_or_else(|error| error.exit())
        }
        None => Command::Serve,
    };
    let sources = SettingsSources::of_this_process(settings_file(matches)?);
    let examine = || -> Examined<P::Settings> { sources.examine().also(P::check) };
    match command {
        Command::Serve => {
            // Before anything that takes time: one that comes while the settings are read is no end.
            let hang_ups = HangUps::listen()?;
            serve::<P>(examine().accept()?, sources, hang_ups).await
        }
        Command::CheckConfig => check_config::<P>(examine()),
        Command::Settings => print_settings(&examine().accept()?.in_force()),
        Command::Healthcheck => Ok(healthcheck(examine().accept()?.shared().http).await?),
        Command::DefaultConfig => Ok(io::stdout().write_all(P::Settings::DEFAULTS.as_bytes())?),
        Command::Own(command) => command.run(|| Ok(examine().accept()?.settings)).await,
    }
}

/// The file that the command line names, else the one of the environment. A variable that is empty names none:
/// that is how a container's description leaves one out.
fn settings_file(matches: &ArgMatches) -> Result<Option<PathBuf>, CommandError> {
    let file = matches.get_one::<OsString>("config");
    match file.filter(|file| file.is_empty()) {
        Some(_) if matches.value_source("config") == Some(ValueSource::CommandLine) => {
            let text = "--config names no file; accepted: the name of a TOML file";
            Err(CommandError::Settings(text.to_owned()))
        }
        Some(_) => Ok(None),
        None => Ok(file.map(PathBuf::from)),
    }
}

fn print_settings(all: &AllInForce) -> Result<(), CommandError> {
    for one in &all.settings {
        print_line(&one.to_string())?;
    }
    let mut others = all.others.iter();
    others.try_for_each(|warning| print_line(&format!("warning: {warning}")))
}

fn check_config<P: Program>(examined: Examined<P::Settings>) -> Result<(), CommandError> {
    let warnings = examined.accept()?.warnings;
    for warning in &warnings {
        complain::<P>(&warning.to_string());
    }
    match warnings.len() {
        0 => print_line("the settings are sound"),
        1 => print_line("the settings are sound, with 1 warning"),
        several => print_line(&format!("the settings are sound, with {several} warnings")),
    }
}

async fn serve<P: Program>(
    settings: Accepted<P::Settings>,
    sources: SettingsSources,
    hang_ups: HangUps,
) -> Result<(), CommandError> {
    let shared = settings.shared();
    let telemetry = Telemetry::start(P::IDENTITY, shared.log, shared.traces)?;
    settings.log_warnings();
    let outcome = match Listeners::bind(shared.http) {
        Ok(listeners) => P::serve(settings, sources, listeners, hang_ups).await,
        Err(error) => Err(error.into()),
    };
    telemetry.stop();
    outcome
}
