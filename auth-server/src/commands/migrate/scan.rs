//! `auth-server migrate scan`.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use serde_json::json;
use symbolon_auth_server::app::{Inputs, OldServer};
use symbolon_auth_server::migrate::scan::{
    Draft, Meaning, Scan, ScannedClient, SpringConfiguration, Summary, summary_text, verdict_text,
};
use symbolon_auth_server::settings::Settings;
use symbolon_service::command_line::CommandError;

use super::format::Format;
use super::progress::Progress;

#[derive(Debug, Args)]
pub(crate) struct ScanArguments {
    /// The application.yml or application.properties of the Spring server.
    #[arg(long, value_name = "FILE")]
    spring_config: Option<PathBuf>,
    /// A profile of it that is active.
    #[arg(long, value_name = "NAME", requires = "spring_config")]
    spring_profile: Vec<String>,
    /// Where to write settings that are drawn from it: a new file, for its owner only. Secrets in it are hashes.
    #[arg(long, value_name = "FILE", requires = "spring_config")]
    settings_out: Option<PathBuf>,
    /// How to print the answer; JSON is one object on each line, the last one with the sums.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const NOTHING: &str = "there is nothing to look at: name a --spring-config, or the Spring server's tables and tokens in \
                       `sql_clients.url`, `sql_owners.url`, `legacy_tokens.redis_url` or `legacy_tokens.sql_url`; what was \
                       imported is in the store, where no scan looks";

pub(super) async fn run(arguments: ScanArguments, settings: &Settings) -> Result<(), CommandError> {
    let inputs = Inputs::of_the_system();
    let old = OldServer::open(settings)?;
    let draft = arguments
        .spring_config
        .as_deref()
        .map(|file| drawn(file, &arguments.spring_profile, &inputs))
        .transpose()?;
    let has_more = old.clients.is_some() || old.owners.is_some() || old.tokens.is_some();
    if !has_more && draft.is_none() {
        return Err(CommandError::Settings(NOTHING.to_owned()));
    }
    if let (Some(file), Some(draft)) = (&arguments.settings_out, &draft) {
        write_new(file, &draft.toml)?;
    }
    let mut answer = Answer {
        format: arguments.format,
        out: BufWriter::new(io::stdout()),
    };
    answer.meanings(draft.as_ref().map_or(&[], |draft| &draft.meanings))?;
    let scan = Scan {
        configured: draft.map(|draft| draft.clients).unwrap_or_default(),
        clients: old.clients.as_ref(),
        owners: old.owners.as_ref(),
        tokens: old.tokens.as_deref(),
        defaults: settings.client_defaults(),
        hash_without_id: settings.login.hash_without_id,
        now: inputs.clock.now(),
    };
    let mut progress = Progress::begin();
    let seen = scan.run(
        |client| answer.client(client),
        |how_far| progress.tell(how_far),
    );
    let summary = seen
        .await
        .map_err(|error| CommandError::Failed(error.to_string()))?;
    Ok(answer.summary(&summary)?)
}

fn drawn(file: &Path, profiles: &[String], inputs: &Inputs) -> Result<Draft, CommandError> {
    let said = SpringConfiguration::read(file, profiles).map_err(|error| {
        CommandError::Settings(format!("--spring-config {}: {error}", file.display()))
    })?;
    Draft::of(&said, inputs.random.as_ref())
        .map_err(|error| CommandError::Failed(error.to_string()))
}

/// A file for its owner only, which must not be there yet.
fn write_new(file: &Path, text: &str) -> Result<(), CommandError> {
    let failed = |error: io::Error| {
        CommandError::Failed(format!("--settings-out {}: {error}", file.display()))
    };
    let mut options = OpenOptions::new();
    let mut opened = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .map_err(failed)?;
    opened.write_all(text.as_bytes()).map_err(failed)
}

/// The answer on standard output.
struct Answer<W: Write> {
    format: Format,
    out: W,
}

impl<W: Write> Answer<W> {
    fn meanings(&mut self, meanings: &[Meaning]) -> io::Result<()> {
        for meaning in meanings {
            match self.format {
                Format::Text => {
                    let name = meaning.name.escape_debug();
                    let here = meaning.here.unwrap_or("nothing here");
                    writeln!(self.out, "{name} → {here}")?;
                }
                Format::Json => {
                    self.line(&json!({"setting": meaning.name, "here": meaning.here}))?;
                }
            }
        }
        Ok(())
    }

    fn client(&mut self, client: &ScannedClient) -> io::Result<()> {
        match self.format {
            Format::Text => writeln!(self.out, "{}", verdict_text(client)),
            Format::Json => self.line(client),
        }
    }

    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        match self.format {
            Format::Text => writeln!(self.out, "{}", summary_text(summary))?,
            Format::Json => self.line(&json!({"summary": summary}))?,
        }
        self.out.flush()
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        writeln!(self.out)
    }
}
