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
use crate::server::Server;
use crate::stores::Store;
use crate::tokens::key_ring::{KeyRing, KeyRingError};
use crate::tokens::keys::SigningKey;

/// How long an operator's connection may take, in seconds.
const TIMEOUT_SECS: u64 = 10;
/// Bytes of the longest command.
const LONGEST_COMMAND: u64 = 64;

/// What an operator can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysCommand {
    /// Tell every key.
    List,
    /// Add a key, then tell every key.
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

    /// Carries the command out; the text is for people.
    pub async fn run(
        self,
        keys: &KeyRing,
        store: &dyn Store,
        clock: &dyn Clock,
        audit: &Audit,
    ) -> Result<String, KeyRingError> {
        let outcome = self.carry_out(keys, store, clock).await;
        audit.record(&AuditEvent::OperatorCommand {
            command: self.as_str(),
            done: outcome.is_ok(),
        });
        outcome
    }

    async fn carry_out(
        self,
        keys: &KeyRing,
        store: &dyn Store,
        clock: &dyn Clock,
    ) -> Result<String, KeyRingError> {
        let mut lines = Vec::new();
        if self == Self::Rotate {
            let added = keys.rotate(store).await?;
            lines.push(format!("added {added}"));
        }
        let now = clock.now();
        let ring = keys.current();
        let active = ring.active_key(now).map(SigningKey::kid);
        for key in ring.published_keys() {
            let state = if Some(key.kid()) == active {
                "signs".to_owned()
            } else if key.activates_at() > now {
                format!(
                    "published, signs in {} s",
                    now.secs_until(key.activates_at())
                )
            } else {
                "replaced, still checks".to_owned()
            };
            lines.push(format!(
                "{}  {:5}  {state}",
                key.kid(),
                key.algorithm().as_str()
            ));
        }
        Ok(lines.join("\n"))
    }
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
            let (store, clock) = (server.store.as_ref(), server.clock.as_ref());
            let outcome = command.run(&server.keys, store, clock, &server.audit).await;
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
