//! What each database's own room does, and what it is told.

use async_trait::async_trait;

use super::address::SqlAddress;
use super::cell::Row;
use super::statements::Placeholder;

/// How to reach a database.
#[derive(Clone, Debug)]
pub struct SqlSettings {
    /// Where it is.
    pub address: SqlAddress,
    /// Who signed its certificate, as PEM; `None` means one of the public authorities.
    pub authority: Option<Vec<u8>>,
    /// How long an answer may take, in milliseconds, with connecting.
    pub timeout_ms: u64,
    /// How many connections there are at most.
    pub connections: u32,
    /// Whether rows may be taken away. Nothing is ever added.
    pub may_remove: bool,
}

/// What a database's room does: connect, bind and read.
#[async_trait]
pub(super) trait Connections: Send + Sync + 'static {
    /// How the first bound value is written.
    fn placeholder(&self) -> Placeholder;

    /// The rows of a statement, with the value that is bound in it.
    async fn rows(&self, statement: String, bound: Option<String>)
    -> Result<Vec<Row>, sqlx::Error>;

    /// Removes rows by statements that are done together or not at all, each with the value that is bound in it. How many
    /// the first one has removed.
    async fn remove(&self, statements: Vec<String>, bound: String) -> Result<u64, sqlx::Error>;

    /// Asks for a sign of life.
    async fn ping(&self) -> Result<(), sqlx::Error>;
}
