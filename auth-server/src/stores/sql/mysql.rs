//! MySQL and MariaDB.

use async_trait::async_trait;
use sqlx::mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions, MySqlRow, MySqlSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions as _, MySql, Row as _, TypeInfo as _, ValueRef as _};

use super::address::{Encryption, Server};
use super::cell::{Cell, Row};
use super::connections::{Connections, SqlSettings};
use super::statements::Placeholder;

pub(super) struct Mysql(MySqlPool);

impl Mysql {
    pub(super) fn new(server: &Server, settings: &SqlSettings) -> Self {
        let mode = match server.encryption(settings.authority.is_some()) {
            Encryption::Off => MySqlSslMode::Disabled,
            Encryption::IfOffered => MySqlSslMode::Preferred,
            Encryption::Always => MySqlSslMode::Required,
            Encryption::KnownAuthority => MySqlSslMode::VerifyCa,
            Encryption::KnownHost => MySqlSslMode::VerifyIdentity,
        };
        let mut options = MySqlConnectOptions::new()
            .host(&server.host)
            .port(server.port)
            .username(&server.user)
            .database(&server.database)
            .ssl_mode(mode)
            .disable_statement_logging();
        if let Some(password) = &server.password {
            options = options.password(password.expose());
        }
        if let Some(socket) = &server.socket {
            options = options.socket(socket);
        }
        if let Some(authority) = &settings.authority {
            options = options.ssl_ca_from_pem(authority.clone());
        }
        Self(super::pool::bounded(MySqlPoolOptions::new(), settings).connect_lazy_with(options))
    }
}

#[async_trait]
impl Connections for Mysql {
    fn placeholder(&self) -> Placeholder {
        Placeholder::QuestionMark
    }

    async fn rows(
        &self,
        statement: String,
        bound: Option<String>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let mut query = sqlx::query::<MySql>(AssertSqlSafe(statement)).persistent(false);
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
            let query = sqlx::query::<MySql>(AssertSqlSafe(statement)).persistent(false);
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

fn read_row(row: &MySqlRow) -> Result<Row, sqlx::Error> {
    let cells = (0..row.len()).map(|index| {
        let value = row.try_get_raw(index)?;
        let kind = value.type_info().name().to_owned();
        let number = || row.try_get_unchecked(index).map(Cell::Number);
        let text = || row.try_get_unchecked(index).map(Cell::Text);
        // A column whose collation is binary calls its texts binary.
        let bytes = || row.try_get_unchecked(index).map(Cell::of_bytes);
        match kind.as_str() {
            _ if value.is_null() => Ok(Cell::Nothing),
            "BOOLEAN" | "TINYINT" | "SMALLINT" | "INT" | "MEDIUMINT" | "BIGINT" | "YEAR" => {
                number()
            }
            "BIT" => row
                .try_get_unchecked::<u64, _>(index)
                .map(|bits| Cell::Truth(bits != 0)),
            unsigned if unsigned.ends_with(" UNSIGNED") => number(),
            "VARCHAR" | "CHAR" | "ENUM" | "SET" | "JSON" | "DECIMAL" => text(),
            "VARBINARY" | "BINARY" => bytes(),
            long if long.ends_with("TEXT") => text(),
            long if long.ends_with("BLOB") => bytes(),
            _ => Ok(Cell::Unread(kind)),
        }
    });
    cells.collect()
}
