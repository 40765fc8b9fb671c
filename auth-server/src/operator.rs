//! The operator's commands on the keys of a server: run here, or, when a running server has the embedded
//! store's file open, by that server. It listens on a Unix socket beside the file; whoever may write the
//! file may use it.

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use symbolon::clock::Clock;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;

use crate::audit::{Audit, AuditEvent};
use crate::keys::signing::SigningKey;
use crate::keys::{KeyRing, KeyRingError};
use crate::server::Server;

/// How long an operator's connection may take, in seconds.
const TIMEOUT_SECS: u64 = 10;
/// Bytes of the longest command.
const LONGEST_COMMAND: u64 = 64;

/// What an operator can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysCommand {
    /// Show every key.
    List,
    /// Add a key, then show every key.
    Rotate,
}

impl KeysCommand {
    const ALL: [Self; 2] = [Self::List, Self::Rotate];

    const fn as_str(self) -> &'static str {
        match self {
            Self::List => "keys list",
            Self::Rotate => "keys rotate",
        }
    }

    fn parse(line: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|command| command.as_str() == line.trim_end())
    }

    /// Carries the command out; the text is for people. `longest_token_life_secs` is how many seconds a
    /// token may be checked after it was signed.
    pub async fn run(
        self,
        keys: &KeyRing,
        longest_token_life_secs: u64,
        clock: &dyn Clock,
        audit: &Audit,
    ) -> Result<String, KeyRingError> {
        let mut lines = Vec::new();
        let mut outcome = Ok(());
        if self == Self::Rotate {
            let rotated = keys.rotate(longest_token_life_secs).await;
            audit.record_key_changes(&rotated.changes);
            outcome = rotated
                .outcome
                .map(|added| lines.push(format!("added {added}")));
        }
        audit.record(&AuditEvent::OperatorCommand {
            command: self.as_str(),
            done: outcome.is_ok(),
        });
        outcome?;
        lines.extend(list(keys, clock));
        Ok(lines.join("\n"))
    }
}

/// A line per key: its name, algorithm and state.
fn list(keys: &KeyRing, clock: &dyn Clock) -> Vec<String> {
    let now = clock.now();
    let ring = keys.current();
    let active = ring.active_key(now).map(SigningKey::kid);
    let line = |key: &SigningKey| {
        let state = if Some(key.kid()) == active {
            "signs".to_owned()
        } else if key.activates_at() > now {
            let secs = now.secs_until(key.activates_at());
            format!("published, signs in {secs} s")
        } else {
            "replaced, still checks".to_owned()
        };
        let (kid, algorithm) = (key.kid(), key.algorithm().as_str());
        format!("{kid}  {algorithm:5}  {state}")
    };
    ring.published_keys().map(line).collect()
}

/// Where the server that has this file open listens for its operator.
fn socket_beside(file: &Path) -> PathBuf {
    let mut socket = file.as_os_str().to_owned();
    socket.push(".control");
    PathBuf::from(socket)
}

/// Listens for the operator until this is dropped.
#[derive(Debug)]
pub struct OperatorSocket {
    task: JoinHandle<()>,
    path: PathBuf,
}

impl Drop for OperatorSocket {
    fn drop(&mut self) {
        self.task.abort();
        // Gone already is gone.
        let _ = std::fs::remove_file(&self.path);
    }
}

impl OperatorSocket {
    /// Listens beside an embedded store's file, which this process has open; so a socket that is there
    /// is a dead server's.
    pub fn listen(file: &Path, server: Server) -> io::Result<Self> {
        let path = socket_beside(file);
        if path.exists() {
            std::fs::remove_file(&path)?;
        }
        let listener = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        let server = Arc::new(server);
        let task = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    continue;
                };
                let answered = serve(stream, &server);
                let limit = Duration::from_secs(TIMEOUT_SECS);
                if let Ok(Err(error)) = tokio::time::timeout(limit, answered).await {
                    tracing::warn!(event = "operator_not_answered", %error);
                }
            }
        });
        Ok(Self { task, path })
    }
}

async fn serve(stream: UnixStream, server: &Server) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut line = String::new();
    BufReader::new(reader.take(LONGEST_COMMAND))
        .read_line(&mut line)
        .await?;
    let answer = match KeysCommand::parse(&line) {
        Some(command) => {
            let longest = server.clients.longest_access_token_life_secs();
            let (clock, audit) = (server.clock.as_ref(), &server.audit);
            let outcome = command.run(&server.keys, longest, clock, audit).await;
            outcome.map_err(|error| error.to_string())
        }
        None => Err("there is no such command".to_owned()),
    };
    let (word, text) = match &answer {
        Ok(text) => ("ok", text),
        Err(text) => ("error", text),
    };
    writer.write_all(format!("{word}\n{text}").as_bytes()).await
}

/// Asks the server that has an embedded store's file open; `None` when none does.
pub async fn ask_running_server(
    file: &Path,
    command: KeysCommand,
) -> io::Result<Option<Result<String, String>>> {
    let Ok(mut stream) = UnixStream::connect(socket_beside(file)).await else {
        return Ok(None);
    };
    stream
        .write_all(format!("{}\n", command.as_str()).as_bytes())
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(Some(match answer.split_once('\n') {
        Some(("ok", text)) => Ok(text.to_owned()),
        Some((_, text)) => Err(text.to_owned()),
        None => Err("the running server gave no answer".to_owned()),
    }))
}
