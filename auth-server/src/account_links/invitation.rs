//! A link for the first password of an account, to whoever is to have it.

use std::num::NonZeroU32;
use std::sync::Arc;

use symbolon::clock::Clock;

use super::sources::{LinkSources, NotSent, Reader, link_to};
use crate::audit::AuditEvent;
use crate::brakes::Meter;
use crate::outbox::InvitationWanted;
use crate::pages::{InvitationMail, Language};
use crate::records::LinkPurpose;

/// How many of these mails an account gets in an hour, whoever administers.
const MAILS_PER_HOUR: NonZeroU32 = match NonZeroU32::new(10) {
    Some(count) => count,
    None => NonZeroU32::MIN,
};

/// Sends invitations.
pub(super) struct Invitations {
    mails: Meter,
}

/// How an invitation is written.
pub(super) struct Letter<'a> {
    pub(super) language: Language,
    /// The request that waits for a sign-in, as the address of the link names it; empty where none does.
    pub(super) query: &'a str,
    pub(super) life_secs: u64,
}

impl Invitations {
    /// Nobody was invited yet.
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            mails: Meter::hourly(MAILS_PER_HOUR, clock),
        }
    }

    /// Invites whoever is to have an account, if nobody has chosen its password meanwhile.
    pub(super) async fn send(
        &self,
        at: &LinkSources,
        wanted: &InvitationWanted,
    ) -> Result<(), NotSent> {
        let reader = at.reader(&wanted.owner).await?;
        let Some(reader) = reader.filter(|reader| reader.is_invited) else {
            return Ok(());
        };
        let owner = wanted.owner.as_str();
        self.mails.count(&owner).map_err(|_| NotSent::TooMany)?;
        let letter = Letter {
            language: wanted.language,
            query: "",
            life_secs: at.invitation_secs,
        };
        let sent = invite(at, reader, &letter).await;
        sent.inspect_err(|_| self.mails.take_back(&owner))?;
        let address = wanted.address.as_str();
        at.audit
            .record(&AuditEvent::InvitationSent { owner, address });
        Ok(())
    }
}

/// Sends a link for the first password.
pub(super) async fn invite(
    at: &LinkSources,
    to: Reader,
    letter: &Letter<'_>,
) -> Result<(), NotSent> {
    let Reader { owner, email, .. } = to;
    let purpose = LinkPurpose::Invitation(at.as_it_is(&owner)?);
    let secret = at.keep_link(purpose, &email, letter.life_secs).await?;
    let link = link_to(&at.addresses.login_reset, letter.query, &secret);
    let mail = InvitationMail {
        owner: &owner.name,
        link: &link,
        life_secs: letter.life_secs,
    };
    at.send(email, letter.language, |frame| mail.write(frame))
        .await
}
