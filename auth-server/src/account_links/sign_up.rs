//! A link for an account, to whoever wants one; and to whoever has one already links for new passwords.

use std::num::NonZeroU32;
use std::sync::Arc;

use symbolon::clock::Clock;

use super::password_reset::PasswordResets;
use super::sources::{LinkSources, NotSent, link_to};
use crate::brakes::Meter;
use crate::outbox::{ResetWanted, SignUpWanted};
use crate::pages::{ResetReason, SignUpMail};

/// How many of these mails go to an address in an hour, whoever asks from wherever.
const MAILS_PER_HOUR: NonZeroU32 = match NonZeroU32::new(3) {
    Some(count) => count,
    None => NonZeroU32::MIN,
};

/// Sends links for new accounts.
pub(super) struct SignUpMails {
    mails: Meter,
}

impl SignUpMails {
    /// Nobody was sent any yet.
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            mails: Meter::hourly(MAILS_PER_HOUR, clock),
        }
    }

    /// Sends the address a link for an account, or says that it has one.
    pub(super) async fn send(
        &self,
        at: &LinkSources,
        resets: &PasswordResets,
        wanted: &SignUpWanted,
    ) -> Result<(), NotSent> {
        let there = at.names_at(&wanted.email).await?;
        if !there.is_empty() {
            let readers = at.readers_of(&there).await?;
            return resets.send_to(at, readers, &known(wanted)).await;
        }
        let address = wanted.email.folded();
        if self.mails.count(&address).is_err() {
            return Ok(());
        }
        // What did not arrive is none that somebody was sent.
        let sent = write(at, wanted).await;
        sent.inspect_err(|_| self.mails.take_back(&address))
    }
}

fn known(wanted: &SignUpWanted) -> ResetWanted {
    ResetWanted {
        reason: ResetReason::SignUp,
        owner: String::new(),
        language: wanted.language,
        query: wanted.query.clone(),
        address: wanted.address.clone(),
    }
}

async fn write(at: &LinkSources, wanted: &SignUpWanted) -> Result<(), NotSent> {
    let secret = at.keep_sign_up(&wanted.email).await?;
    let mail = SignUpMail {
        link: &link_to(&at.addresses.login_sign_up_finish, &wanted.query, &secret),
        life_secs: at.sign_up_secs,
    };
    at.send(wanted.email.clone(), wanted.language, |frame| {
        mail.write(frame)
    })
    .await
}
