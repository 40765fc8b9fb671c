//! Files that are made aside and get their name when all of them is on the disk: a kill or a full disk leaves nothing
//! half-made under a name that somebody opens.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// The name with something at its end.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Of the file itself, not of what it leads to; `None` when there is none.
pub(crate) fn metadata(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Who runs this program.
pub(crate) fn this_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// What an earlier try left aside, if it did. Something else of that name is in the way.
pub(crate) fn left_aside(aside: &Path) -> io::Result<Option<Metadata>> {
    match metadata(aside)? {
        Some(rest) if rest.is_file() && rest.uid() == this_user() => Ok(Some(rest)),
        Some(_) => Err(io::Error::other(format!(
            "{} is in the way",
            aside.display()
        ))),
        None => Ok(None),
    }
}

/// Gives it its name. The name is on the disk when its folder is.
pub(crate) fn rename(aside: &Path, path: &Path) -> io::Result<()> {
    fs::rename(aside, path)?;
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    };
    File::open(folder)?.sync_all()
}
