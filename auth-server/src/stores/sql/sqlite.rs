//! SQLite: a file that somebody else writes. It is opened for reading.

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
            .read_only(true)
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
            _ => Ok(Cell::Unread(kind)),
        }
    });
    cells.collect()
}
