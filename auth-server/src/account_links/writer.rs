//! From the queue into mailboxes, one after the other.

use std::sync::Arc;

use tokio::sync::Notify;

use super::invitation::Invitations;
use super::password_reset::PasswordResets;
use super::sign_up::SignUpMails;
use super::sources::{LinkSources, NotSent};
use crate::outbox::{MailWanted, MailsWaiting};

/// Sends mails: what each kind of them is, a file of its own says.
pub struct LinkWriter {
    sources: LinkSources,
    password_resets: PasswordResets,
    sign_ups: SignUpMails,
    invitations: Invitations,
}

impl LinkWriter {
    /// Makes links of this.
    pub fn new(sources: LinkSources) -> Self {
        let clock = || Arc::clone(&sources.clock);
        Self {
            password_resets: PasswordResets::new(clock()),
            sign_ups: SignUpMails::new(clock()),
            invitations: Invitations::new(clock()),
            sources,
        }
    }

    /// Goes on until nobody can want any more. Whoever is told to stop sends what waits already.
    pub async fn run(self, mut waiting: MailsWaiting, stop: Arc<Notify>) {
        let mut is_stopped = false;
        loop {
            let wanted = tokio::select! {
                biased;
                () = stop.notified(), if !is_stopped => {
                    is_stopped = true;
                    waiting.close();
                    continue;
                }
                wanted = waiting.next() => wanted,
            };
            let Some(wanted) = wanted else {
                return;
            };
            if let Err(error) = self.answer(&wanted).await {
                tracing::warn!(event = "mail_not_sent", %error);
            }
            waiting.done();
        }
    }

    async fn answer(&self, wanted: &MailWanted) -> Result<(), NotSent> {
        let at = &self.sources;
        match wanted {
            MailWanted::PasswordReset(wanted) => self.password_resets.send(at, wanted).await,
            MailWanted::SignUp(wanted) => {
                self.sign_ups.send(at, &self.password_resets, wanted).await
            }
            MailWanted::Invitation(wanted) => self.invitations.send(at, wanted).await,
        }
    }
}
