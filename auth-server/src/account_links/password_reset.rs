//! A link for a new password, to whoever has forgotten the one before.

use std::num::NonZeroU32;
use std::sync::Arc;

use symbolon::clock::Clock;

use super::sources::{LinkSources, NotSent, Reader, link_to};
use crate::audit::AuditEvent;
use crate::brakes::Meter;
use crate::outbox::ResetWanted;
use crate::pages::PasswordResetMail;
use crate::records::LinkPurpose;

/// How many of these mails an account gets in an hour, whoever asks from wherever.
const MAILS_PER_HOUR: NonZeroU32 = match NonZeroU32::new(3) {
    Some(count) => count,
    None => NonZeroU32::MIN,
};

/// Sends links for new passwords.
pub(super) struct PasswordResets {
    mails: Meter,
}

impl PasswordResets {
    /// Nobody was sent any yet.
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            mails: Meter::hourly(MAILS_PER_HOUR, clock),
        }
    }

    /// Sends the owner a link, if there is one who reads mails and has not been sent too many.
    pub(super) async fn send(&self, at: &LinkSources, wanted: &ResetWanted) -> Result<(), NotSent> {
        let Some(reader) = at.reader(&wanted.owner).await? else {
            return Ok(());
        };
        let name = reader.owner.name.clone();
        if self.mails.count(&name).is_err() {
            return Ok(());
        }
        // What did not arrive is none that somebody was sent.
        let sent = write(at, reader, wanted).await;
        sent.inspect_err(|_| self.mails.take_back(&name))?;
        at.audit.record(&AuditEvent::PasswordResetAsked {
            owner: &name,
            address: &wanted.address,
        });
        Ok(())
    }
}

async fn write(at: &LinkSources, to: Reader, wanted: &ResetWanted) -> Result<(), NotSent> {
    let Reader { owner, email } = to;
    let purpose = LinkPurpose::PasswordReset(at.as_it_is(&owner)?);
    let secret = at.keep_link(purpose, &email, at.reset_secs).await?;
    let link = link_to(&at.addresses.login_reset, &wanted.query, &secret);
    let mail = PasswordResetMail {
        owner: &owner.name,
        link: &link,
        life_secs: at.reset_secs,
    };
    at.send(email, wanted.language, |frame| mail.write(frame))
        .await
}
