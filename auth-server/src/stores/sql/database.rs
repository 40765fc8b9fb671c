//! A database of somebody else: asked within a time, left alone while it is away, and found again when it is back.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::runtime::Handle;

use super::address::{Place, System};
use super::cell::Row;
use super::connections::{Connections, SqlSettings};
use super::mysql::Mysql;
use super::postgresql::Postgresql;
use super::sqlite::Sqlite;
use super::statements::Placeholder;
use crate::stores::log_limit::LogLimit;
use crate::stores::presence::Presence;
use crate::stores::{RegistryObserver, StoreError};

/// A database of somebody else.
///
/// It is spoken to on the runtime that it was made in, whoever asks: connections belong to one, and a caller who hangs up
/// leaves none half read.
#[derive(Clone)]
pub struct SqlDatabase {
    inner: Arc<Inner>,
    runtime: Handle,
}

struct Inner {
    settings: SqlSettings,
    connections: RwLock<Arc<dyn Connections>>,
    presence: Arc<Presence>,
    timeout: Duration,
    refusals: LogLimit,
}

impl fmt::Debug for SqlDatabase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SqlDatabase({})", self.inner.presence.holds())
    }
}

impl SqlDatabase {
    /// The database at an address, which holds such things. It belongs to the runtime in which it is made, and connects
    /// when it is asked.
    pub fn new(
        settings: &SqlSettings,
        holds: &'static str,
        observer: Arc<dyn RegistryObserver>,
    ) -> Self {
        let inner = Inner {
            connections: RwLock::new(connections(settings)),
            settings: settings.clone(),
            presence: Presence::new(holds, observer),
            timeout: Duration::from_millis(settings.timeout_ms),
            refusals: LogLimit::new(),
        };
        Self {
            inner: Arc::new(inner),
            runtime: Handle::current(),
        }
    }

    pub(super) fn system(&self) -> &'static str {
        self.inner.settings.address.system()
    }

    pub(super) fn placeholder(&self) -> Placeholder {
        self.inner.connections().placeholder()
    }

    /// The rows of a statement. While the database is away nobody waits for it.
    pub(super) async fn rows(
        &self,
        statement: String,
        bound: Option<String>,
    ) -> Result<Vec<Row>, StoreError> {
        self.check_presence()?;
        self.noted(self.ask(statement, bound).await)
    }

    /// Removes rows by statements that are done together or not at all; how many the first one has removed. When the
    /// answer is lost, nobody knows whether they are gone.
    pub(super) async fn remove(
        &self,
        statements: Vec<String>,
        bound: String,
    ) -> Result<u64, StoreError> {
        self.check_presence()?;
        let done = self.on_its_runtime(async move |inner| {
            let connections = inner.connections();
            inner
                .within_time(connections.remove(statements, bound))
                .await
        });
        self.noted(done.await)
    }

    fn check_presence(&self) -> Result<(), StoreError> {
        let presence = &self.inner.presence;
        if presence.is_away() {
            let holds = presence.holds();
            let text = format!("the database of {holds} is away");
            return Err(StoreError::Unavailable(text));
        }
        Ok(())
    }

    /// What was answered; a failure is noted.
    fn noted<T>(&self, answered: Result<T, Failure>) -> Result<T, StoreError> {
        let holds = self.inner.presence.holds();
        match answered {
            Ok(answer) => Ok(answer),
            Err(Failure::Away(why)) => {
                self.lost(&why);
                Err(StoreError::Unavailable(format!(
                    "the database of {holds}: {why}"
                )))
            }
            Err(Failure::Refused(why)) => {
                if self.inner.refusals.is_due() {
                    tracing::error!(event = "sql_refused", holds, error = %why);
                }
                Err(StoreError::Unavailable(format!(
                    "the database of {holds} refuses: {why}"
                )))
            }
        }
    }

    /// The same for a check of the settings: the failure itself, and nothing is noted.
    pub(super) async fn ask(
        &self,
        statement: String,
        bound: Option<String>,
    ) -> Result<Vec<Row>, Failure> {
        self.on_its_runtime(async move |inner| {
            let connections = inner.connections();
            inner.within_time(connections.rows(statement, bound)).await
        })
        .await
    }

    async fn on_its_runtime<T, F>(&self, work: impl FnOnce(Arc<Inner>) -> F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Failure>> + Send + 'static,
    {
        let done = self.runtime.spawn(work(Arc::clone(&self.inner))).await;
        done.unwrap_or_else(|_| Err(Failure::Away("it was given up".to_owned())))
    }

    /// From now on it is away, until it is found again.
    fn lost(&self, why: &str) {
        let inner = Arc::downgrade(&self.inner);
        let look = move || {
            let inner = inner.upgrade();
            async move {
                match inner {
                    Some(inner) => inner.answers_anew().await,
                    None => false,
                }
            }
        };
        self.inner.presence.lost(why, &self.runtime, look);
    }
}

/// Connections of its own kind to the database at an address.
fn connections(settings: &SqlSettings) -> Arc<dyn Connections> {
    match &settings.address.0 {
        Place::File(file) => Arc::new(Sqlite::new(file, settings)),
        Place::Server(server) => match server.system {
            System::Postgresql => Arc::new(Postgresql::new(server, settings)),
            System::Mysql => Arc::new(Mysql::new(server, settings)),
        },
    }
}

impl Inner {
    fn connections(&self) -> Arc<dyn Connections> {
        let current = self.connections.read();
        Arc::clone(&current.unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether it answers on new connections, which then are the ones that are used: on the old ones there may be
    /// questions that were given up and answers that nobody waits for, and such a connection never comes free.
    async fn answers_anew(&self) -> bool {
        let fresh = connections(&self.settings);
        let answers = self.within_time(fresh.ping()).await.is_ok();
        if answers {
            let current = self.connections.write();
            *current.unwrap_or_else(PoisonError::into_inner) = fresh;
        }
        answers
    }

    async fn within_time<T>(
        &self,
        work: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, Failure> {
        match tokio::time::timeout(self.timeout, work).await {
            Ok(done) => done.map_err(|error| Failure::of(&error)),
            Err(_) => Err(Failure::Away(format!(
                "no answer within {} ms",
                self.timeout.as_millis()
            ))),
        }
    }
}

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Nobody gets one.
    Away(String),
    /// This question gets none.
    Refused(String),
}

impl Failure {
    pub(super) fn of(error: &sqlx::Error) -> Self {
        let text = error.to_string();
        match error.as_database_error() {
            Some(refusal) => match refusal.code() {
                Some(code) if is_of_the_connection(&code) => Self::Away(text),
                Some(_) | None => Self::Refused(text),
            },
            None if is_of_the_statement(error) => Self::Refused(text),
            None => Self::Away(text),
        }
    }

    pub(super) fn text(self) -> String {
        match self {
            Self::Away(text) | Self::Refused(text) => text,
        }
    }
}

fn is_of_the_statement(error: &sqlx::Error) -> bool {
    matches!(
        error,
        sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::Encode(_)
            | sqlx::Error::ColumnIndexOutOfBounds { .. }
            | sqlx::Error::TypeNotFound { .. }
    )
}

/// Whether a code means that whoever asks next hears the same. SQLSTATE: connections, sign-in, unknown database,
/// resources, shutdown; SQLite: disk, file, no database.
fn is_of_the_connection(code: &str) -> bool {
    const STATES: [&str; 5] = ["08", "28", "3D", "53", "57P"];
    const SQLITE: [&str; 3] = ["10", "14", "26"];
    STATES
        .iter()
        .any(|class| code.len() == 5 && code.starts_with(class))
        || SQLITE.contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_one_question_is_told_from_an_end_of_all() {
        for code in ["08006", "28P01", "3D000", "53300", "57P01", "14"] {
            assert!(is_of_the_connection(code), "{code}");
        }
        for code in ["42P01", "22021", "HY000", "1", "5"] {
            assert!(!is_of_the_connection(code), "{code}");
        }
        assert!(matches!(
            Failure::of(&sqlx::Error::PoolTimedOut),
            Failure::Away(_)
        ));
    }
}
