//! What goes on beside the requests: keys and what is known of the registrations are kept up to
//! date, and the operator is listened to.

use std::sync::Arc;
use std::time::Duration;

use symbolon_service::hang_ups::HangUps;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::app::error::StartError;
use crate::app::links::MailTask;
use crate::app::shared_parts::SharedParts;
use crate::app::store_choice::StoreChoice;
use crate::habits::HabitWriter;
use crate::journal::{JournalWaiting, JournalWriter};
use crate::operator::{Operator, OperatorCommand};
use crate::operator_socket::OperatorSocket;
use crate::resource_owners::by_email::index_all;
use crate::server::Server;
use crate::settings::Settings;
use crate::stores::OwnerRegistrar;
use crate::stores::embedded::EmbeddedLocation;

/// How often all accounts of the store are gone through, for the kinds of hashes among them and for where their owners read
/// mails.
const SURVEY_OWNERS_EVERY: Duration = Duration::from_secs(60 * 60);

/// How often it is written who was seen with which habit.
const WRITE_HABITS_EVERY: Duration = Duration::from_secs(60);

/// How long the end of a server waits for mails to leave.
const LAST_MAILS: Duration = Duration::from_secs(2);

/// How long the end of a server waits for the journal, and for what was seen.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What goes on beside the requests. It ends when this is dropped.
#[derive(Debug)]
pub struct Upkeep {
    tasks: [JoinHandle<()>; 3],
    journal: JournalTask,
    links: Option<MailTask>,
    habits: HabitWriter,
    _operator: Option<OperatorSocket>,
}

/// What writes beside the requests.
pub(super) struct Writers {
    journal: JournalWriter,
    habits: HabitWriter,
    owners: Arc<dyn OwnerRegistrar>,
}

impl Writers {
    /// Into the store of this server: what was heard, and who was seen with which habit.
    pub(super) fn of(server: &Server, waiting: JournalWaiting) -> Self {
        Self {
            journal: JournalWriter::new(waiting, Arc::clone(&server.journal.store)),
            habits: server.habit_board.writer.clone(),
            owners: Arc::clone(&server.administration.owners.registrar),
        }
    }
}

/// Writes the journal.
#[derive(Debug)]
struct JournalTask {
    stop: Arc<Notify>,
    task: JoinHandle<()>,
}

impl JournalTask {
    fn begin(writer: JournalWriter) -> Self {
        let stop = Arc::new(Notify::new());
        let task = tokio::spawn(writer.run(Arc::clone(&stop)));
        Self { stop, task }
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        self.journal.task.abort();
    }
}

impl Upkeep {
    /// Begins: once every `keys.reload_every_secs`, and whenever the operator wants something.
    pub(super) fn begin(
        settings: &Settings,
        parts: SharedParts,
        operator: Operator,
        hang_ups: HangUps,
        writers: Writers,
    ) -> Result<Self, StartError> {
        let socket = listen(settings, &operator)?;
        let every = Duration::from_secs(settings.keys.reload_every_secs);
        Ok(Self {
            tasks: [
                tokio::spawn(keep_up(parts, writers.owners, every)),
                tokio::spawn(reload_on(hang_ups, operator)),
                tokio::spawn(write_habits(writers.habits.clone())),
            ],
            journal: JournalTask::begin(writers.journal),
            habits: writers.habits,
            links: None,
            _operator: socket,
        })
    }

    /// Mails are sent, too.
    #[must_use]
    pub(super) fn sending(mut self, links: Option<MailTask>) -> Self {
        self.links = links;
        self
    }

    /// Ends, once the mails that wait have left and what happened is written: not before their time is over, if the mail server
    /// or the store takes nothing.
    pub async fn finish(mut self) {
        // Mails first: that they were sent is written, too.
        if let Some(links) = self.links.take() {
            links.finish(LAST_MAILS).await;
        }
        self.journal.stop.notify_one();
        // What is late is aborted when this is dropped.
        let written = async { tokio::join!(&mut self.journal.task, self.habits.write()) };
        let _ = timeout(LAST_WORDS, written).await;
    }
}

fn listen(settings: &Settings, operator: &Operator) -> Result<Option<OperatorSocket>, StartError> {
    match StoreChoice::read(settings)? {
        StoreChoice::Embedded(EmbeddedLocation::File(file)) => {
            let listening = OperatorSocket::listen(&file, operator.clone());
            let listening = listening.inspect_err(|error| {
                let file = file.display();
                tracing::warn!(event = "operator_not_heard", %file, %error);
            });
            Ok(listening.ok())
        }
        StoreChoice::Embedded(EmbeddedLocation::Memory) | StoreChoice::Redis(_) => Ok(None),
    }
}

async fn keep_up(parts: SharedParts, owners: Arc<dyn OwnerRegistrar>, every: Duration) {
    let mut ticks = tokio::time::interval(every);
    let mut surveys = tokio::time::interval(SURVEY_OWNERS_EVERY);
    ticks.tick().await;
    surveys.tick().await;
    loop {
        tokio::select! {
            _ = ticks.tick() => refresh(&parts).await,
            _ = surveys.tick() => {
                survey_owners(&parts).await;
                index_owners(owners.as_ref()).await;
            }
        }
    }
}

async fn refresh(parts: &SharedParts) {
    if let Err(error) = parts.clients.survey().await {
        tracing::error!(event = "clients_not_surveyed", %error);
    }
    let life_secs = parts.clients.facts().longest_token_life_secs;
    let reloaded = parts.keys.reload(life_secs).await;
    parts.audit.record_key_changes(&reloaded.changes);
    if let Err(error) = reloaded.outcome {
        tracing::error!(event = "keys_not_reloaded", %error);
    }
}

async fn write_habits(writer: HabitWriter) {
    let mut ticks = tokio::time::interval(WRITE_HABITS_EVERY);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        if let Err(error) = writer.write().await {
            tracing::warn!(event = "habits_not_written", %error);
        }
    }
}

async fn survey_owners(parts: &SharedParts) {
    if let Err(error) = parts.owners.survey().await {
        tracing::error!(event = "owners_not_surveyed", %error);
    }
}

/// An older server beside this one may have written accounts that are not found by their addresses.
pub(super) async fn index_owners(owners: &dyn OwnerRegistrar) {
    if let Err(error) = index_all(owners).await {
        tracing::error!(event = "owners_not_indexed", %error);
    }
}

/// Beside the rest: settings on a disk that does not answer keep neither keys nor clients from being kept up to date.
async fn reload_on(mut hang_ups: HangUps, operator: Operator) {
    while hang_ups.next().await.is_some() {
        match operator.run(&OperatorCommand::Reload).await {
            Ok(registered) => tracing::info!(event = "registrations_reloaded", registered),
            Err(error) => tracing::error!(event = "registrations_not_reloaded", %error),
        }
    }
}
