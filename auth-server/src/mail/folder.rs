//! Mails as files of a folder, for trying things out: nothing leaves the machine.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use tokio::task::spawn_blocking;

use super::{Mail, MailError, MailSender, Mailer};

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
        Ok(Self { sender, folder })
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
        let message = self.sender.message(mail)?.formatted();
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
    options.open(&part)?.write_all(message)?;
    std::fs::rename(&part, file.with_extension("eml"))
}
