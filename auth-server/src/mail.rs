//! Mails: one at a time, to one person, in plain text. What sends them by SMTP or puts them into a folder is built with the
//! feature `mail`; who wants to send something knows no more than this.

use async_trait::async_trait;
use symbolon::clock::Timestamp;

use crate::records::EmailAddress;

#[cfg(feature = "mail")]
mod folder;
#[cfg(feature = "mail")]
mod message;
#[cfg(feature = "mail")]
mod smtp;

#[cfg(feature = "mail")]
pub use folder::MailFolder;
#[cfg(feature = "mail")]
pub use message::MailSender;
#[cfg(feature = "mail")]
pub use smtp::{SmtpMailer, SmtpSettings, SmtpTls};

/// A mail. Its text may hold a link that is a secret, so it is printed nowhere.
pub struct Mail {
    /// Who reads it.
    pub to: EmailAddress,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// A text that no other mail has, for its `Message-ID`.
    pub id: String,
    /// When it is sent.
    pub at: Timestamp,
}

/// Why a mail is not sent. Neither who should have read it nor what it says is in it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct MailError(pub String);

/// Sends mails.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one. It is not tried again: whoever asked for it asks once more.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}
