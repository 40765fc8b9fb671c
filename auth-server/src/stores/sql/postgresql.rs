//! PostgreSQL.

use async_trait::async_trait;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow, PgSslMode, PgValueRef};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Postgres, Row as _, TypeInfo as _, ValueRef as _};

use super::address::{Encryption, Server};
use super::cell::{Cell, Row};
use super::connections::{Connections, SqlSettings};
use super::statements::Placeholder;

pub(super) struct Postgresql(PgPool);

impl Postgresql {
    pub(super) fn new(server: &Server, settings: &SqlSettings) -> Self {
        let mode = match server.encryption(settings.authority.is_some()) {
            Encryption::Off => PgSslMode::Disable,
            Encryption::IfOffered => PgSslMode::Prefer,
            Encryption::Always => PgSslMode::Require,
            Encryption::KnownAuthority => PgSslMode::VerifyCa,
            Encryption::KnownHost => PgSslMode::VerifyFull,
        };
        let mut options = PgConnectOptions::new_without_pgpass()
            .host(&server.host)
            .port(server.port)
            .username(&server.user)
            .database(&server.database)
            .ssl_mode(mode)
            .application_name("symbolon")
            .disable_statement_logging();
        if let Some(password) = &server.password {
            options = options.password(password.expose());
        }
        if let Some(socket) = &server.socket {
            options = options.socket(socket);
        }
        if let Some(authority) = &settings.authority {
            options = options.ssl_root_cert_from_pem(authority.clone());
        }
        Self(super::pool::bounded(PgPoolOptions::new(), settings).connect_lazy_with(options))
    }
}

#[async_trait]
impl Connections for Postgresql {
    fn placeholder(&self) -> Placeholder {
        Placeholder::Numbered
    }

    async fn rows(
        &self,
        statement: String,
        bound: Option<String>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        // Not kept: a table that is altered would make each kept statement fail once.
        let mut query = sqlx::query::<Postgres>(AssertSqlSafe(statement)).persistent(false);
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
            let query = sqlx::query::<Postgres>(AssertSqlSafe(statement)).persistent(false);
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

fn read_row(row: &PgRow) -> Result<Row, sqlx::Error> {
    let cells = (0..row.len()).map(|index| {
        let value = row.try_get_raw(index)?;
        let kind = value.type_info().name().to_owned();
        match kind.as_str() {
            _ if value.is_null() => Ok(Cell::Nothing),
            "BOOL" => row.try_get(index).map(Cell::Truth),
            "INT2" => row
                .try_get::<i16, _>(index)
                .map(|number| Cell::Number(number.into())),
            "INT4" => row
                .try_get::<i32, _>(index)
                .map(|number| Cell::Number(number.into())),
            "INT8" => row.try_get(index).map(Cell::Number),
            "TEXT" | "VARCHAR" | "CHAR" | "NAME" | "JSON" | "UNKNOWN" => text(&value),
            "BYTEA" => row.try_get(index).map(Cell::Bytes),
            "JSONB" => json(&value),
            _ if kind.eq_ignore_ascii_case("citext") => text(&value),
            _ => Ok(Cell::Unread(kind)),
        }
    });
    cells.collect()
}

fn text(value: &PgValueRef<'_>) -> Result<Cell, sqlx::Error> {
    let text = value.as_str().map_err(sqlx::Error::Decode)?;
    Ok(Cell::Text(text.to_owned()))
}

/// A text after the number of its version.
fn json(value: &PgValueRef<'_>) -> Result<Cell, sqlx::Error> {
    let bytes = value.as_bytes().map_err(sqlx::Error::Decode)?;
    let written = bytes.get(1..).unwrap_or_default();
    let text = std::str::from_utf8(written).map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(Cell::Text(text.to_owned()))
}
