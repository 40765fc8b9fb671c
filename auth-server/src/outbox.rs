//! Mails that somebody is to be sent, and the queue that they wait in: whoever wants one sent goes on at once, and what sends
//! them works the queue off beside the requests. Nobody learns from how long an answer takes whether there was anybody to write to.

use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::pages::{Language, ResetReason};
use crate::records::EmailAddress;

/// How many mails may wait.
const ROOM: usize = 256;

/// A mail that somebody is to be sent: one variant for each kind.
#[derive(Clone, Debug)]
pub enum MailWanted {
    /// A link for a new password, for whoever has forgotten the one before.
    PasswordReset(ResetWanted),
    /// A link for an account, for whoever wants one.
    SignUp(SignUpWanted),
}

/// Somebody wants a link for a new password.
#[derive(Clone, Debug)]
pub struct ResetWanted {
    /// Why.
    pub reason: ResetReason,
    /// What was typed: the name of an account, or the address of some, or not.
    pub owner: String,
    /// In which language the mail is.
    pub language: Language,
    /// The request that waits for a sign-in, as the address of the link names it; empty where none does.
    pub query: String,
    /// Where who asks is.
    pub address: String,
}

/// Somebody wants an account.
#[derive(Clone, Debug)]
pub struct SignUpWanted {
    /// Where they say that they read mails.
    pub email: EmailAddress,
    /// In which language the mail is.
    pub language: Language,
    /// The request that waits for a sign-in, as the address of the link names it; empty where none does.
    pub query: String,
    /// Where who asks is.
    pub address: String,
}

/// There is no room for one more mail now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many mails wait to be sent")]
pub struct OutboxFull;

/// The end of the queue that takes mails. One for all workers.
#[derive(Clone, Debug)]
pub struct Outbox(Sender<MailWanted>);

/// The end that is worked off: what is wanted and not sent yet.
#[derive(Debug)]
pub struct MailsWaiting(Receiver<MailWanted>);

impl Outbox {
    /// A queue.
    pub fn open() -> (Self, MailsWaiting) {
        let (sender, waiting) = channel(ROOM);
        (Self(sender), MailsWaiting(waiting))
    }

    /// Takes a mail, and waits for nothing. What there is no room for is lost, and said in the log.
    pub fn put(&self, wanted: MailWanted) -> Result<(), OutboxFull> {
        self.0.try_send(wanted).map_err(|_| {
            tracing::warn!(event = "mail_queue_full");
            OutboxFull
        })
    }
}

impl MailsWaiting {
    /// The next one, or `None` when nobody can want any more.
    pub async fn next(&mut self) -> Option<MailWanted> {
        self.0.recv().await
    }
}
