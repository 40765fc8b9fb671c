//! The open database, which is opened again after its disk failed.
//!
//! redb refuses everything, reads too, from its first failed write on, until the file is opened anew: what is on the
//! disk is then what was answered last. A disk that is full for a minute so costs a minute of writes, and no restart.

use std::sync::{PoisonError, RwLock};

use redb::Database;

use super::database::{self, EmbeddedLocation};
use crate::stores::StoreError;

/// The database, unless it could not be opened again yet.
pub(super) struct Reopening {
    location: EmbeddedLocation,
    database: RwLock<Option<Database>>,
}

impl Reopening {
    pub(super) fn of(database: Database, location: &EmbeddedLocation) -> Self {
        Self {
            location: location.clone(),
            database: RwLock::new(Some(database)),
        }
    }

    /// Has `work` done on the database. Nothing of redb's may outlive it: the file is closed before it is opened again.
    pub(super) fn with<T>(
        &self,
        work: impl FnOnce(&Database) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let closed = || StoreError::Unavailable("the file of the store is closed".to_owned());
        work(database.as_ref().ok_or_else(closed)?)
    }

    /// Opens the file again, and makes none if it was removed; those who read wait meanwhile. What is in memory only has no disk that could fail.
    pub(super) fn open_again(&self) -> Result<(), StoreError> {
        if self.location == EmbeddedLocation::Memory {
            return Ok(());
        }
        let mut database = self
            .database
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        drop(database.take());
        *database = Some(database::open_existing(&self.location)?);
        Ok(())
    }
}
