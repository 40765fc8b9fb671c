//! Print Photo, the demo client, as a program.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use print_photo::DemoClientSettings;
use symbolon::clock::SystemClock;
use symbolon_service::healthcheck::healthcheck;
use symbolon_service::shutdown;
use symbolon_service::telemetry::Telemetry;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The exit code for settings that cannot be used.
const WRONG_SETTINGS: u8 = 2;

/// Print Photo: a web application that shows how a client uses OAuth 2, one page per grant.
#[derive(Debug, Parser)]
#[command(name = "demo-client", version)]
struct Arguments {
    /// A TOML file that changes some of the settings in config/default.toml.
    #[arg(long, global = true, value_name = "FILE")]
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
    let arguments = Arguments::parse();
    let settings = match DemoClientSettings::load(arguments.config.as_deref()) {
        Ok(settings) => settings,
        Err(error) => return fail(&error, WRONG_SETTINGS),
    };
    if let Some(Command::Healthcheck) = arguments.command {
        return match healthcheck(&settings.http).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&error, 1),
        };
    }
    let telemetry = match Telemetry::start("demo-client", &settings.log, &settings.traces) {
        Ok(telemetry) => telemetry,
        Err(error) => return fail(&error, WRONG_SETTINGS),
    };
    let outcome = run(&settings).await;
    telemetry.stop();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => {
            fail(&error, WRONG_SETTINGS)
        }
        Err(error) => fail(&error, 1),
    }
}

async fn run(settings: &DemoClientSettings) -> std::io::Result<()> {
    let listener = settings.http.bind()?;
    let probes_listener = settings.http.bind_probes()?;
    let clock = Arc::new(SystemClock);
    let demo = print_photo::start(settings, listener, probes_listener, clock)?;
    tracing::info!(
        event = "started",
        url = %demo.url,
        address = %demo.address,
        probes_address = %demo.probes_address,
    );
    shutdown::run_until_signal(demo.service, demo.probes, demo.drain).await
}

fn fail(error: &dyn std::error::Error, code: u8) -> ExitCode {
    eprintln!("demo-client: {error}");
    ExitCode::from(code)
}
