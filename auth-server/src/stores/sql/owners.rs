//! Owners: the rows of `users`, with those of `authorities`.

use async_trait::async_trait;
use symbolon::secret::Secret;

use super::SqlFault;
use super::cell::{Cell, CellError, Row, is_named, name};
use super::clients::{can_be_a_name, check_columns};
use super::database::SqlDatabase;
use super::read_row::ReadRow;
use super::statements::{self, AUTHORITY_COLUMNS, Source, USER_COLUMNS};
use crate::records::OwnerRegistration;
use crate::stores::{OwnerStore, StoreError};

/// The owners in a database.
#[derive(Debug)]
pub struct SqlOwners {
    database: SqlDatabase,
    users: Source,
    authorities: Source,
}

impl SqlOwners {
    /// The accounts that these sources of rows have.
    pub const fn new(database: SqlDatabase, users: Source, authorities: Source) -> Self {
        Self {
            database,
            users,
            authorities,
        }
    }

    /// Whether the rows can be read: all that is wrong.
    pub async fn check(&self) -> Vec<SqlFault> {
        let mut faults = check_columns(&self.database, &self.users, "users", &USER_COLUMNS).await;
        if faults.iter().all(|fault| fault.source.is_some()) {
            let (source, columns) = (&self.authorities, &AUTHORITY_COLUMNS);
            faults.extend(check_columns(&self.database, source, "authorities", columns).await);
        }
        faults
    }

    /// At most `limit` accounts of those that follow `after` in the database's order, or the first ones, with those of
    /// which nothing can be used; `None` is one that may do nothing, and has no account at a Spring server. Fewer than
    /// `limit` means that these are the last.
    pub async fn rows_after(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ReadRow<Option<OwnerRegistration>>>, StoreError> {
        let place = after.map(|_| self.database.placeholder());
        let statement = statements::list_owners(&self.users, &self.authorities, place, limit);
        let rows = self
            .database
            .rows(statement, after.map(str::to_owned))
            .await?;
        let accounts = by_account(rows).into_iter().map(|rows| ReadRow {
            name: rows.first().and_then(name).unwrap_or_default(),
            read: read(rows).map_err(|error| error.to_string()),
            left_out: Vec::new(),
        });
        Ok(accounts.collect())
    }
}

#[async_trait]
impl OwnerStore for SqlOwners {
    async fn find_owner(&self, name: &str) -> Result<Option<OwnerRegistration>, StoreError> {
        if !can_be_a_name(name) {
            return Ok(None);
        }
        let place = self.database.placeholder();
        let statement = statements::find_owner(&self.users, &self.authorities, place);
        let rows = self.database.rows(statement, Some(name.to_owned())).await?;
        let found = rows.into_iter().filter(|row| is_named(row, name));
        let found = found.collect::<Vec<_>>();
        if found.is_empty() {
            return Ok(None);
        }
        read(found).map_err(|error| {
            let owner = name.escape_debug();
            StoreError::Damaged(format!("the row of owner `{owner}`: {error}"))
        })
    }

    async fn list_owners(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OwnerRegistration>, StoreError> {
        let mut after = after.map(str::to_owned);
        let mut found = Vec::new();
        while found.len() < limit {
            let missing = limit - found.len();
            let accounts = self.rows_after(after.as_deref(), missing).await?;
            after = ReadRow::next(&accounts, missing);
            found.extend(accounts.into_iter().filter_map(told));
            if after.is_none() {
                break;
            }
        }
        Ok(found)
    }
}

/// The rows of one account each.
fn by_account(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let mut accounts: Vec<Vec<Row>> = Vec::new();
    for row in rows {
        let of_last = accounts.last().and_then(|rows| rows.first()).and_then(name);
        match accounts.last_mut() {
            Some(last) if of_last == name(&row) => last.push(row),
            Some(_) | None => accounts.push(vec![row]),
        }
    }
    accounts
}

/// What a row describes. What cannot be used is told to the log.
fn told(row: ReadRow<Option<OwnerRegistration>>) -> Option<OwnerRegistration> {
    row.read.unwrap_or_else(|error| {
        let owner = row.name.escape_debug();
        tracing::error!(event = "registration_damaged", %owner, %error);
        None
    })
}

/// The account that its rows describe. Who may do nothing has none, as at a Spring server.
fn read(rows: Vec<Row>) -> Result<Option<OwnerRegistration>, CellError> {
    let mut account: Option<OwnerRegistration> = None;
    for row in rows {
        let [username, password, enabled, authority] =
            <[Cell; 4]>::try_from(row).map_err(|_| {
                CellError::new("username", "stands in a row of other columns", "4 columns")
            })?;
        let Some(authority) = authority.text("authority")? else {
            continue;
        };
        if let Some(account) = &mut account {
            account.authorities.push(authority);
            continue;
        }
        let password = password.text("password")?;
        account = Some(OwnerRegistration {
            name: username.text("username")?.unwrap_or_default(),
            password: password
                .map(Secret::new)
                .ok_or_else(|| CellError::new("password", "is NULL", "an {id}hash"))?,
            authorities: vec![authority],
            disabled: !enabled.truth("enabled")?,
            password_mark: None,
            invited: false,
            email: None,
        });
    }
    Ok(account)
}
