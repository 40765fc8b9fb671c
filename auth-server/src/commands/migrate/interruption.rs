//! The wish of whoever runs a command that it come to its end.

use std::io;

use tokio::signal::unix::{SignalKind, signal};

/// Until SIGINT or SIGTERM. From now on neither ends the process by itself.
pub(super) fn interrupted() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => (),
            _ = terminate.recv() => (),
        }
    })
}
