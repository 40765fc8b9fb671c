//! The operator's commands on a server: run here, or, when a running server has the embedded store's file
//! open, by that server.

use std::sync::Arc;

use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;
use url::form_urlencoded;

use crate::administration::{
    Administration, Administrator, ApplicationAction, ApplicationAddition, ApplicationFilter,
    Changed, Kept, KeyState, NewAccount, PAGE, PublishedKey,
};
use crate::audit::{Audit, AuditEvent};
use crate::habits::HabitBoard;
use crate::journal::Journal;
use crate::keys::KeyRingError;
use crate::records::GrantId;
use crate::reload::{Reload, ReloadError};
use crate::stores::{GivenGrant, StoreError};
use crate::tokens::end::AccessOf;

mod applications;
mod habits;
mod journal;
mod owners;
mod words;

pub use applications::ApplicationCommand;
pub use habits::HabitCommand;
pub use journal::JournalCommand;
pub use owners::OwnerCommand;
use words::{MOST_SHOWN, Named, counted, one_word};

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
    /// List or change clients of the store.
    Applications(ApplicationCommand),
    /// List or change accounts of the store.
    Owners(OwnerCommand),
    /// Look at what happened lately.
    Journal(JournalCommand),
    /// List who does what ought to end.
    Habits(HabitCommand),
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
            Self::Applications(command) => command.as_str(),
            Self::Owners(command) => command.as_str(),
            Self::Journal(command) => command.as_str(),
            Self::Habits(command) => command.as_str(),
        }
    }

    /// Whether only the server that runs can carry it out.
    pub const fn needs_a_running_server(&self) -> bool {
        match self {
            Self::Reload => true,
            Self::ListKeys
            | Self::RotateKeys
            | Self::ListAccess(_)
            | Self::EndAccess(_)
            | Self::Applications(_)
            | Self::Owners(_)
            | Self::Journal(_)
            | Self::Habits(_) => false,
        }
    }

    /// Whether it may change anything.
    const fn changes(&self) -> bool {
        match self {
            Self::ListKeys
            | Self::ListAccess(_)
            | Self::Journal(_)
            | Self::Habits(_)
            | Self::Applications(ApplicationCommand::List(_))
            | Self::Owners(OwnerCommand::List) => false,
            Self::Reload
            | Self::RotateKeys
            | Self::EndAccess(_)
            | Self::Applications(_)
            | Self::Owners(_) => true,
        }
    }

    /// The command as one line: its words, then what it is about as a form, because names hold any character.
    pub fn to_line(&self) -> String {
        let words = self.as_str();
        let pairs = match self {
            Self::ListKeys | Self::RotateKeys | Self::Reload => Vec::new(),
            Self::ListAccess(of) | Self::EndAccess(of) => pairs_of(of),
            Self::Applications(command) => command.pairs(),
            Self::Owners(command) => command.pairs(),
            Self::Journal(command) => command.pairs(),
            Self::Habits(command) => command.pairs(),
        };
        if pairs.is_empty() {
            return words.to_owned();
        }
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs);
        format!("{words}?{}", form.finish())
    }

    /// The command of a line.
    pub fn parse(line: &str) -> Option<Self> {
        let line = line.trim_end();
        let (words, form) = line.split_once('?').unwrap_or((line, ""));
        let named = Named::parse(form);
        match words {
            "keys list" => Some(Self::ListKeys),
            "keys rotate" => Some(Self::RotateKeys),
            "reload" => Some(Self::Reload),
            "access list" => access_of(&named).map(Self::ListAccess),
            "access end" => access_of(&named).map(Self::EndAccess),
            _ => {
                let owners = || OwnerCommand::parse(words, &named).map(Self::Owners);
                let applications = ApplicationCommand::parse(words, &named);
                let journal = || JournalCommand::parse(words, &named).map(Self::Journal);
                let applications = applications.map(Self::Applications);
                let habits = || HabitCommand::parse(words, &named).map(Self::Habits);
                applications
                    .or_else(owners)
                    .or_else(journal)
                    .or_else(habits)
            }
        }
    }
}

fn pairs_of(of: &AccessOf) -> Vec<(&'static str, String)> {
    let client = |id: &ClientId| ("client", id.to_string());
    match of {
        AccessOf::Owner { name, client_id } => {
            let owner = ("owner", name.clone());
            [owner]
                .into_iter()
                .chain(client_id.as_ref().map(client))
                .collect()
        }
        AccessOf::Client(client_id) => vec![client(client_id)],
        AccessOf::Grant(grant_id) => vec![("grant", grant_id.to_string())],
    }
}

fn access_of(named: &Named) -> Option<AccessOf> {
    if let Some(grant) = named.value("grant") {
        return GrantId::from_text(&grant).map(AccessOf::Grant);
    }
    let client_id = named.value("client").map(ClientId::new);
    match named.value("owner") {
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
    /// Nothing was changed, and this is why.
    #[error("{0}")]
    NothingDone(String),
    /// What is in a server's memory nobody else can reach.
    #[error(
        "`store.url` is memory:, which is inside of the server; accepted: the `store.url` of a server whose store is a \
         file or a Redis"
    )]
    InMemory,
}

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

    fn into_text(self) -> String {
        counted(self.lines, self.count, "grants")
    }
}

/// A grant's id, to whom, by whom, how, since when, when the last token was issued, until when, and the scope.
fn grant_line(one: &GivenGrant) -> String {
    let (id, given) = (one.grant_id, &one.given);
    let client = one_word(given.client_id.as_str());
    let owner = one.owner.as_deref();
    let owner = owner.map_or_else(|| "-".to_owned(), one_word);
    let how = given.grant_type.as_str();
    let secs = |at: Option<Timestamp>| at.map_or("-".to_owned(), |at| at.as_secs().to_string());
    let (since, last, until) = (
        secs(given.given_at),
        secs(given.issued_at),
        secs(Some(one.expires_at)),
    );
    let scope = &given.scope;
    format!("{id}  {client}  {owner}  {how}  {since}  {last}  {until}  {scope}")
}

/// Carries commands out.
#[derive(Clone)]
pub struct Operator {
    /// Takes audit events.
    pub audit: Arc<Audit>,
    /// Lists and changes what is kept in the store.
    pub administration: Administration,
    /// What happened lately.
    pub journal: Journal,
    /// Who does what ought to end.
    pub habits: HabitBoard,
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
            changes: command.changes(),
        });
        outcome
    }

    async fn carry_out(&self, command: &OperatorCommand) -> Result<String, OperatorError> {
        match command {
            OperatorCommand::ListKeys => Ok(self.key_lines().join("\n")),
            OperatorCommand::RotateKeys => {
                let operator = Administrator::default();
                let added = self.administration.keys.rotate(operator).await?;
                let added = format!("added {added}");
                let lines = [added].into_iter().chain(self.key_lines());
                Ok(lines.collect::<Vec<_>>().join("\n"))
            }
            OperatorCommand::Reload => {
                let reload = self.reload.as_ref().ok_or(OperatorError::NoServer)?;
                Ok(reload.run().await?.to_string())
            }
            OperatorCommand::ListAccess(of) => Ok(self.list_access(of).await?),
            OperatorCommand::EndAccess(of) => Ok(self.end_access(of).await?),
            OperatorCommand::Applications(command) => self.applications(command).await,
            OperatorCommand::Owners(command) => self.owners(command).await,
            OperatorCommand::Habits(command) => Ok(command.told_by(&self.habits).await?),
            OperatorCommand::Journal(command) => {
                let told = command.told_by(&self.journal).await?;
                told.map_err(OperatorError::NothingDone)
            }
        }
    }

    async fn list_access(&self, of: &AccessOf) -> Result<String, StoreError> {
        let (mut listing, mut from) = (Listing::default(), None);
        loop {
            let part = self.administration.access.list(of, from.as_ref()).await?;
            listing.add(&part.found);
            from = part.next;
            if from.is_none() {
                return Ok(listing.into_text());
            }
        }
    }

    async fn end_access(&self, of: &AccessOf) -> Result<String, StoreError> {
        let mut listing = Listing::default();
        let ended = |found: &[GivenGrant]| listing.add(found);
        let operator = Administrator::default();
        self.administration.end_access(operator, of, ended).await?;
        Ok(listing.into_text())
    }

    async fn applications(&self, command: &ApplicationCommand) -> Result<String, OperatorError> {
        let (at, operator) = (&self.administration, Administrator::default());
        let (id, action) = match command {
            ApplicationCommand::List(filter) => return self.list_applications(filter).await,
            ApplicationCommand::Add(new) => {
                return match at.add_application(operator, new).await? {
                    ApplicationAddition::Added(id) => Ok(format!("client_id: {id}")),
                    ApplicationAddition::Faults(faults) => Err(OperatorError::NothingDone(faults)),
                };
            }
            ApplicationCommand::RotateSecret { client_id, secret } => {
                let changed = at.rotate_client_secret(operator, client_id, secret);
                done(&changed.await?, Kept::Client)?;
                return Ok(format!("client_id: {client_id}"));
            }
            ApplicationCommand::Approve(id) => (id, ApplicationAction::Approve),
            ApplicationCommand::Suspend(id) => (id, ApplicationAction::Suspend),
            ApplicationCommand::Resume(id) => (id, ApplicationAction::Resume),
            ApplicationCommand::Remove(id) => (id, ApplicationAction::Remove),
        };
        let changed = at.change_application(operator, id, action).await?;
        done(&changed, Kept::Client)?;
        let change = action.change().as_str();
        Ok(format!("{}  {change}", one_word(id.as_str())))
    }

    async fn list_applications(&self, filter: &ApplicationFilter) -> Result<String, OperatorError> {
        let (mut lines, mut count, mut after) = (Vec::new(), 0_usize, None::<String>);
        loop {
            let applications = &self.administration.applications;
            let page = applications.list(filter, after.as_deref(), PAGE).await?;
            count = count.saturating_add(page.items.len());
            let room = MOST_SHOWN.saturating_sub(lines.len());
            lines.extend(page.items.iter().take(room).map(applications::line));
            after = page.next;
            if after.is_none() {
                return Ok(counted(lines, count, "applications"));
            }
        }
    }

    async fn owners(&self, command: &OwnerCommand) -> Result<String, OperatorError> {
        let (at, operator) = (&self.administration, Administrator::default());
        if let OwnerCommand::Add {
            name,
            password,
            invited,
            authorities,
            email,
        } = command
        {
            let account = NewAccount {
                name,
                password,
                invited: *invited,
                authorities: authorities.clone(),
                email: email.clone(),
            };
            let addition = at.add_owner(operator, account).await?;
            return match addition.not_added() {
                None => Ok(format!("{}  added", one_word(name))),
                Some(why) => Err(OperatorError::NothingDone(why)),
            };
        }
        let Some((name, action)) = command.action() else {
            return self.list_owners().await;
        };
        let changed = at.change_owner(operator, name, &action).await?;
        done(&changed, Kept::Owner)?;
        Ok(format!("{}  {}", one_word(name), action.change().as_str()))
    }

    async fn list_owners(&self) -> Result<String, OperatorError> {
        let (mut lines, mut count, mut after) = (Vec::new(), 0_usize, None::<String>);
        loop {
            let owners = &self.administration.owners;
            let page = owners.list(after.as_deref(), PAGE).await?;
            count = count.saturating_add(page.items.len());
            let room = MOST_SHOWN.saturating_sub(lines.len());
            let shown = page.items.into_iter().take(room).collect();
            let shown = owners.with_factors(shown).await?;
            lines.extend(shown.iter().map(owners::line));
            after = page.next;
            if after.is_none() {
                return Ok(counted(lines, count, "owners"));
            }
        }
    }

    /// A line per key: its name, algorithm and state, since when it signs, and until when it is published (seconds since 1970).
    fn key_lines(&self) -> Vec<String> {
        let keys = &self.administration.keys;
        let now = keys.now();
        let line = |key: PublishedKey| {
            let state = match key.state {
                KeyState::Signs => "signs".to_owned(),
                KeyState::Published => {
                    let secs = key.signs_from.map_or(0, |at| now.secs_until(at));
                    format!("published, signs in {secs} s")
                }
                KeyState::Replaced => "replaced, still checks".to_owned(),
            };
            let told = |word: &str, at: Option<Timestamp>| {
                at.map(|at| format!("  {word} {}", at.as_secs()))
                    .unwrap_or_default()
            };
            let (kid, algorithm) = (key.kid, key.algorithm.as_str());
            let (since, until) = (
                told("since", key.signs_from.filter(|at| *at <= now)),
                told("published until", key.published_until),
            );
            format!("{kid}  {algorithm:5}  {state}{since}{until}")
        };
        keys.list().into_iter().map(line).collect()
    }
}

fn done(changed: &Changed<()>, what: Kept) -> Result<(), OperatorError> {
    match changed.nothing_done(what) {
        None => Ok(()),
        Some(why) => Err(OperatorError::NothingDone(why.to_owned())),
    }
}

#[cfg(test)]
mod tests;
