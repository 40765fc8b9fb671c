//! How the operator's commands reach a running server: a Unix socket beside the embedded store's file.
//! Whoever may write the file may use it.

use std::io;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;

use crate::operator::{Operator, OperatorCommand};

/// How long an operator's connection may take, in seconds.
const TIMEOUT_SECS: u64 = 10;
/// Bytes of the longest command.
const LONGEST_COMMAND: u64 = 4096;

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
    pub fn listen(file: &Path, operator: Operator) -> io::Result<Self> {
        let path = socket_beside(file);
        remove_dead_socket(&path)?;
        let listener = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        let operator = Arc::new(operator);
        let task = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    continue;
                };
                let answered = serve(stream, &operator);
                let limit = Duration::from_secs(TIMEOUT_SECS);
                if let Ok(Err(error)) = tokio::time::timeout(limit, answered).await {
                    tracing::warn!(event = "operator_not_answered", %error);
                }
            }
        });
        Ok(Self { task, path })
    }
}

/// Something else of that name is somebody else's: it stays, and the socket cannot be made.
fn remove_dead_socket(path: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => std::fs::remove_file(path),
        Ok(_) => Err(io::Error::other(format!(
            "{} is there and no socket",
            path.display()
        ))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

async fn serve(stream: UnixStream, operator: &Arc<Operator>) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut line = String::new();
    BufReader::new(reader.take(LONGEST_COMMAND))
        .read_line(&mut line)
        .await?;
    let answer = match OperatorCommand::parse(&line) {
        Some(command) => carry_out(operator, command).await,
        None => Err("there is no such command".to_owned()),
    };
    let (word, text) = match &answer {
        Ok(text) => ("ok", text),
        Err(text) => ("error", text),
    };
    writer.write_all(format!("{word}\n{text}").as_bytes()).await
}

/// In a task of its own: all callers of the server live on what a command changes, so it is not left half-way when the
/// operator goes away or the store takes its time.
async fn carry_out(operator: &Arc<Operator>, command: OperatorCommand) -> Result<String, String> {
    let operator = Arc::clone(operator);
    let carried_out = tokio::spawn(async move { operator.run(&command).await });
    match carried_out.await {
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

/// Asks the server that has an embedded store's file open; `None` when none does.
pub async fn ask_running_server(
    file: &Path,
    command: &OperatorCommand,
) -> io::Result<Option<Result<String, String>>> {
    let Ok(mut stream) = UnixStream::connect(socket_beside(file)).await else {
        return Ok(None);
    };
    stream
        .write_all(format!("{}\n", command.to_line()).as_bytes())
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(Some(match answer.split_once('\n') {
        Some(("ok", text)) => Ok(text.to_owned()),
        Some((_, text)) => Err(text.to_owned()),
        None => Err("the running server gave no answer".to_owned()),
    }))
}
