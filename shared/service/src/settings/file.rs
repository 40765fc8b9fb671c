//! Files that settings are read from, and files that settings name.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use rustix::fs::{Mode, OFlags};

/// What a file of settings, or one that a setting names, holds.
///
/// Nobody is waited for: a pipe may never have a writer and a device no end, so what is no regular file is refused,
/// and what comes in the place of one while it is opened is not waited for either.
pub fn read_file(path: impl AsRef<Path>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path.as_ref())?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The same, of a file that holds text.
pub(super) fn read_text(path: impl AsRef<Path>) -> io::Result<String> {
    io::read_to_string(open(path.as_ref())?)
}

fn open(path: &Path) -> io::Result<File> {
    if !fs::metadata(path)?.is_file() {
        let text =
            "it is a folder, pipe, socket or device; accepted: a regular file, or a link to one";
        return Err(io::Error::other(text));
    }
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?.into())
}
