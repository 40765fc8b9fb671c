//! A new file of a store: made aside, and under its name only when it is whole. A start that is cut off leaves nothing
//! there which the next one could not open.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use redb::Database;

use crate::files_aside::{left_aside, metadata, rename, with_suffix};
use crate::stores::StoreError;

/// The end of the name that it has meanwhile.
const ASIDE: &str = ".unfinished";

/// Whether a new file may get this name: nothing is there, or a file with nothing in it. What leads elsewhere stays.
pub(super) fn is_vacant(path: &Path) -> io::Result<bool> {
    let Some(found) = metadata(path)? else {
        return Ok(true);
    };
    if found.is_symlink() && metadata_of_target(path)?.is_none() {
        return Err(io::Error::other("it is a link that leads nowhere"));
    }
    Ok(found.is_file() && found.len() == 0)
}

fn metadata_of_target(path: &Path) -> io::Result<Option<fs::Metadata>> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes the file, which `write` fills. It stays open and locked while it gets its name, so of several starts at once
/// one makes it.
pub(super) fn make(
    path: &Path,
    write: impl FnOnce(File) -> Result<Database, StoreError>,
) -> Result<Database, StoreError> {
    let aside = with_suffix(path, ASIDE);
    let name = path.display();
    let unmade = |why: &str| StoreError::Unavailable(format!("{name} cannot be made: {why}"));
    let file = take(&aside).map_err(|error| unmade(&error.to_string()))?;
    let made = match write(file) {
        Ok(database) => publish(&aside, path)
            .map(|()| database)
            .map_err(|error| unmade(&error.to_string())),
        Err(StoreError::Unavailable(why) | StoreError::Damaged(why)) => Err(unmade(&why)),
    };
    if made.is_err() {
        // Why it could not be made says more than why it could not be removed either.
        drop(fs::remove_file(&aside));
    }
    made
}

/// The empty file aside, which nobody else can take. The store holds the server's keys, so nobody but its user may
/// read it.
fn take(aside: &Path) -> io::Result<File> {
    left_aside(aside)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.mode(0o600).open(aside)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(in_hand()),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // Whoever had it locked until now may have given it its name: then it is a store.
    let (opened, named) = (file.metadata()?, left_aside(aside)?.ok_or_else(in_hand)?);
    if (opened.dev(), opened.ino()) != (named.dev(), named.ino()) {
        return Err(in_hand());
    }
    file.set_len(0)?;
    Ok(file)
}

fn publish(aside: &Path, path: &Path) -> io::Result<()> {
    if !is_vacant(path)? {
        return Err(in_hand());
    }
    rename(aside, path)
}

fn in_hand() -> io::Error {
    io::Error::other("another process makes it")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;
    use std::sync::Arc;

    use symbolon::clock::SystemClock;
    use tempfile::TempDir;

    use super::super::{EmbeddedLocation, EmbeddedStore};
    use super::*;

    struct Bench {
        folder: TempDir,
        path: PathBuf,
        aside: PathBuf,
    }

    fn bench() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.redb");
        let aside = folder.path().join("a.redb.unfinished");
        Bench {
            folder,
            path,
            aside,
        }
    }

    impl Bench {
        fn open(&self) -> Result<EmbeddedStore, StoreError> {
            let location = EmbeddedLocation::File(self.path.clone());
            EmbeddedStore::open(&location, Arc::new(SystemClock))
        }

        fn refusal(&self) -> String {
            self.open().unwrap_err().to_string()
        }

        fn names(&self) -> usize {
            fs::read_dir(self.folder.path()).unwrap().count()
        }
    }

    #[test]
    fn a_store_that_could_not_be_filled_leaves_nothing() {
        let bench = bench();
        let full = |_| Err(StoreError::Unavailable("the disk is full".to_owned()));
        make(&bench.path, full).unwrap_err();
        assert_eq!(bench.names(), 0);
    }

    #[test]
    fn while_a_store_is_filled_nothing_has_its_name_and_nobody_else_makes_it() {
        let bench = bench();
        let made = make(&bench.path, |file| {
            assert!(!bench.path.exists());
            let text = bench.refusal();
            assert!(text.contains("another process makes it"), "{text}");
            drop(file);
            Err(StoreError::Unavailable("this was enough".to_owned()))
        });
        made.unwrap_err();
        drop(bench.open().unwrap());
        assert_eq!(bench.names(), 1);
    }

    #[test]
    fn what_a_start_that_was_cut_off_left_is_begun_anew() {
        let bench = bench();
        for rest in [vec![], vec![0; 4096], b"redb\x1A\n\xA9\r\n".to_vec()] {
            fs::write(&bench.aside, rest).unwrap();
            drop(bench.open().unwrap());
            assert_eq!(bench.names(), 1);
            fs::remove_file(&bench.path).unwrap();
        }
        // A file with nothing in it is nobody's.
        fs::write(&bench.path, "").unwrap();
        drop(bench.open().unwrap());
        drop(bench.open().unwrap());
    }

    #[test]
    fn what_came_meanwhile_under_the_name_of_the_store_stays() {
        let bench = bench();
        let made = make(&bench.path, |file| {
            fs::write(&bench.path, "from the backup").unwrap();
            let backend = redb::backends::FileBackend::new(file).unwrap();
            Ok(Database::builder().create_with_backend(backend).unwrap())
        });
        made.unwrap_err();
        assert_eq!(fs::read_to_string(&bench.path).unwrap(), "from the backup");
        assert_eq!(bench.names(), 1);
    }

    #[test]
    fn what_may_be_somebodys_is_neither_overwritten_nor_followed() {
        let bench = bench();
        let theirs = bench.folder.path().join("theirs");
        fs::write(&theirs, "theirs").unwrap();
        symlink(&theirs, &bench.aside).unwrap();
        let text = bench.refusal();
        assert!(text.contains("a.redb.unfinished is in the way"), "{text}");
        assert!(!bench.path.exists());
        symlink("nowhere", &bench.path).unwrap();
        let text = bench.refusal();
        assert!(text.contains("leads nowhere"), "{text}");
        fs::remove_file(&bench.path).unwrap();
        // What an older server left when its first start was cut off looks like this, and so may other things.
        fs::write(&bench.path, vec![0; 4096]).unwrap();
        let text = bench.refusal();
        assert!(text.contains("move the file away first"), "{text}");
        assert_eq!(fs::read(&bench.path).unwrap(), vec![0; 4096]);
        assert_eq!(fs::read_to_string(&theirs).unwrap(), "theirs");
    }
}
