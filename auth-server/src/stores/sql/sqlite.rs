//! SQLite: a file that somebody else writes. It is opened for reading, unless rows may be removed.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::ValueRef as _;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _, Sqlite as Dialect, TypeInfo as _};

use super::cell::{Cell, Row};
use super::connections::{Connections, SqlSettings};
use super::statements::Placeholder;

pub(super) struct Sqlite(SqlitePool);

impl Sqlite {
    pub(super) fn new(file: &Path, settings: &SqlSettings) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .read_only(!settings.may_remove)
            .busy_timeout(Duration::from_millis(settings.timeout_ms))
            .disable_statement_logging();
        Self(super::pool::bounded(SqlitePoolOptions::new(), settings).connect_lazy_with(options))
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
        let rows = query.fetch_all(&self.0).await?;
        rows.iter().map(read_row).collect()
    }

    async fn remove(&self, statements: Vec<String>, bound: String) -> Result<u64, sqlx::Error> {
        let mut transaction = self.0.begin().await?;
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
        sqlx::query("SELECT 1").execute(&self.0).await.map(drop)
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
