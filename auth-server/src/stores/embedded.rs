//! The embedded store: one [redb](https://docs.rs/redb) file, or memory only. It needs nothing
//! installed and serves one process.
//!
//! - **Writes** are queued to one thread, which decides and writes everything that is waiting in one
//!   transaction and answers after it is on disk (group commit). So an answer survives `kill -9`, and
//!   64 callers share the price of one `fsync` instead of paying it one after another.
//! - **Reads** run on the calling thread, also in async code: a read of redb works on a snapshot that
//!   was committed, takes no lock that a writer holds, and is over in microseconds, mostly from the
//!   cache; handing it to another thread would cost more than the read. What was answered is
//!   committed, so everybody reads what was written.
//! - **Expiry**: an index by time lets the writer remove what is over, a bounded number at a time, and nobody waits
//!   for more than one such time. Registrations have an end that never comes.
//! - **A disk that fails**, because it is full, say, fails the writes of that moment. The file is opened again at once
//!   and writes are tried again every second, until they succeed.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use redb::{Database, ReadableDatabase as _};
use symbolon::clock::Clock;

use crate::stores::{StoreError, StoreHealth};
use records::{Changes, RECORDS, View, failed};
use reopening::Reopening;
use writer::Writer;

mod access_tokens;
mod approvals;
mod authorization_codes;
mod clients;
mod database;
mod ended_jwts;
mod given;
mod grants;
mod habits;
mod issuers;
mod journal;
mod key_records;
mod keys;
mod lists;
mod new_file;
mod one_time_links;
mod owners;
mod passkeys;
mod records;
mod refresh_tokens;
mod reopening;
mod search;
mod second_factors;
mod sessions;
mod sign_ups;
#[cfg(test)]
mod tests;
mod token_records;
mod writer;

pub use database::EmbeddedLocation;

/// Keeps everything in one file, or in memory.
///
/// Dropping it finishes the writes that were queued and closes the file; that blocks for about as long
/// as one `fsync`.
pub struct EmbeddedStore {
    // Declared before the database: the writer thread must have ended when the file is closed.
    writer: Writer,
    database: Arc<Reopening>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for EmbeddedStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EmbeddedStore")
            .finish_non_exhaustive()
    }
}

impl EmbeddedStore {
    /// Opens the file, or makes it. One process at a time can have it open.
    pub fn open(location: &EmbeddedLocation, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        Self::on(database::open(location)?, location, clock)
    }

    /// The same where there is a file; none is made.
    pub fn open_existing(
        location: &EmbeddedLocation,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        Self::on(database::open_existing(location)?, location, clock)
    }

    /// The same for who only looks: where there is no file it is as if there were one with nothing in it, and none is made.
    pub fn open_to_look(
        location: &EmbeddedLocation,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        match location {
            EmbeddedLocation::File(path) if database::is_vacant(path)? => {
                Self::open(&EmbeddedLocation::Memory, clock)
            }
            EmbeddedLocation::File(_) | EmbeddedLocation::Memory => {
                Self::open_existing(location, clock)
            }
        }
    }

    fn on(
        database: Database,
        location: &EmbeddedLocation,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let database = Arc::new(Reopening::of(database, location));
        let writer = Writer::start(Arc::clone(&database), Arc::clone(&clock))?;
        Ok(Self {
            writer,
            database,
            clock,
        })
    }

    fn read<T>(
        &self,
        read: impl FnOnce(&View<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.database.with(|database| {
            let transaction = database.begin_read().map_err(failed)?;
            let table = transaction.open_table(RECORDS).map_err(failed)?;
            read(&View::new(&table, self.clock.now()))
        })
    }

    async fn write<T: Send + 'static>(
        &self,
        decide: impl FnOnce(&View<'_>) -> Result<(T, Changes), StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.submit(decide).await
    }
}

#[async_trait]
impl StoreHealth for EmbeddedStore {
    /// Goes through the writer's queue, so a writer that stopped or hangs is noticed.
    async fn check_health(&self) -> Result<(), StoreError> {
        self.write(|view| Ok(((), view.changes()))).await
    }
}
