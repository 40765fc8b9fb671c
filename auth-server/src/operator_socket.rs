//! How the operator's commands reach a running server: a Unix socket beside the embedded store's file.
//! Whoever may write the file may use it.

use std::io;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader,
};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::operator::{Operator, OperatorCommand};

/// How long an operator's side may take to send a command and to read the answer, and how long the server's may say
/// nothing, in seconds. A command takes as long as it takes.
const TIMEOUT_SECS: u64 = 10;
/// How often the server says that it is still at work, in seconds.
const BEAT_SECS: u64 = 3;
/// The line that says so.
const WORKING: &str = "working\n";
/// Bytes of the longest command, with the end of its line.
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
                let operator = Arc::clone(&operator);
                // One command may take long, and others do not wait for it.
                tokio::spawn(async move {
                    if let Err(error) = serve(stream, &operator).await {
                        tracing::warn!(event = "operator_not_answered", %error);
                    }
                });
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
    let limit = Duration::from_secs(TIMEOUT_SECS);
    let mut line = String::new();
    let mut reader = BufReader::new(reader.take(LONGEST_COMMAND));
    timeout(limit, reader.read_line(&mut line)).await??;
    let answer = match command_of(&line) {
        Ok(_) if is_gone(&mut reader).await => {
            // Whatever it would make nobody would hear of.
            return Err(io::Error::other("nobody waits for it: nothing was done"));
        }
        Ok(command) => {
            let mut carried_out = pin!(carry_out(operator, command));
            let beat = Duration::from_secs(BEAT_SECS);
            loop {
                match timeout(beat, &mut carried_out).await {
                    Ok(answer) => break answer,
                    Err(_) => timeout(limit, writer.write_all(WORKING.as_bytes())).await??,
                }
            }
        }
        Err(text) => Err(text),
    };
    let (word, text) = match &answer {
        Ok(text) => ("ok", text),
        Err(text) => ("error", text),
    };
    let answer = format!("{word}\n{text}");
    timeout(limit, writer.write_all(answer.as_bytes())).await?
}

/// Whether whoever sent a command has hung up: it waited for long before the server came to it.
async fn is_gone(reader: &mut (impl AsyncBufRead + Unpin)) -> bool {
    let now = timeout(Duration::ZERO, reader.fill_buf());
    matches!(now.await, Ok(Ok([]) | Err(_)))
}

/// The command of a whole line. What is cut off may mean more than what was sent, so it means nothing.
fn command_of(line: &str) -> Result<OperatorCommand, String> {
    if !line.ends_with('\n') {
        return Err(format!(
            "the command is cut off or longer than {LONGEST_COMMAND} bytes: nothing was done"
        ));
    }
    OperatorCommand::parse(line).ok_or_else(|| "there is no such command".to_owned())
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

/// Asks the server that has an embedded store's file open; `None` when none does. One that says nothing for a while is
/// waited for no longer.
pub async fn ask_running_server(
    file: &Path,
    command: &OperatorCommand,
) -> io::Result<Option<Result<String, String>>> {
    let line = format!("{}\n", command.to_line());
    if u64::try_from(line.len()).is_ok_and(|length| length > LONGEST_COMMAND) {
        let text = format!("the names are too long: a command has at most {LONGEST_COMMAND} bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    let Ok(connected) = in_time(UnixStream::connect(socket_beside(file))).await? else {
        return Ok(None);
    };
    let mut stream = BufReader::new(connected);
    in_time(stream.write_all(line.as_bytes())).await??;
    let mut word = String::new();
    loop {
        in_time(stream.read_line(&mut word)).await??;
        if word != WORKING {
            break;
        }
        word.clear();
    }
    let mut text = String::new();
    in_time(stream.read_to_string(&mut text)).await??;
    Ok(Some(match word.as_str() {
        "ok\n" => Ok(text),
        "error\n" => Err(text),
        _ => {
            let text = "the running server gave no answer; whether it carries the command out is not known";
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, text));
        }
    }))
}

async fn in_time<T>(awaited: impl Future<Output = T>) -> io::Result<T> {
    let limit = Duration::from_secs(TIMEOUT_SECS);
    timeout(limit, awaited).await.map_err(|_| {
        let text = format!(
            "the running server said nothing for {TIMEOUT_SECS} s; whether it carries the command out is not known"
        );
        io::Error::new(io::ErrorKind::TimedOut, text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_is_cut_off_is_none() {
        let whole = "access end?owner=xiaoming&client=print-photo\n";
        assert!(command_of(whole).is_ok());
        for end in 0..whole.len() {
            assert!(command_of(&whole[..end]).is_err(), "{end}");
        }
    }
}
