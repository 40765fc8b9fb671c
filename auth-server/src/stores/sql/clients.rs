//! Clients: the rows of `oauth_client_details`.

mod reading;

use async_trait::async_trait;
use symbolon::identifiers::ClientId;
use symbolon::token::GrantType;

use super::SqlFault;
use super::cell::is_named;
use super::database::{Failure, SqlDatabase};
use super::read_row::{LeftOut, ReadRow};
use super::statements::{self, CLIENT_COLUMNS, Source};
use crate::records::ClientRegistration;
use crate::stores::{ClientStore, StoreError};

use reading::read_row;

/// Bytes of the longest id that is looked for; Spring's column has 256 characters.
const LONGEST_NAME: usize = 1024;

/// The clients in a database.
#[derive(Debug)]
pub struct SqlClients {
    database: SqlDatabase,
    source: Source,
    /// Extension grants that there are here.
    grants: Vec<GrantType>,
}

impl SqlClients {
    /// The clients that this source of rows has.
    pub const fn new(database: SqlDatabase, source: Source) -> Self {
        Self {
            database,
            source,
            grants: Vec::new(),
        }
    }

    /// The same, where these extension grants are no unknown words.
    #[must_use]
    pub fn with_grants(self, grants: Vec<GrantType>) -> Self {
        Self { grants, ..self }
    }

    /// Whether the rows can be read: all that is wrong.
    pub async fn check(&self) -> Vec<SqlFault> {
        check_columns(&self.database, &self.source, "clients", &CLIENT_COLUMNS).await
    }

    /// At most `limit` rows of those that follow `after` in the database's order, or the first ones, with those of which
    /// nothing can be used. Fewer than `limit` means that these are the last.
    pub async fn rows_after(
        &self,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ReadRow<ClientRegistration>>, StoreError> {
        let place = after.map(|_| self.database.placeholder());
        let statement = statements::list_clients(&self.source, place, limit);
        let bound = after.map(|id| id.as_str().to_owned());
        let rows = self.database.rows(statement, bound).await?;
        Ok(rows
            .into_iter()
            .map(|row| read_row(row, &self.grants))
            .collect())
    }
}

/// Whether a source has these columns: all that is missing.
pub(super) async fn check_columns(
    database: &SqlDatabase,
    source: &Source,
    name: &'static str,
    columns: &[&'static str],
) -> Vec<SqlFault> {
    let fault = |failure| match failure {
        Failure::Away(found) => SqlFault {
            source: None,
            found,
        },
        Failure::Refused(found) => SqlFault {
            source: Some(name),
            found,
        },
    };
    if database
        .ask(source.probe(&columns.join(", ")), None)
        .await
        .is_ok()
    {
        return Vec::new();
    }
    if let Err(failure) = database.ask(source.probe("1"), None).await {
        return vec![fault(failure)];
    }
    let mut faults = Vec::new();
    for column in columns {
        if let Err(failure) = database.ask(source.probe(column), None).await {
            let found = format!(
                "has no column `{column}` that can be read: {}",
                failure.text()
            );
            faults.push(SqlFault {
                source: Some(name),
                found,
            });
        }
    }
    faults
}

#[async_trait]
impl ClientStore for SqlClients {
    async fn find_client(&self, id: &ClientId) -> Result<Option<ClientRegistration>, StoreError> {
        if !can_be_a_name(id.as_str()) {
            return Ok(None);
        }
        let statement = statements::find_client(&self.source, self.database.placeholder());
        let bound = Some(id.as_str().to_owned());
        let rows = self.database.rows(statement, bound).await?;
        // The database may take two names for one, by its rules for letter case and blanks. We do not.
        let mut found = rows.into_iter().filter(|row| is_named(row, id.as_str()));
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some(row), None) => {
                let row = read_row(row, &self.grants);
                tell(&row);
                row.read.map(Some).map_err(|error| {
                    let client = id.as_str().escape_debug();
                    StoreError::Damaged(format!("the row of client `{client}`: {error}"))
                })
            }
            (Some(_), Some(_)) => Err(StoreError::Damaged(format!(
                "there is more than one row of client `{}`",
                id.as_str().escape_debug()
            ))),
        }
    }

    async fn list_clients(
        &self,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        let mut after = after.cloned();
        let mut found = Vec::new();
        while found.len() < limit {
            let missing = limit - found.len();
            let rows = self.rows_after(after.as_ref(), missing).await?;
            after = ReadRow::next(&rows, missing).map(ClientId::new);
            for row in rows {
                tell(&row);
                if let Err(error) = &row.read {
                    let client = row.name.escape_debug();
                    tracing::error!(event = "registration_damaged", client.id = %client, %error);
                }
                found.extend(row.read.ok());
            }
            if after.is_none() {
                break;
            }
        }
        Ok(found)
    }
}

/// Whether anybody can be registered under a name. Of some the database would not even take the question.
pub(super) fn can_be_a_name(name: &str) -> bool {
    name.len() <= LONGEST_NAME && !name.chars().any(char::is_control)
}

/// Says in the log what of a row means nothing here.
fn tell(row: &ReadRow<ClientRegistration>) {
    let client = row.name.escape_debug();
    for LeftOut { column, entries } in &row.left_out {
        let left_out = entries.join(", ");
        let left_out = left_out.escape_debug();
        tracing::warn!(event = "registration_partly_read", client.id = %client, column, %left_out);
    }
}
