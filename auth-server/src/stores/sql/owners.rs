//! Owners: the rows of `users`, with those of `authorities`.

use async_trait::async_trait;
use symbolon::secret::Secret;

use super::SqlFault;
use super::cell::{Cell, CellError, Row};
use super::clients::{can_be_a_name, check_columns, is_named, name};
use super::database::SqlDatabase;
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
            let place = after.as_ref().map(|_| self.database.placeholder());
            let (users, authorities) = (&self.users, &self.authorities);
            let statement = statements::list_owners(users, authorities, place, missing);
            let rows = self.database.rows(statement, after.clone()).await?;
            let accounts = by_account(rows);
            let is_last = accounts.len() < missing;
            let last = accounts.last().and_then(|rows| rows.first());
            after = last.and_then(name).or(after);
            found.extend(accounts.into_iter().filter_map(read_listed));
            if is_last {
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

fn read_listed(rows: Vec<Row>) -> Option<OwnerRegistration> {
    let owner = rows.first().and_then(name).unwrap_or_default();
    read(rows).unwrap_or_else(|error| {
        let owner = owner.escape_debug();
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
        });
    }
    Ok(account)
}
