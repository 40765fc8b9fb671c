//! From the queue into mailboxes, one after the other.

use std::sync::Arc;

use super::password_reset::PasswordResets;
use super::sign_up::SignUpMails;
use super::sources::{LinkSources, NotSent};
use crate::outbox::{MailWanted, MailsWaiting};

/// Sends mails: what each kind of them is, a file of its own says.
pub struct LinkWriter {
    sources: LinkSources,
    password_resets: PasswordResets,
    sign_ups: SignUpMails,
}

impl LinkWriter {
    /// Makes links of this.
    pub fn new(sources: LinkSources) -> Self {
        let clock = || Arc::clone(&sources.clock);
        Self {
            password_resets: PasswordResets::new(clock()),
            sign_ups: SignUpMails::new(clock()),
            sources,
        }
    }

    /// Goes on until nobody can want any more.
    pub async fn run(self, mut waiting: MailsWaiting) {
        while let Some(wanted) = waiting.next().await {
            if let Err(error) = self.answer(&wanted).await {
                tracing::warn!(event = "mail_not_sent", %error);
            }
        }
    }

    async fn answer(&self, wanted: &MailWanted) -> Result<(), NotSent> {
        let at = &self.sources;
        match wanted {
            MailWanted::PasswordReset(wanted) => self.password_resets.send(at, wanted).await,
            MailWanted::SignUp(wanted) => {
                self.sign_ups.send(at, &self.password_resets, wanted).await
            }
        }
    }
}
