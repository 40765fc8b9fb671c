//! `auth-server migrate import`: clients and owners of a Spring server's tables become registrations of this server's
//! own store.
//!
//! Nothing is written where it comes from. What is in the store already and says the same is left as it is, so that an
//! import that ended early is run again from the beginning, and a whole one can be repeated. It goes row by row through
//! pages of [`PAGE`], and holds one of them.

mod clients;
mod owners;
mod tally;

use std::future::Future;
use std::pin::pin;

use async_trait::async_trait;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::stores::StoreError;
use crate::stores::sql::ReadRow;

pub use clients::ClientImport;
pub use owners::OwnerImport;
pub use tally::{Outcome, Tally};

/// Rows that are read at a time.
pub const PAGE: usize = 500;
/// Rows that are compared and written at a time. Writers of the embedded store share a commit.
const AT_ONCE: usize = 128;

/// What an import does with what it finds.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImportSettings {
    /// Nothing is written, and the answer is what would have been.
    pub dry_run: bool,
    /// A registration in the store that says something else is replaced. Otherwise it stays.
    pub replace: bool,
}

/// Where registrations come from, and where they go to.
#[async_trait]
pub trait Import: Sync {
    /// A registration.
    type Registration: PartialEq + Send + Sync;

    /// What they are called: `clients`.
    fn what(&self) -> &'static str;

    /// At most `limit` rows that follow `after`. Fewer mean that these are the last.
    async fn rows_after(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ReadRow<Option<Self::Registration>>>, StoreError>;

    /// Why this server could not use a registration.
    fn fault(&self, registration: &Self::Registration) -> Option<String>;

    /// The registration of this name in the store.
    async fn find(&self, name: &str) -> Result<Option<Self::Registration>, StoreError>;

    /// Puts a registration into the store.
    async fn keep(&self, registration: &Self::Registration) -> Result<(), StoreError>;
}

/// Why an import ended early. What it has counted until then is so.
#[derive(Debug, thiserror::Error)]
#[error("{error}; what was imported until then is there, and another run goes on from there")]
pub struct ImportError {
    /// What it had done.
    pub tally: Tally,
    /// What went wrong.
    pub error: StoreError,
}

/// Imports until there are no more rows, or `end` comes. `progress` hears of every page.
pub async fn import<I: Import>(
    from: &I,
    settings: ImportSettings,
    end: impl Future<Output = ()>,
    mut progress: impl FnMut(&Tally),
) -> Result<Tally, ImportError> {
    let mut end = pin!(end);
    let mut tally = Tally::of(from.what());
    let mut after: Option<String> = None;
    loop {
        let page = async {
            let rows = from.rows_after(after.as_deref(), PAGE).await?;
            let next = ReadRow::next(&rows, PAGE);
            imported(from, settings, rows, &mut tally).await?;
            Ok(next)
        };
        let next = tokio::select! {
            biased;
            () = &mut end => None,
            next = page => Some(next),
        };
        match next {
            None => {
                tally.is_whole = false;
                return Ok(tally);
            }
            Some(Err(error)) => return Err(ImportError { tally, error }),
            Some(Ok(next)) => after = next,
        }
        progress(&tally);
        if after.is_none() {
            return Ok(tally);
        }
    }
}

/// Imports a page.
async fn imported<I: Import>(
    from: &I,
    settings: ImportSettings,
    rows: Vec<ReadRow<Option<I::Registration>>>,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let work = stream::iter(rows).map(|row| async move {
        let name = row.name.clone();
        let left_out = !row.left_out.is_empty();
        Ok::<_, StoreError>((name, left_out, one(from, settings, row).await?))
    });
    let mut done = work.buffered(AT_ONCE);
    while let Some((name, left_out, outcome)) = done.try_next().await? {
        tally.count(&name, left_out, outcome);
    }
    Ok(())
}

async fn one<I: Import>(
    from: &I,
    settings: ImportSettings,
    row: ReadRow<Option<I::Registration>>,
) -> Result<Outcome, StoreError> {
    let registration = match row.read {
        Ok(Some(registration)) => registration,
        Ok(None) => return Ok(Outcome::Nobody),
        Err(why) => return Ok(Outcome::Refused(why)),
    };
    if let Some(why) = from.fault(&registration) {
        return Ok(Outcome::Refused(why));
    }
    let outcome = match from.find(&row.name).await {
        Ok(None) => Outcome::Added,
        Ok(Some(there)) if there == registration => return Ok(Outcome::Unchanged),
        Ok(Some(_)) | Err(StoreError::Damaged(_)) if settings.replace => Outcome::Replaced,
        Ok(Some(_)) | Err(StoreError::Damaged(_)) => return Ok(Outcome::Differs),
        Err(error @ StoreError::Unavailable(_)) => return Err(error),
    };
    if !settings.dry_run {
        from.keep(&registration).await?;
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests;
