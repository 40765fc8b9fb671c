//! `PATH.secret`: what seals the keys in an embedded store, in a file beside the store's.
//!
//! Whoever can guess it signs tokens with a copy of the store, so a file that may hold no secret is refused with its
//! name: one that a full disk or a kill left empty or cut off, one that others may read, one that leads elsewhere.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use symbolon::random::Random;
use symbolon::secret::Secret;
use zeroize::Zeroizing;

use crate::files_aside::{self, metadata, this_user, with_suffix};

/// Characters of a secret that is whole: 256 random bits in base64url.
const LENGTH: usize = 43;
/// Bytes of the longest file that is read.
const LONGEST: u64 = 4096;
/// Who may do what, in a file's mode: nobody but its user anything.
const OTHERS: u32 = 0o077;

/// Why the file is not used. The texts hold nothing of what is in it.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {why}", file = path.display())]
pub struct SecretFileError {
    path: PathBuf,
    why: Refusal,
}

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("it cannot be read: {0}")]
    Unreadable(io::Error),
    #[error("it cannot be written: {0}")]
    Unwritable(io::Error),
    #[error("it is a link; accepted: the file itself")]
    Link,
    #[error("it is no file")]
    NoFile,
    #[error("it belongs to user {owner}, and this program runs as user {user}")]
    OtherUser { owner: u32, user: u32 },
    #[error("others may read or write it (mode {mode:04o}); accepted: `chmod 600`")]
    OpenToOthers { mode: u32 },
    #[error(
        "it holds no whole secret ({found} of at least {LENGTH} characters): put it back from a backup; where there \
         is none see \"A lost store or secret\" in docs/operations.md"
    )]
    Cut { found: usize },
    #[error(
        "it is gone, and the keys in the store are sealed under the secret in it: put it back from a backup; where \
         there is none see \"A lost store or secret\" in docs/operations.md"
    )]
    Lost,
}

/// The file beside a store's.
pub(super) struct SecretFile {
    path: PathBuf,
}

impl SecretFile {
    /// The one beside this store's file.
    pub(super) fn beside(store: &Path) -> Self {
        Self {
            path: with_suffix(store, ".secret"),
        }
    }

    /// Its name.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The secret in it; `None` when there is no file.
    pub(super) fn read(&self) -> Result<Option<Secret>, SecretFileError> {
        let Some(found) = metadata(&self.path).map_err(|error| self.unreadable(error))? else {
            return Ok(None);
        };
        self.check(&found)?;
        let bytes = self.bytes(&found)?;
        let secret = bytes.trim_ascii();
        let is_text = secret.iter().all(u8::is_ascii_graphic);
        if secret.len() < LENGTH || !is_text {
            let found = if is_text { secret.len() } else { 0 };
            return Err(self.refused(Refusal::Cut { found }));
        }
        let secret = str::from_utf8(secret).unwrap_or_default();
        Ok(Some(Secret::new(secret)))
    }

    /// Makes it. Until the whole secret is on the disk nothing stands under its name.
    pub(super) fn make(&self, random: &dyn Random) -> Result<Secret, SecretFileError> {
        let secret = Secret::new(random.text::<32>());
        let aside = with_suffix(&self.path, ".new");
        let made = remove_rest(&aside).and_then(|()| {
            write_aside(&aside, &secret)?;
            files_aside::rename(&aside, &self.path)
        });
        match made {
            Ok(()) => Ok(secret),
            Err(error) => Err(self.refused(Refusal::Unwritable(error))),
        }
    }

    /// That the file is gone though there are keys which only it opens.
    pub(super) fn lost(&self) -> SecretFileError {
        self.refused(Refusal::Lost)
    }

    fn check(&self, found: &Metadata) -> Result<(), SecretFileError> {
        let (owner, user) = (found.uid(), this_user());
        let mode = found.mode() & 0o7777;
        let why = if found.is_symlink() {
            Refusal::Link
        } else if !found.is_file() {
            Refusal::NoFile
        } else if owner != user {
            Refusal::OtherUser { owner, user }
        } else if mode & OTHERS != 0 {
            Refusal::OpenToOthers { mode }
        } else {
            return Ok(());
        };
        Err(self.refused(why))
    }

    /// What is in the file that was checked, and in no other that came in its place.
    fn bytes(&self, checked: &Metadata) -> Result<Zeroizing<Vec<u8>>, SecretFileError> {
        let unreadable = |error| self.unreadable(error);
        let file = File::open(&self.path).map_err(unreadable)?;
        let opened = file.metadata().map_err(unreadable)?;
        if (opened.dev(), opened.ino()) != (checked.dev(), checked.ino()) {
            let text = "it was replaced while it was read";
            return Err(unreadable(io::Error::other(text)));
        }
        let mut bytes = Zeroizing::new(Vec::new());
        file.take(LONGEST)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        Ok(bytes)
    }

    fn unreadable(&self, error: io::Error) -> SecretFileError {
        self.refused(Refusal::Unreadable(error))
    }

    fn refused(&self, why: Refusal) -> SecretFileError {
        let path = self.path.clone();
        SecretFileError { path, why }
    }
}

/// What an earlier try left behind.
fn remove_rest(aside: &Path) -> io::Result<()> {
    match files_aside::left_aside(aside)? {
        Some(_) => fs::remove_file(aside),
        None => Ok(()),
    }
}

/// Whether another user owns this file: then this program is not the server that uses it.
pub(super) fn is_of_another_user(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.uid() != this_user())
}

fn write_aside(aside: &Path, secret: &Secret) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(aside)?;
    let written = file
        .write_all(secret.expose().as_bytes())
        .and_then(|()| file.sync_all());
    if written.is_err() {
        // Why it could not be written says more than why it could not be removed either.
        drop(fs::remove_file(aside));
    }
    written
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use symbolon::random::SystemRandom;
    use tempfile::TempDir;

    use super::*;

    struct Bench {
        folder: TempDir,
        file: SecretFile,
    }

    fn bench() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let file = SecretFile::beside(&folder.path().join("store.redb"));
        Bench { folder, file }
    }

    impl Bench {
        fn holding(self, content: &[u8], mode: u32) -> Self {
            fs::write(self.file.path(), content).unwrap();
            fs::set_permissions(self.file.path(), fs::Permissions::from_mode(mode)).unwrap();
            self
        }

        /// Why the file is refused: with its name, and with nothing of what it holds.
        fn refusal(&self) -> String {
            let text = self.file.read().unwrap_err().to_string();
            let name = self.file.path().display().to_string();
            assert!(text.starts_with(&name), "{text}");
            text
        }
    }

    #[test]
    fn the_secret_that_was_made_is_read_again_and_nobody_else_may_read_it() {
        let Bench { folder, file } = bench();
        assert!(file.read().unwrap().is_none());
        let secret = file.make(&SystemRandom).unwrap();
        assert_eq!(file.read().unwrap().unwrap().expose(), secret.expose());
        let mode = fs::metadata(file.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600);
        let names = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(names, 1, "something was left beside it");
    }

    #[test]
    fn a_file_without_a_whole_secret_is_refused() {
        let almost = "a".repeat(LENGTH - 1);
        let zeros = vec![0; LENGTH];
        let noise = vec![0xff; LENGTH];
        let blank = " \n".repeat(LENGTH);
        let contents: [&[u8]; 7] = [
            b"",
            b"x",
            b"\n",
            almost.as_bytes(),
            &zeros,
            &noise,
            blank.as_bytes(),
        ];
        for content in contents {
            let text = bench().holding(content, 0o600).refusal();
            assert!(text.contains("no whole secret"), "{text}");
        }
    }

    #[test]
    fn a_file_that_others_may_read_or_write_is_refused() {
        let secret = "a".repeat(LENGTH);
        for mode in [0o666, 0o644, 0o640, 0o620, 0o606, 0o601] {
            let text = bench().holding(secret.as_bytes(), mode).refusal();
            assert!(text.contains(&format!("mode {mode:04o}")), "{text}");
            assert!(!text.contains(&secret), "{text}");
        }
        let kept = bench().holding(secret.as_bytes(), 0o400);
        assert!(kept.file.read().unwrap().is_some());
    }

    #[test]
    fn a_link_a_folder_and_a_pipe_are_refused() {
        let linked = bench();
        let elsewhere = linked.folder.path().join("elsewhere");
        fs::write(&elsewhere, "a".repeat(LENGTH)).unwrap();
        symlink(&elsewhere, linked.file.path()).unwrap();
        assert!(linked.refusal().contains("is a link"));
        let dangling = bench();
        symlink("nowhere", dangling.file.path()).unwrap();
        assert!(dangling.refusal().contains("is a link"));
        let folder = bench();
        fs::create_dir(folder.file.path()).unwrap();
        assert!(folder.refusal().contains("is no file"));
        let pipe = bench();
        let mut mkfifo = std::process::Command::new("mkfifo");
        let made = mkfifo.arg(pipe.file.path()).status();
        assert!(made.unwrap().success());
        assert!(pipe.refusal().contains("is no file"));
    }

    #[test]
    fn what_an_earlier_try_left_is_no_hindrance_and_what_is_not_ours_stays() {
        let Bench { folder, file } = bench();
        let aside = with_suffix(file.path(), ".new");
        fs::write(&aside, "half a sec").unwrap();
        file.make(&SystemRandom).unwrap();
        assert!(!aside.exists());

        fs::remove_file(file.path()).unwrap();
        let theirs = folder.path().join("theirs");
        fs::write(&theirs, "theirs").unwrap();
        symlink(&theirs, &aside).unwrap();
        let text = file.make(&SystemRandom).unwrap_err().to_string();
        assert!(text.contains("is in the way"), "{text}");
        assert!(!file.path().exists());
        assert_eq!(fs::read_to_string(&theirs).unwrap(), "theirs");
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told_with_the_name() {
        let file = SecretFile::beside(Path::new("/proc/no such folder/store.redb"));
        let text = file.make(&SystemRandom).unwrap_err().to_string();
        assert!(text.starts_with("/proc/no such folder/store.redb.secret: it cannot be written"));
    }
}
