//! Mails that somebody is to be sent, and the queue that they wait in: whoever wants one sent goes on at once, and what sends
//! them works the queue off beside the requests. Nobody learns from how long an answer takes whether there was anybody to write to.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc::{OwnedPermit, Receiver, Sender, channel};

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
    /// A link for the first password of an account, for whoever is to have it.
    Invitation(InvitationWanted),
}

/// An administrator invites somebody.
#[derive(Clone, Debug)]
pub struct InvitationWanted {
    /// The account.
    pub owner: String,
    /// In which language the mail is.
    pub language: Language,
    /// Where the administrator is; empty where that is not known.
    pub address: String,
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
pub struct Outbox {
    waiting: Sender<MailWanted>,
    unsent: UnsentMails,
}

/// The end that is worked off: what is wanted and not sent yet.
#[derive(Debug)]
pub struct MailsWaiting {
    waiting: Receiver<MailWanted>,
    unsent: UnsentMails,
}

/// How many mails wait, with the one that is being sent.
#[derive(Clone, Debug, Default)]
pub struct UnsentMails(Arc<AtomicUsize>);

impl UnsentMails {
    /// So many.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    fn one_more(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn one_less(&self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Outbox {
    /// A queue.
    pub fn open() -> (Self, MailsWaiting) {
        let (sender, waiting) = channel(ROOM);
        let unsent = UnsentMails::default();
        let outbox = Self {
            waiting: sender,
            unsent: unsent.clone(),
        };
        (outbox, MailsWaiting { waiting, unsent })
    }

    /// A place for a mail, for whoever changes nothing where it cannot be sent.
    pub fn place(&self) -> Result<PlaceInOutbox, OutboxFull> {
        let place = self.waiting.clone().try_reserve_owned();
        let place = place.map_err(|_| OutboxFull)?;
        Ok(PlaceInOutbox {
            place,
            unsent: self.unsent.clone(),
        })
    }

    /// Takes a mail, and waits for nothing. What there is no room for is lost, and said in the log.
    pub fn put(&self, wanted: MailWanted) -> Result<(), OutboxFull> {
        // Before it can be sent: what is counted afterwards might be sent by then.
        self.unsent.one_more();
        self.waiting.try_send(wanted).map_err(|_| {
            self.unsent.one_less();
            tracing::warn!(event = "mail_queue_full");
            OutboxFull
        })
    }
}

/// A place in the queue that nobody else gets.
#[derive(Debug)]
pub struct PlaceInOutbox {
    place: OwnedPermit<MailWanted>,
    unsent: UnsentMails,
}

impl PlaceInOutbox {
    /// Takes a mail.
    pub fn put(self, wanted: MailWanted) {
        self.unsent.one_more();
        self.place.send(wanted);
    }
}

impl MailsWaiting {
    /// The next one, or `None` when nobody can want any more. It is unsent until it is [`done`](Self::done).
    pub async fn next(&mut self) -> Option<MailWanted> {
        self.waiting.recv().await
    }

    /// One that was taken is sent, or never will be.
    pub fn done(&self) {
        self.unsent.one_less();
    }

    /// Nobody can want any more. What waits already is there still.
    pub fn close(&mut self) {
        self.waiting.close();
    }

    /// How many there are.
    pub fn unsent(&self) -> UnsentMails {
        self.unsent.clone()
    }
}
