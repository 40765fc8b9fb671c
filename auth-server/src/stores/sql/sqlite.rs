//! SQLite: a file that somebody else writes. It is opened for reading, unless rows may be removed, and opened anew when
//! another file has its name: who went on with the old one would never hear of a client that is taken out.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use sqlx::ValueRef as _;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _, Sqlite as Dialect, TypeInfo as _};

use super::cell::{Cell, Row};
use super::connections::{Connections, SqlSettings};
use super::statements::Placeholder;

pub(super) struct Sqlite {
    file: PathBuf,
    settings: SqlSettings,
    opened: Mutex<Option<Opened>>,
}

/// Connections, and the file that had the name when they were made.
struct Opened {
    file: Option<FileId>,
    connections: SqlitePool,
}

/// Device and number of a file, whatever it is called.
#[derive(Clone, Copy, PartialEq, Eq)]
struct FileId(u64, u64);

impl FileId {
    /// `None`: there is no file of this name.
    fn of(name: &Path) -> Option<Self> {
        let found = std::fs::metadata(name).ok()?;
        Some(Self(found.dev(), found.ino()))
    }
}

impl Sqlite {
    pub(super) fn new(file: &Path, settings: &SqlSettings) -> Self {
        Self {
            file: file.to_owned(),
            settings: settings.clone(),
            opened: Mutex::default(),
        }
    }

    /// Connections to the file that has the name now. They are lazy, so none of them is to an older one; the old ones end
    /// with the questions that are under way on them.
    async fn connections(&self) -> SqlitePool {
        let name = self.file.clone();
        let found = tokio::task::spawn_blocking(move || FileId::of(&name)).await;
        let file = found.ok().flatten();
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        match &*opened {
            Some(opened) if opened.file == file => opened.connections.clone(),
            Some(_) | None => {
                let connections = self.open();
                *opened = Some(Opened {
                    file,
                    connections: connections.clone(),
                });
                connections
            }
        }
    }

    fn open(&self) -> SqlitePool {
        let options = SqliteConnectOptions::new()
            .filename(&self.file)
            .read_only(!self.settings.may_remove)
            .busy_timeout(Duration::from_millis(self.settings.timeout_ms))
            .disable_statement_logging();
        super::pool::bounded(SqlitePoolOptions::new(), &self.settings).connect_lazy_with(options)
    }
}

#[async_trait]
impl Connections for Sqlite {
    fn placeholder(&self) -> Placeholder {
        Placeholder::QuestionMark
    }

    async fn rows(
        &self,
        statement: String,
        bound: Option<String>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let mut query = sqlx::query::<Dialect>(AssertSqlSafe(statement)).persistent(false);
        if let Some(text) = bound {
            query = query.bind(text);
        }
        let rows = query.fetch_all(&self.connections().await).await?;
        rows.iter().map(read_row).collect()
    }

    async fn remove(&self, statements: Vec<String>, bound: String) -> Result<u64, sqlx::Error> {
        let mut transaction = self.connections().await.begin().await?;
        let mut of_the_first = None;
        for statement in statements {
            let query = sqlx::query::<Dialect>(AssertSqlSafe(statement)).persistent(false);
            let done = query.bind(&bound).execute(&mut *transaction).await?;
            of_the_first.get_or_insert(done.rows_affected());
        }
        transaction.commit().await?;
        Ok(of_the_first.unwrap_or_default())
    }

    async fn ping(&self) -> Result<(), sqlx::Error> {
        let connections = self.connections().await;
        sqlx::query("SELECT 1")
            .execute(&connections)
            .await
            .map(drop)
    }
}

fn read_row(row: &SqliteRow) -> Result<Row, sqlx::Error> {
    let cells = (0..row.len()).map(|index| {
        let value = row.try_get_raw(index)?;
        let kind = value.type_info().name().to_owned();
        match kind.as_str() {
            _ if value.is_null() => Ok(Cell::Nothing),
            "INTEGER" | "BOOLEAN" => row.try_get_unchecked(index).map(Cell::Number),
            "TEXT" => row.try_get_unchecked(index).map(Cell::Text),
            "BLOB" => row.try_get_unchecked(index).map(Cell::Bytes),
            _ => Ok(Cell::Unread(kind)),
        }
    });
    cells.collect()
}
