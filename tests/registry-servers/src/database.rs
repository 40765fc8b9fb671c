//! A database with the tables of a Spring server.

use std::path::Path;

use sqlx::AssertSqlSafe;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool};
use tempfile::TempDir;

use crate::child::ServerChild;
use crate::mariadb::{DATABASE, Mariadb};
use crate::postgresql::{PASSWORD, Postgresql, USER};

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    /// A file.
    Sqlite,
    /// A server.
    Postgresql,
    /// A server that speaks MySQL's protocol.
    Mariadb,
}

/// A database that lives as long as this value.
#[derive(Debug)]
pub struct Database(Server);

#[derive(Debug)]
enum Server {
    Sqlite(SqlitePool, TempDir),
    Postgresql(Box<Postgresql>),
    Mariadb(Box<Mariadb>),
}

/// A value of a statement.
#[derive(Clone, Debug)]
pub enum Bound {
    /// A text, or NULL.
    Text(Option<String>),
    /// A number, or NULL.
    Number(Option<i64>),
    /// Yes or no.
    Truth(bool),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Database {
    /// Starts one, without tables.
    pub async fn start(kind: DatabaseKind) -> Self {
        Self::start_with(kind, false).await
    }

    async fn start_with(kind: DatabaseKind, with_certificate: bool) -> Self {
        Self(match kind {
            DatabaseKind::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let options = SqliteConnectOptions::new()
                    .filename(folder.path().join("spring.db"))
                    .journal_mode(SqliteJournalMode::Wal)
                    .create_if_missing(true);
                Server::Sqlite(SqlitePool::connect_with(options).await.unwrap(), folder)
            }
            DatabaseKind::Postgresql => {
                Server::Postgresql(Box::new(Postgresql::start(with_certificate).await))
            }
            DatabaseKind::Mariadb => {
                Server::Mariadb(Box::new(Mariadb::start(with_certificate).await))
            }
        })
    }

    /// Starts one with the tables that a Spring shop has in it.
    pub async fn of_spring(kind: DatabaseKind) -> Self {
        let database = Self::start(kind).await;
        database.execute(kind.schema()).await;
        database
    }

    /// The same on a server that has a certificate for `localhost`.
    pub async fn of_spring_with_certificate(kind: DatabaseKind) -> Self {
        let database = Self::start_with(kind, true).await;
        database.execute(kind.schema()).await;
        database
    }

    /// Who signed its certificate, as a file.
    pub fn authority(&self) -> Option<&Path> {
        let certificates = match &self.0 {
            Server::Sqlite(..) => None,
            Server::Postgresql(server) => server.certificates.as_ref(),
            Server::Mariadb(server) => server.certificates.as_ref(),
        };
        certificates.map(|certificates| certificates.authority.as_path())
    }

    /// Its address, without a password.
    pub fn url(&self) -> String {
        match &self.0 {
            Server::Sqlite(_, folder) => {
                format!("sqlite:{}", folder.path().join("spring.db").display())
            }
            Server::Postgresql(server) => {
                format!(
                    "postgres://{USER}@127.0.0.1:{}/postgres",
                    server.port.number()
                )
            }
            Server::Mariadb(server) => {
                format!(
                    "mysql://{USER}@127.0.0.1:{}/{DATABASE}",
                    server.port.number()
                )
            }
        }
    }

    /// Its password, where it has one.
    pub fn password(&self) -> Option<&'static str> {
        match &self.0 {
            Server::Sqlite(..) => None,
            Server::Postgresql(_) | Server::Mariadb(_) => Some(PASSWORD),
        }
    }

    /// Executes statements as they are.
    pub async fn execute(&self, statements: &str) {
        let statements = sqlx::raw_sql(AssertSqlSafe(statements.to_owned()));
        let done = match &self.0 {
            Server::Sqlite(pool, _) => statements.execute(pool).await.map(|_| ()),
            Server::Postgresql(server) => statements.execute(&server.pool).await.map(|_| ()),
            Server::Mariadb(server) => statements.execute(&server.pool).await.map(|_| ()),
        };
        done.unwrap();
    }

    /// Executes one statement, with a value for each `?`; answers how many rows it changed.
    pub async fn change(&self, statement: &str, values: &[Bound]) -> u64 {
        macro_rules! change_on {
            ($pool:expr, $statement:expr) => {{
                let mut query = sqlx::query(AssertSqlSafe($statement));
                for value in values {
                    query = match value.clone() {
                        Bound::Text(text) => query.bind(text),
                        Bound::Number(number) => query.bind(number),
                        Bound::Truth(truth) => query.bind(truth),
                        Bound::Bytes(bytes) => query.bind(bytes),
                    };
                }
                let changed = query.execute($pool).await;
                changed
                    .unwrap_or_else(|error| panic!("{statement}: {error}"))
                    .rows_affected()
            }};
        }
        match &self.0 {
            Server::Sqlite(pool, _) => change_on!(pool, statement.to_owned()),
            Server::Postgresql(server) => change_on!(&server.pool, numbered(statement)),
            Server::Mariadb(server) => change_on!(&server.pool, statement.to_owned()),
        }
    }

    /// Lets rows be removed by whoever its address names, who may read only until then. A file, and the account of
    /// PostgreSQL, allow it anyway.
    pub async fn allow_removal(&self) {
        if let Server::Mariadb(_) = &self.0 {
            let statement = format!("GRANT DELETE ON {DATABASE}.* TO {USER}@'127.0.0.1'");
            self.execute(&statement).await;
        }
    }

    /// Kills it, as a power failure would. A file cannot be killed.
    pub fn kill(&mut self) {
        match &mut self.0 {
            Server::Sqlite(..) => panic!("a file cannot be killed"),
            Server::Postgresql(server) => server.child.kill(),
            Server::Mariadb(server) => server.child.kill(),
        }
    }

    /// The same server again, with what it had kept.
    pub async fn restart(&mut self) {
        match &mut self.0 {
            Server::Sqlite(..) => panic!("a file cannot be killed"),
            Server::Postgresql(server) => server.restart().await,
            Server::Mariadb(server) => server.restart().await,
        }
    }

    /// Makes it silent: connections stay open and nothing is answered.
    pub fn pause(&self) {
        self.child().pause();
    }

    /// Lets it answer again.
    pub fn resume(&self) {
        self.child().resume();
    }

    fn child(&self) -> &ServerChild {
        match &self.0 {
            Server::Sqlite(..) => panic!("a file is no process"),
            Server::Postgresql(server) => &server.child,
            Server::Mariadb(server) => &server.child,
        }
    }
}

/// `?` as PostgreSQL writes it.
fn numbered(statement: &str) -> String {
    let mut parts = statement.split('?');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (number, part) in parts.enumerate() {
        let number = number + 1;
        text.extend(["$", &number.to_string(), part]);
    }
    text
}

impl DatabaseKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgresql, Self::Mariadb];

    /// The tables of a Spring server, as its documentation and its users write them for this database.
    pub const fn schema(self) -> &'static str {
        match self {
            Self::Sqlite | Self::Postgresql => include_str!("spring.sql"),
            Self::Mariadb => include_str!("spring_mysql.sql"),
        }
    }
}
