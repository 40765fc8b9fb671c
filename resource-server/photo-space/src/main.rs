//! Photo Space, the resource server of the demo.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use photo_space::{DEFAULTS, DemoSettings, ENVIRONMENT_PREFIX};
use symbolon_resource_server::SystemClock;
use symbolon_service::healthcheck::healthcheck;
use symbolon_service::http::local_url;
use symbolon_service::settings::SettingsSources;
use symbolon_service::shutdown;
use symbolon_service::telemetry::Telemetry;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a shell is told when the settings or the command line are wrong.
const WRONG_SETTINGS: u8 = 2;

/// Photo Space: an API for pictures, protected by OAuth 2.
///
/// Every setting is documented in config/default.toml and can be set by the environment as well:
/// `RESOURCE_SERVER__HTTP__PORT=9001`.
#[derive(Debug, Parser)]
#[command(name = "resource-server", version)]
struct CommandLine {
    /// A TOML file that changes settings.
    #[arg(
        long,
        value_name = "FILE",
        env = "RESOURCE_SERVER_CONFIG",
        global = true
    )]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until SIGTERM or SIGINT: what happens without a command too.
    Serve,
    /// Ask the service that runs with these settings whether it is ready; exit 1 if not.
    Healthcheck,
}

#[actix_web::main]
async fn main() -> ExitCode {
    let command_line = CommandLine::parse();
    let sources =
        SettingsSources::new(ENVIRONMENT_PREFIX, DEFAULTS, command_line.config.as_deref());
    let settings = match DemoSettings::load(&sources) {
        Ok(settings) => settings,
        Err(error) => return fail(&error, WRONG_SETTINGS),
    };
    if let Some(Command::Healthcheck) = command_line.command {
        return match healthcheck(&settings.http).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&error, 1),
        };
    }
    let telemetry = match Telemetry::start("resource-server", &settings.log, &settings.traces) {
        Ok(telemetry) => telemetry,
        Err(error) => return fail(&error, WRONG_SETTINGS),
    };
    let outcome = run(&settings).await;
    telemetry.stop();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(event = "failed", reason = %error);
            ExitCode::FAILURE
        }
    }
}

async fn run(settings: &DemoSettings) -> std::io::Result<()> {
    let listener = settings.http.bind()?;
    let probes_listener = settings.http.bind_probes()?;
    let demo = photo_space::start(settings, listener, probes_listener, Arc::new(SystemClock))?;
    tracing::info!(
        event = "started",
        url = local_url(demo.address),
        address = %demo.address,
        probes_address = %demo.probes_address,
        verifier = ?settings.verifier.method,
    );
    shutdown::run_until_signal(demo.service, demo.probes, demo.drain).await
}

#[allow(
    clippy::print_stderr,
    reason = "there is no log to write to yet, and a command answers its caller"
)]
fn fail(error: &dyn std::error::Error, code: u8) -> ExitCode {
    eprintln!("resource-server: {error}");
    ExitCode::from(code)
}
