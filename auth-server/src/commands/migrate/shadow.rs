//! `auth-server migrate shadow`.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use symbolon_auth_server::migrate::shadow::{Choice, Kind, ShadowError, ShadowSettings, Snapshot};
use symbolon_service::command_line::{CommandError, print_line};

use super::format::Format;
use super::interruption::interrupted;

#[derive(Debug, Args)]
pub(crate) struct ShadowArguments {
    /// The old server with its context path.
    #[arg(long, value_name = "URL")]
    old: String,
    /// The new server: its issuer, or where else it is reached.
    #[arg(long, value_name = "URL")]
    new: String,
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8079")]
    listen: SocketAddr,
    /// Where to tell the report as it stands, at /report and /report.json.
    #[arg(long, value_name = "ADDRESS:PORT")]
    report_on: Option<SocketAddr>,
    /// Where to write the report, every ten seconds and at the end; as JSON where the name ends in .json.
    #[arg(long, value_name = "FILE")]
    report_file: Option<PathBuf>,
    /// How to print the report at the end.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Ask twice although it uses up what is good once. A new server that reads the old Redis takes refresh tokens away.
    #[arg(long, value_enum, value_name = "WHAT")]
    ask_twice: Vec<OneTime>,
    /// Do not ask the new server this.
    #[arg(long, value_enum, value_name = "WHAT")]
    never_ask: Vec<LeftOut>,
    /// How far lifetimes may be apart, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    tolerance_secs: u64,
    /// How long the new server may take, in milliseconds. Nobody waits for it.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 5000, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    timeout_ms: u64,
    /// Call servers on other machines by plain http, where the network itself encrypts.
    #[arg(long)]
    allow_plain_http: bool,
    /// Who signed the certificates of the servers, as PEM, where no known authority has.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OneTime {
    AuthorizationCode,
    RefreshToken,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LeftOut {
    Authorize,
    ClientCredentials,
    Password,
}

pub(super) async fn shadow(arguments: ShadowArguments) -> Result<(), CommandError> {
    let format = arguments.format;
    let authorities = match &arguments.ca_file {
        Some(file) => std::fs::read(file).map_err(|error| {
            CommandError::Settings(format!("--ca-file {}: {error}", file.display()))
        })?,
        None => Vec::new(),
    };
    let bound = settings(arguments, authorities)
        .bind()
        .map_err(|error| command_error(&error))?;
    let (address, report) = bound.addresses()?;
    writeln!(
        io::stderr(),
        "auth-server: the shadow listens on http://{address}"
    )?;
    if let Some(report) = report {
        writeln!(
            io::stderr(),
            "auth-server: it reports on http://{report}/report"
        )?;
    }
    let end = interrupted()?;
    let snapshot = bound
        .run(end)
        .await
        .map_err(|error| command_error(&error))?;
    print_report(&snapshot, format)
}

fn settings(arguments: ShadowArguments, authorities: Vec<u8>) -> ShadowSettings {
    let also = arguments.ask_twice.iter().map(|what| match what {
        OneTime::AuthorizationCode => Kind::AuthorizationCode,
        OneTime::RefreshToken => Kind::RefreshToken,
    });
    let never = arguments.never_ask.iter().map(|what| match what {
        LeftOut::Authorize => Kind::Authorize,
        LeftOut::ClientCredentials => Kind::ClientCredentials,
        LeftOut::Password => Kind::Password,
    });
    let choice = Choice {
        also: also.collect(),
        never: never.collect(),
    };
    ShadowSettings {
        old: arguments.old,
        new: arguments.new,
        allow_plain_http: arguments.allow_plain_http,
        authorities,
        listen: arguments.listen,
        report_on: arguments.report_on,
        report_file: arguments.report_file,
        choice,
        tolerance_secs: arguments.tolerance_secs,
        patience: Duration::from_millis(arguments.timeout_ms),
    }
}

/// A command line that cannot be meant is one thing, a machine that does not do it another.
fn command_error(error: &ShadowError) -> CommandError {
    let text = error.to_string();
    match error {
        ShadowError::Address { .. } | ShadowError::NoCertificate => CommandError::Settings(text),
        ShadowError::Tls(_)
        | ShadowError::Bind { .. }
        | ShadowError::File { .. }
        | ShadowError::Io(_) => CommandError::Failed(text),
    }
}

fn print_report(snapshot: &Snapshot, format: Format) -> Result<(), CommandError> {
    let text = match format {
        Format::Text => snapshot.to_text(),
        Format::Json => snapshot
            .to_json()
            .map_err(|error| CommandError::Failed(error.to_string()))?,
    };
    print_line(&text)
}
