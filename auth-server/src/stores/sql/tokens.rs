//! Tokens: the rows of `oauth_access_token` and `oauth_refresh_token`.

use async_trait::async_trait;
use symbolon::secret::Secret;

use super::SqlFault;
use super::cell::{Cell, CellError, Row};
use super::clients::check_columns;
use super::database::SqlDatabase;
use super::statements::{self, ACCESS_TOKEN_COLUMNS, REFRESH_TOKEN_COLUMNS, Source};
use crate::java_stream::LONGEST_STREAM;
use crate::legacy_tokens::{
    LegacyAccessToken, LegacyAuthentication, LegacyRefreshToken, md5_digits,
};
use crate::stores::legacy_tokens::{Streams, read_access_token, read_refresh_token};
use crate::stores::{LegacyTokenStore, StoreError};

/// The column that a token's row is found by.
const TOKEN_ID: &str = "token_id";
/// The column of an access token's row that names the refresh token it was given with.
const REFRESH_TOKEN: &str = "refresh_token";

/// The tokens that a Spring server has given out, in a database. Rows are removed, and none is written.
#[derive(Debug)]
pub struct SqlTokens {
    pub(super) database: SqlDatabase,
    pub(super) access_tokens: Source,
    pub(super) refresh_tokens: Source,
}

impl SqlTokens {
    /// The tokens that these tables have.
    pub const fn new(database: SqlDatabase, access_tokens: Source, refresh_tokens: Source) -> Self {
        Self {
            database,
            access_tokens,
            refresh_tokens,
        }
    }

    /// What the database is called.
    pub fn system(&self) -> &'static str {
        self.database.system()
    }

    /// Whether the rows can be read and removed: all that is wrong.
    pub async fn check(&self) -> Vec<SqlFault> {
        let access_tokens =
            self.check_table(&self.access_tokens, "access tokens", &ACCESS_TOKEN_COLUMNS);
        let mut faults = access_tokens.await;
        if faults.iter().all(|fault| fault.source.is_some()) {
            let refresh_tokens = self.check_table(
                &self.refresh_tokens,
                "refresh tokens",
                &REFRESH_TOKEN_COLUMNS,
            );
            faults.extend(refresh_tokens.await);
        }
        faults
    }

    async fn check_table(
        &self,
        table: &Source,
        name: &'static str,
        columns: &[&'static str],
    ) -> Vec<SqlFault> {
        let faults = check_columns(&self.database, table, name, columns).await;
        if !faults.is_empty() {
            return faults;
        }
        let removal = self.database.ask(table.removal_probe(), None).await;
        let fault = |found: String| SqlFault {
            source: Some(name),
            found: format!("none can be removed: {found}"),
        };
        let faults = removal.err().map(|failure| fault(failure.text()));
        faults.into_iter().collect()
    }

    async fn streams(
        &self,
        tokens: &Source,
        presented: &Secret,
    ) -> Result<Option<Streams>, StoreError> {
        let place = self.database.placeholder();
        let statement = statements::find_token(tokens, place, LONGEST_STREAM);
        let bound = Some(digest(presented));
        let rows = self.database.rows(statement, bound).await?;
        let Some(row) = rows.into_iter().next() else {
            return Ok(None);
        };
        let damaged = |error| StoreError::Damaged(format!("a token of the Spring server: {error}"));
        read(row).map(Some).map_err(damaged)
    }
}

#[async_trait]
impl LegacyTokenStore for SqlTokens {
    async fn find_legacy_access_token(
        &self,
        presented: &Secret,
    ) -> Result<Option<(LegacyAccessToken, LegacyAuthentication)>, StoreError> {
        let found = self.streams(&self.access_tokens, presented).await?;
        found.map_or(Ok(None), |found| read_access_token(presented, &found))
    }

    async fn find_legacy_refresh_token(
        &self,
        presented: &Secret,
    ) -> Result<Option<(LegacyRefreshToken, LegacyAuthentication)>, StoreError> {
        let found = self.streams(&self.refresh_tokens, presented).await?;
        found.map_or(Ok(None), |found| read_refresh_token(presented, &found))
    }

    async fn take_legacy_refresh_token(&self, presented: &Secret) -> Result<bool, StoreError> {
        let place = self.database.placeholder();
        let statements = vec![
            statements::remove_tokens(&self.refresh_tokens, TOKEN_ID, place),
            statements::remove_tokens(&self.access_tokens, REFRESH_TOKEN, place),
        ];
        let removed = self.database.remove(statements, digest(presented)).await?;
        Ok(removed > 0)
    }

    async fn take_legacy_access_token(&self, presented: &Secret) -> Result<(), StoreError> {
        let place = self.database.placeholder();
        let statement = statements::remove_tokens(&self.access_tokens, TOKEN_ID, place);
        let removed = self.database.remove(vec![statement], digest(presented));
        removed.await.map(drop)
    }
}

/// What a Spring server keeps in the place of a token's value.
fn digest(presented: &Secret) -> String {
    md5_digits(presented.expose())
}

fn read(row: Row) -> Result<Streams, CellError> {
    let [token, authentication] = <[Cell; 2]>::try_from(row)
        .map_err(|_| CellError::new("token", "stands in a row of other columns", "2 columns"))?;
    let needed = |column, bytes: Option<Vec<u8>>| {
        bytes.ok_or_else(|| CellError::new(column, "is NULL", "bytes"))
    };
    let token = needed("token", token.bytes("token")?)?;
    let column = "authentication";
    Ok((token, needed(column, authentication.bytes(column)?)?))
}
