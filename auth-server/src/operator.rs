//! The operator's commands on a server: run here, or, when a running server has the embedded store's file
//! open, by that server.

use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon::identifiers::ClientId;
use url::form_urlencoded;

use crate::audit::{Audit, AuditEvent};
use crate::clients::registry::Clients;
use crate::keys::signing::SigningKey;
use crate::keys::{KeyRing, KeyRingError};
use crate::reload::{Reload, ReloadError};
use crate::stores::{GivenGrant, StoreError};
use crate::tokens::end::{Access, AccessOf};

/// What an operator can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperatorCommand {
    /// List every key.
    ListKeys,
    /// Add a key, then list every key.
    RotateKeys,
    /// Read the registrations again.
    Reload,
    /// List what an owner gave.
    ListAccess(AccessOf),
    /// End what an owner gave.
    EndAccess(AccessOf),
}

impl OperatorCommand {
    /// Its words on the command line.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::ListKeys => "keys list",
            Self::RotateKeys => "keys rotate",
            Self::Reload => "reload",
            Self::ListAccess(_) => "access list",
            Self::EndAccess(_) => "access end",
        }
    }

    /// Whether only the server that runs can carry it out.
    pub const fn needs_a_running_server(&self) -> bool {
        match self {
            Self::Reload => true,
            Self::ListKeys | Self::RotateKeys | Self::ListAccess(_) | Self::EndAccess(_) => false,
        }
    }

    /// The command as one line: its words, then what it is about as a form, because names hold any character.
    pub fn to_line(&self) -> String {
        let words = self.as_str();
        let (Self::ListAccess(of) | Self::EndAccess(of)) = self else {
            return words.to_owned();
        };
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("owner", &of.owner);
        if let Some(client_id) = &of.client_id {
            form.append_pair("client", client_id.as_str());
        }
        format!("{words}?{}", form.finish())
    }

    /// The command of a line.
    pub fn parse(line: &str) -> Option<Self> {
        let line = line.trim_end();
        let (words, form) = line.split_once('?').unwrap_or((line, ""));
        match words {
            "keys list" => Some(Self::ListKeys),
            "keys rotate" => Some(Self::RotateKeys),
            "reload" => Some(Self::Reload),
            "access list" => access_of(form).map(Self::ListAccess),
            "access end" => access_of(form).map(Self::EndAccess),
            _ => None,
        }
    }
}

fn access_of(form: &str) -> Option<AccessOf> {
    let read: Vec<_> = form_urlencoded::parse(form.as_bytes()).collect();
    let named = |name: &str| {
        let found = read.iter().find(|(read, _)| read == name);
        found.map(|(_, value)| value.clone().into_owned())
    };
    Some(AccessOf {
        owner: named("owner")?,
        client_id: named("client").map(ClientId::new),
    })
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// The keys cannot be changed.
    #[error(transparent)]
    Keys(#[from] KeyRingError),
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The registrations cannot be taken over.
    #[error(transparent)]
    Reload(#[from] ReloadError),
    /// Only a running server has registrations to replace.
    #[error(
        "no running server has the store's file open; a server on another store reads its registrations again \
         on SIGHUP"
    )]
    NoServer,
    /// What is in a server's memory nobody else can reach.
    #[error(
        "`store.url` is memory:, which is inside of the server; accepted: the `store.url` of a server whose store is a \
         file or a Redis"
    )]
    InMemory,
}

/// A line per grant: its id, to whom, how, until when, and the scope. Whatever else than a letter a client's name
/// or a scope holds is written so that it is one word of one line.
fn access_lines(grants: &[GivenGrant]) -> String {
    let line = |one: &GivenGrant| {
        let (id, given) = (one.grant_id, &one.given);
        let client = given.client_id.as_str().escape_debug();
        let how = given.grant_type.as_str();
        let until = one.expires_at.as_secs();
        let scope = given.scope.to_string();
        format!("{id}  {client}  {how}  {until}  {scope}")
    };
    let lines: Vec<String> = grants.iter().map(line).collect();
    let count = format!("{} grants", grants.len());
    lines
        .into_iter()
        .chain([count])
        .collect::<Vec<_>>()
        .join("\n")
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
    /// Lists and ends what owners gave.
    pub access: Access,
    /// Replaces registrations; `None` where no server runs.
    pub reload: Option<Reload>,
}

impl Operator {
    /// Carries a command out; the text is for people.
    pub async fn run(&self, command: &OperatorCommand) -> Result<String, OperatorError> {
        let outcome = self.carry_out(command).await;
        self.audit.record(&AuditEvent::OperatorCommand {
            command: command.as_str(),
            done: outcome.is_ok(),
        });
        outcome
    }

    async fn carry_out(&self, command: &OperatorCommand) -> Result<String, OperatorError> {
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
            OperatorCommand::ListAccess(of) => Ok(access_lines(&self.access.list(of).await?)),
            OperatorCommand::EndAccess(of) => {
                let ended = self.access.end(of).await?;
                for one in &ended {
                    self.audit.record(&AuditEvent::AccessEnded {
                        client: &one.given.client_id,
                        owner: &of.owner,
                        grant_id: one.grant_id,
                    });
                }
                Ok(access_lines(&ended))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_read_as_it_was_written_whatever_names_hold() {
        let of = |owner: &str, client: Option<&str>| AccessOf {
            owner: owner.to_owned(),
            client_id: client.map(ClientId::new),
        };
        for command in [
            OperatorCommand::ListKeys,
            OperatorCommand::RotateKeys,
            OperatorCommand::Reload,
            OperatorCommand::ListAccess(of("xiaoming", None)),
            OperatorCommand::EndAccess(of("xiao ming?&client=a\n\r%20+小明", Some("a b&owner=c"))),
        ] {
            let line = command.to_line();
            assert!(!line.contains(['\n', '\r']), "{line:?}");
            assert_eq!(OperatorCommand::parse(&format!("{line}\n")), Some(command));
        }
        for nonsense in [
            "",
            "keys",
            "access end",
            "access end?client=a",
            "reload now",
        ] {
            assert_eq!(OperatorCommand::parse(nonsense), None, "{nonsense}");
        }
    }
}
