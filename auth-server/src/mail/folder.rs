//! Mails as files of a folder, for trying things out: nothing leaves the machine.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use tokio::task::spawn_blocking;

use super::{Mail, MailError, MailSender, Mailer};

/// A file that is made and removed to see whether that is possible.
const PROBE: &str = ".symbolon-tries-this-folder";

/// Puts each mail into a folder, as a file that mail programs open.
#[derive(Debug)]
pub struct MailFolder {
    sender: MailSender,
    folder: PathBuf,
}

impl MailFolder {
    /// Mails of this sender into this folder, which is made if it is not there. Who can read it can use the links in them, so
    /// nobody else than the server's user can.
    pub fn open(sender: MailSender, folder: PathBuf) -> io::Result<Self> {
        if !folder.is_dir() {
            make(&folder)?;
        }
        Self::try_out(&folder)?;
        Ok(Self { sender, folder })
    }

    /// Whether mails can be put there: into the folder, or, where it is to be made, into what is to hold it. Nothing stays.
    pub fn try_out(folder: &Path) -> io::Result<()> {
        let there = folder.ancestors().find(|it| it.exists());
        let probe = there.unwrap_or(Path::new(".")).join(PROBE);
        std::fs::write(&probe, b"")?;
        std::fs::remove_file(&probe)
    }
}

#[cfg(unix)]
fn make(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;

    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[async_trait]
impl Mailer for MailFolder {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = self.sender.readable(mail)?.formatted();
        let name = format!("{}-{}", mail.at.as_secs(), mail.id);
        let file = self.folder.join(name);
        let written = spawn_blocking(move || write(&file, &message)).await;
        let written = written.unwrap_or_else(|error| Err(io::Error::other(error)));
        written.map_err(|error| MailError(format!("the file cannot be written: {error}")))
    }
}

/// It has its name when it is whole.
fn write(file: &Path, message: &[u8]) -> io::Result<()> {
    let part = file.with_extension("part");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&part)?;
    let kept = written.write_all(message);
    let kept = kept.and_then(|()| std::fs::rename(&part, file.with_extension("eml")));
    if kept.is_err() {
        // A folder that is full would fill with what is no mail. That it cannot be removed is no worse than that.
        let _ = std::fs::remove_file(&part);
    }
    kept
}

#[cfg(test)]
mod tests {
    use symbolon::clock::Timestamp;

    use super::*;
    use crate::records::EmailAddress;

    #[test]
    fn a_folder_that_takes_nothing_is_known_before_there_is_a_mail() {
        let folder = tempfile::tempdir().unwrap();
        MailFolder::try_out(folder.path()).unwrap();
        MailFolder::try_out(&folder.path().join("to/be/made")).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let file = folder.path().join("a-file");
        std::fs::write(&file, b"").unwrap();
        MailFolder::try_out(&file).unwrap_err();
        MailFolder::try_out(&file.join("below")).unwrap_err();
    }

    #[tokio::test]
    async fn a_link_stands_in_a_file_as_it_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let address = |text| EmailAddress::parse(text).unwrap();
        let sender = MailSender {
            name: "Bank".to_owned(),
            address: address("no-reply@bank.example"),
        };
        let mailer = MailFolder::open(sender, folder.path().to_owned()).unwrap();
        let link = format!("https://bank.example/login/reset?link={}", "a".repeat(64));
        let mail = Mail {
            to: address("wang@example.org"),
            subject: "\u{60a8}\u{597d}".to_owned(),
            text: format!("\u{60a8}\u{597d}\n\n{link}\n"),
            id: "an-id".to_owned(),
            at: Timestamp::from_secs(784_111_777),
        };
        mailer.send(&mail).await.unwrap();
        let file = std::fs::read_to_string(folder.path().join("784111777-an-id.eml")).unwrap();
        assert!(file.lines().any(|line| line == link), "{file}");
    }

    #[test]
    fn a_mail_that_cannot_be_kept_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a-mail");
        // Nothing takes the place of a folder that is not empty.
        std::fs::create_dir_all(file.with_extension("eml").join("something")).unwrap();
        assert!(write(&file, b"Hello.").is_err());
        assert!(!file.with_extension("part").exists());
    }
}
