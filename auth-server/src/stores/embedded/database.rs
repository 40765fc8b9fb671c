//! Opening the file, and refusing what is not ours.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{Builder, Database, DatabaseError, StorageError, TableDefinition, TableHandle as _};

use super::new_file;
use super::records::{EXPIRY, RECORDS, failed};
use crate::stores::StoreError;

/// Where the records are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmbeddedLocation {
    /// In memory: gone with the process.
    Memory,
    /// In this file, which is made when it is absent.
    File(PathBuf),
}

/// Says which version of our layout a file has; apart from the records, so that every version can
/// read it.
const FORMAT: TableDefinition<'static, &str, u64> = TableDefinition::new("symbolon");
const VERSION_KEY: &str = "format_version";
/// Goes up when an older server could not read what a newer one writes.
pub(super) const FORMAT_VERSION: u64 = 1;

/// What of a file is held in memory. redb's own default, a gibibyte, is much for a small service.
const FILE_CACHE_BYTES: usize = 128 * 1024 * 1024;
/// Records in memory need no second copy in a cache.
const MEMORY_CACHE_BYTES: usize = 4 * 1024 * 1024;

/// Opens the file or the memory; a file that is absent is made.
pub(super) fn open(location: &EmbeddedLocation) -> Result<Database, StoreError> {
    match location {
        EmbeddedLocation::Memory => {
            let database = Database::builder()
                .set_cache_size(MEMORY_CACHE_BYTES)
                .create_with_backend(InMemoryBackend::new())
                .map_err(failed)?;
            prepare(&database, "memory")?;
            Ok(database)
        }
        EmbeddedLocation::File(path) if is_vacant(path)? => new_file::make(path, |file| {
            let name = path.display().to_string();
            let database = FileBackend::new(file)
                .and_then(|backend| file_builder().create_with_backend(backend))
                .map_err(|error| refused(&name, &error))?;
            prepare(&database, &name)?;
            Ok(database)
        }),
        EmbeddedLocation::File(path) => open_file(path),
    }
}

/// Opens what is there, and makes nothing: who has no business with a new store, and who had this one open.
pub(super) fn open_existing(location: &EmbeddedLocation) -> Result<Database, StoreError> {
    match location {
        EmbeddedLocation::Memory => open(location),
        EmbeddedLocation::File(path) if is_vacant(path)? => {
            // A path from another folder looks right until all of it is seen.
            let whole = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            let text = format!("there is no store at {}", whole.display());
            Err(StoreError::Unavailable(text))
        }
        EmbeddedLocation::File(path) => open_file(path),
    }
}

/// Whether there is no store at a path.
pub(super) fn is_vacant(path: &Path) -> Result<bool, StoreError> {
    let name = path.display();
    new_file::is_vacant(path)
        .map_err(|error| StoreError::Unavailable(format!("{name} cannot be opened: {error}")))
}

fn file_builder() -> Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(FILE_CACHE_BYTES);
    // A damaged page is found now, with a clear text, rather than by some request later. It reads the file once, which
    // at this size is a matter of a second.
    builder.set_check_integrity_on_open(true);
    builder
}

fn open_file(path: &Path) -> Result<Database, StoreError> {
    let name = path.display().to_string();
    warn_if_open_to_others(path);
    let database = file_builder()
        .open(path)
        .map_err(|error| refused(&name, &error))?;
    prepare(&database, &name)?;
    Ok(database)
}

/// A file that was there keeps its mode, which somebody may have wanted; what is in it are hashes and sealed keys.
fn warn_if_open_to_others(path: &Path) {
    let mode = fs::metadata(path).map_or(0, |found| found.mode() & 0o777);
    if mode & 0o077 != 0 {
        let (file, mode) = (path.display(), format!("{mode:04o}"));
        tracing::warn!(
            event = "store_open_to_others",
            %file,
            mode,
            "others on this machine may read or write the store; accepted without a warning: `chmod 600`"
        );
    }
}

fn refused(name: &str, error: &DatabaseError) -> StoreError {
    if matches!(error, DatabaseError::DatabaseAlreadyOpen) {
        return StoreError::Unavailable(format!("another process has {name} open"));
    }
    if let DatabaseError::Storage(StorageError::Corrupted(text)) = error {
        return StoreError::Damaged(format!("{name}: {text}"));
    }
    if let DatabaseError::Storage(StorageError::Io(cause)) = error
        && cause.kind() == std::io::ErrorKind::InvalidData
    {
        return StoreError::Unavailable(format!(
            "{name} is not a store: {cause}; if it is to be one, move the file away first"
        ));
    }
    StoreError::Unavailable(format!("{name} cannot be opened: {error}"))
}

/// Compares the format version, or writes it into a new file, and makes the tables, so that a read
/// never finds one missing.
fn prepare(database: &Database, name: &str) -> Result<(), StoreError> {
    let transaction = database.begin_write().map_err(failed)?;
    let tables: Vec<String> = transaction
        .list_tables()
        .map_err(failed)?
        .map(|table| table.name().to_owned())
        .collect();
    if !tables.is_empty() && !tables.iter().any(|table| table == FORMAT.name()) {
        return Err(StoreError::Unavailable(format!(
            "{name} is a redb file of another program"
        )));
    }
    {
        let mut format = transaction.open_table(FORMAT).map_err(failed)?;
        let found = redb::ReadableTable::get(&format, VERSION_KEY)
            .map_err(failed)?
            .map(|version| version.value());
        match found {
            Some(FORMAT_VERSION) => {}
            Some(version) => {
                return Err(StoreError::Unavailable(format!(
                    "{name} has format version {version}, this server knows {FORMAT_VERSION}: \
                     it was written by a newer server"
                )));
            }
            None => {
                format.insert(VERSION_KEY, FORMAT_VERSION).map_err(failed)?;
            }
        }
        transaction.open_table(RECORDS).map_err(failed)?;
        transaction.open_table(EXPIRY).map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}

#[cfg(test)]
pub(super) fn write_format_version(database: &Database, version: u64) {
    let transaction = database.begin_write().unwrap();
    transaction
        .open_table(FORMAT)
        .unwrap()
        .insert(VERSION_KEY, version)
        .unwrap();
    transaction.commit().unwrap();
}
