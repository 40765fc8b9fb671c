//! A link for a new password, to whoever has forgotten the one before.

use std::num::NonZeroU32;
use std::sync::Arc;

use symbolon::clock::Clock;

use super::invitation::{Letter, invite};
use super::sources::{LinkSources, NotSent, Reader, link_to};
use crate::audit::AuditEvent;
use crate::brakes::Meter;
use crate::outbox::ResetWanted;
use crate::pages::{AccountInMail, PasswordResetMail};
use crate::records::{EmailAddress, LinkPurpose};

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

    /// Sends a link for each account that is meant, if its owner reads mails and has not been sent too many: one mail to each
    /// address.
    pub(super) async fn send(&self, at: &LinkSources, wanted: &ResetWanted) -> Result<(), NotSent> {
        let readers = at.readers(&wanted.owner).await?;
        self.send_to(at, readers, wanted).await
    }

    /// The same for these accounts.
    pub(super) async fn send_to(
        &self,
        at: &LinkSources,
        readers: Vec<Reader>,
        wanted: &ResetWanted,
    ) -> Result<(), NotSent> {
        let is_invited = |reader: &Reader| reader.is_invited;
        let (invited, others): (Vec<_>, Vec<_>) = readers.into_iter().partition(is_invited);
        for letter in letters(others) {
            self.send_letter(at, letter, wanted).await?;
        }
        for reader in invited {
            self.invite_again(at, reader, wanted).await?;
        }
        Ok(())
    }

    /// Whoever never had a password cannot have forgotten it, and is invited once more: for as long as a link of this kind is good,
    /// whenever the administrator's own is over.
    async fn invite_again(
        &self,
        at: &LinkSources,
        reader: Reader,
        wanted: &ResetWanted,
    ) -> Result<(), NotSent> {
        let name = reader.owner.name.clone();
        if self.mails.count(&name).is_err() {
            return Ok(());
        }
        let letter = Letter {
            language: wanted.language,
            query: &wanted.query,
            life_secs: at.reset_secs,
        };
        let sent = invite(at, reader, &letter).await;
        sent.inspect_err(|_| self.mails.take_back(&name))?;
        at.audit.record(&AuditEvent::InvitationSent {
            owner: &name,
            address: &wanted.address,
        });
        Ok(())
    }

    async fn send_letter(
        &self,
        at: &LinkSources,
        mut letter: Vec<Reader>,
        wanted: &ResetWanted,
    ) -> Result<(), NotSent> {
        letter.retain(|reader| self.mails.count(&reader.owner.name).is_ok());
        let names = letter.iter().map(|reader| reader.owner.name.as_str());
        // What did not arrive is none that somebody was sent.
        write(at, &letter, wanted).await.inspect_err(|_| {
            names.clone().for_each(|name| self.mails.take_back(&name));
        })?;
        for owner in names {
            at.audit.record(&AuditEvent::PasswordResetAsked {
                owner,
                address: &wanted.address,
            });
        }
        Ok(())
    }
}

/// Accounts by where their owners read mails, to the letter: there are hosts where letters of another size are somebody else's.
fn letters(readers: Vec<Reader>) -> Vec<Vec<Reader>> {
    let mut letters: Vec<Vec<Reader>> = Vec::new();
    for reader in readers {
        let to_same = |letter: &&mut Vec<Reader>| {
            let first = letter.first();
            first.is_some_and(|first| first.email == reader.email)
        };
        match letters.iter_mut().find(to_same) {
            Some(letter) => letter.push(reader),
            None => letters.push(vec![reader]),
        }
    }
    letters
}

/// Nothing where there is no account.
async fn write(at: &LinkSources, to: &[Reader], wanted: &ResetWanted) -> Result<(), NotSent> {
    let Some(Reader { email, .. }) = to.first() else {
        return Ok(());
    };
    let mut accounts = Vec::with_capacity(to.len());
    for reader in to {
        accounts.push(AccountInMail {
            owner: reader.owner.name.clone(),
            link: link_for(at, reader, email, &wanted.query).await?,
        });
    }
    let mail = PasswordResetMail {
        reason: wanted.reason,
        accounts: &accounts,
        life_secs: at.reset_secs,
    };
    at.send(email.clone(), wanted.language, |frame| mail.write(frame))
        .await
}

async fn link_for(
    at: &LinkSources,
    reader: &Reader,
    email: &EmailAddress,
    query: &str,
) -> Result<String, NotSent> {
    let purpose = LinkPurpose::PasswordReset(at.as_it_is(&reader.owner)?);
    let secret = at.keep_link(purpose, email, at.reset_secs).await?;
    Ok(link_to(&at.addresses.login_reset, query, &secret))
}
