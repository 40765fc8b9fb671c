//! `SIGHUP`: whoever sends it wants a service to read its settings again, has rotated its log, or has closed a
//! terminal. It ends no service.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What is sent while a service starts and runs.
#[derive(Debug)]
pub struct HangUps(Signal);

impl HangUps {
    /// Hears them from now on. One that comes before anybody waits for it is kept; several are one.
    pub fn listen() -> io::Result<Self> {
        Ok(Self(signal(SignalKind::hangup())?))
    }

    /// The next one.
    pub async fn next(&mut self) -> Option<()> {
        self.0.recv().await
    }

    /// For a service that reads nothing again: says so in the log, each time.
    pub fn ignore(mut self) {
        tokio::spawn(async move {
            while self.next().await.is_some() {
                tracing::info!(
                    event = "hang_up_ignored",
                    "nothing is read again while this service runs: changed settings need a restart"
                );
            }
        });
    }
}
