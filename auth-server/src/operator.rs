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
    /// List what an owner gave, or what a client holds.
    ListAccess(AccessOf),
    /// End it.
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
        let (owner, client_id) = match of {
            AccessOf::Owner { name, client_id } => (Some(name), client_id.as_ref()),
            AccessOf::Client(client_id) => (None, Some(client_id)),
        };
        let mut form = form_urlencoded::Serializer::new(String::new());
        if let Some(owner) = owner {
            form.append_pair("owner", owner);
        }
        if let Some(client_id) = client_id {
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
    let client_id = named("client").map(ClientId::new);
    match named("owner") {
        Some(name) => Some(AccessOf::Owner { name, client_id }),
        None => client_id.map(AccessOf::Client),
    }
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

/// How many grants are shown; all are counted.
const MOST_SHOWN: usize = 1_000;

/// The answer to a command on grants, which may be many more than anybody reads.
#[derive(Default)]
struct Listing {
    lines: Vec<String>,
    count: usize,
}

impl Listing {
    fn add(&mut self, grants: &[GivenGrant]) {
        let room = MOST_SHOWN.saturating_sub(self.lines.len());
        self.lines.extend(grants.iter().take(room).map(grant_line));
        self.count = self.count.saturating_add(grants.len());
    }

    fn into_text(mut self) -> String {
        let shown = self.lines.len();
        self.lines.push(if self.count > shown {
            format!("grants: {}, of which {shown} are shown", self.count)
        } else {
            format!("grants: {}", self.count)
        });
        self.lines.join("\n")
    }
}

/// A grant's id, to whom, by whom, how, until when, and the scope.
fn grant_line(one: &GivenGrant) -> String {
    let (id, given) = (one.grant_id, &one.given);
    let client = one_word(given.client_id.as_str());
    let owner = one.owner.as_deref();
    let owner = owner.map_or_else(|| "-".to_owned(), one_word);
    let how = given.grant_type.as_str();
    let until = one.expires_at.as_secs();
    format!("{id}  {client}  {owner}  {how}  {until}  {}", given.scope)
}

/// A name as one word of one line, whatever it holds, and none that is taken for nobody's.
fn one_word(name: &str) -> String {
    match name {
        "" | "-" => format!("{name:?}"),
        _ => name.escape_debug().to_string().replace(' ', "\\u{20}"),
    }
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
    /// Lists and ends what was given.
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
                let life_secs = self.clients.facts().longest_token_life_secs;
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
            OperatorCommand::ListAccess(of) => Ok(self.list_access(of).await?),
            OperatorCommand::EndAccess(of) => Ok(self.end_access(of).await?),
        }
    }

    async fn list_access(&self, of: &AccessOf) -> Result<String, StoreError> {
        let (mut listing, mut from) = (Listing::default(), None);
        loop {
            let part = self.access.list(of, from.as_ref()).await?;
            listing.add(&part.found);
            from = part.next;
            if from.is_none() {
                return Ok(listing.into_text());
            }
        }
    }

    /// What has ended is recorded part by part, so it is known also when the next part fails.
    async fn end_access(&self, of: &AccessOf) -> Result<String, StoreError> {
        let (mut listing, mut from) = (Listing::default(), None);
        loop {
            let part = self.access.end(of, from.as_ref()).await?;
            for one in &part.found {
                self.audit.record(&AuditEvent::AccessEnded {
                    client: &one.given.client_id,
                    owner: one.owner.as_deref(),
                    grant_id: one.grant_id,
                });
            }
            listing.add(&part.found);
            from = part.next;
            if from.is_none() {
                return Ok(listing.into_text());
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
    use symbolon::clock::Timestamp;
    use symbolon::random::SystemRandom;
    use symbolon::scope::Scope;
    use symbolon::token::GrantType;

    use super::*;
    use crate::records::{Given, GrantId};

    fn grant(client_id: &str, owner: Option<&str>) -> GivenGrant {
        GivenGrant {
            grant_id: GrantId::mint(&SystemRandom),
            owner: owner.map(str::to_owned),
            given: Given {
                client_id: ClientId::new(client_id),
                grant_type: GrantType::Password,
                scope: Scope::parse("read write").unwrap(),
                code_expires_at: None,
            },
            expires_at: Timestamp::from_secs(7),
        }
    }

    #[test]
    fn each_grant_is_a_line_of_words_whatever_names_hold() {
        for (client_id, owner, words) in [
            ("shop", Some("小明"), "shop  小明"),
            ("shop", None, "shop  -"),
            ("-", Some("-"), "\"-\"  \"-\""),
            ("a  b\n", Some(""), "a\\u{20}\\u{20}b\\n  \"\""),
        ] {
            let line = grant_line(&grant(client_id, owner));
            let (_, line) = line.split_once("  ").unwrap();
            assert_eq!(line, format!("{words}  password  7  read write"));
        }
    }

    #[test]
    fn of_many_grants_some_are_shown_and_all_are_counted() {
        let mut listing = Listing::default();
        for _ in 0..3 {
            listing.add(&vec![grant("shop", None); 400]);
        }
        let text = listing.into_text();
        assert_eq!(text.lines().count(), MOST_SHOWN + 1);
        assert!(text.ends_with("\ngrants: 1200, of which 1000 are shown"));
    }

    #[test]
    fn a_command_is_read_as_it_was_written_whatever_names_hold() {
        let of = |owner: &str, client: Option<&str>| AccessOf::Owner {
            name: owner.to_owned(),
            client_id: client.map(ClientId::new),
        };
        let client = AccessOf::Client(ClientId::new("a b&owner=c"));
        for command in [
            OperatorCommand::ListKeys,
            OperatorCommand::RotateKeys,
            OperatorCommand::Reload,
            OperatorCommand::ListAccess(of("xiaoming", None)),
            OperatorCommand::ListAccess(client),
            OperatorCommand::EndAccess(of("xiao ming?&client=a\n\r%20+小明", Some("a b&owner=c"))),
        ] {
            let line = command.to_line();
            assert!(!line.contains(['\n', '\r']), "{line:?}");
            assert_eq!(OperatorCommand::parse(&format!("{line}\n")), Some(command));
        }
        for nonsense in ["", "keys", "access end", "access end?other=a", "reload now"] {
            assert_eq!(OperatorCommand::parse(nonsense), None, "{nonsense}");
        }
    }
}
