//! The operator's commands on a server: run here, or, when a running server has the embedded store's file
//! open, by that server.

use std::sync::Arc;

use symbolon::clock::Clock;

use crate::audit::{Audit, AuditEvent};
use crate::clients::registry::Clients;
use crate::keys::signing::SigningKey;
use crate::keys::{KeyRing, KeyRingError};
use crate::reload::{Reload, ReloadError};

/// What an operator can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorCommand {
    /// List every key.
    ListKeys,
    /// Add a key, then list every key.
    RotateKeys,
    /// Read the registrations again.
    Reload,
}

impl OperatorCommand {
    const ALL: [Self; 3] = [Self::ListKeys, Self::RotateKeys, Self::Reload];

    /// Its words on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ListKeys => "keys list",
            Self::RotateKeys => "keys rotate",
            Self::Reload => "reload",
        }
    }

    /// Whether only the server that runs can carry it out.
    pub const fn needs_a_running_server(self) -> bool {
        match self {
            Self::Reload => true,
            Self::ListKeys | Self::RotateKeys => false,
        }
    }

    /// The command of these words.
    pub fn parse(line: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|command| command.as_str() == line.trim_end())
    }
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// The keys cannot be changed.
    #[error(transparent)]
    Keys(#[from] KeyRingError),
    /// The registrations cannot be taken over.
    #[error(transparent)]
    Reload(#[from] ReloadError),
    /// Only a running server has registrations to replace.
    #[error(
        "no running server has the store's file open; a server on another store reads its registrations again \
         on SIGHUP"
    )]
    NoServer,
}

/// Carries commands out.
#[derive(Clone)]
pub struct Operator {
    /// The server's keys.
    pub keys: Arc<KeyRing>,
    /// How long keys are needed depends on them.
    pub clients: Clients,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Takes audit events.
    pub audit: Arc<Audit>,
    /// Replaces registrations; `None` where no server runs.
    pub reload: Option<Reload>,
}

impl Operator {
    /// Carries a command out; the text is for people.
    pub async fn run(&self, command: OperatorCommand) -> Result<String, OperatorError> {
        let outcome = self.carry_out(command).await;
        self.audit.record(&AuditEvent::OperatorCommand {
            command: command.as_str(),
            done: outcome.is_ok(),
        });
        outcome
    }

    async fn carry_out(&self, command: OperatorCommand) -> Result<String, OperatorError> {
        match command {
            OperatorCommand::ListKeys => Ok(self.key_lines().join("\n")),
            OperatorCommand::RotateKeys => {
                let life_secs = self.clients.facts().longest_access_token_life_secs;
                let rotated = self.keys.rotate(life_secs).await;
                self.audit.record_key_changes(&rotated.changes);
                let added = format!("added {}", rotated.outcome?);
                let lines = [added].into_iter().chain(self.key_lines());
                Ok(lines.collect::<Vec<_>>().join("\n"))
            }
            OperatorCommand::Reload => {
                let reload = self.reload.as_ref().ok_or(OperatorError::NoServer)?;
                Ok(reload.run().await?.to_string())
            }
        }
    }

    /// A line per key: its name, algorithm and state.
    fn key_lines(&self) -> Vec<String> {
        let now = self.clock.now();
        let ring = self.keys.current();
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
}
