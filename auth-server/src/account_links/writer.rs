//! From the queue into mailboxes, one after the other.

use std::num::NonZeroU32;
use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon::random::Random;
use symbolon::secret::Secret;

use super::wanted::{LinkWanted, LinksWaiting};
use crate::addresses::Addresses;
use crate::audit::{Audit, AuditEvent};
use crate::brakes::Meter;
use crate::keys::KeyRing;
use crate::mail::{Mail, MailError, Mailer};
use crate::pages::{Brand, Frame, PasswordResetMail};
use crate::records::{EmailAddress, GrantId, LinkPurpose, OneTimeLink};
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::password_change::PasswordChanges;
use crate::resource_owners::registry::Owners;
use crate::stores::{OneTimeLinkStore, StoreError};

/// How many mails an account gets in an hour, whoever asks from wherever.
const MAILS_PER_HOUR: NonZeroU32 = match NonZeroU32::new(3) {
    Some(count) => count,
    None => NonZeroU32::MIN,
};

/// What links are made of, and how they are sent.
pub struct LinkSources {
    /// All accounts.
    pub owners: Owners,
    /// Knows those that are kept here, and where their owners read mails.
    pub password_changes: PasswordChanges,
    /// Where links are kept.
    pub store: Arc<dyn OneTimeLinkStore>,
    /// Make the secrets of links.
    pub keys: Arc<KeyRing>,
    /// Sends mails.
    pub mailer: Arc<dyn Mailer>,
    /// Where links lead.
    pub addresses: Arc<Addresses>,
    /// Who writes.
    pub brand: Arc<Brand>,
    /// How long a link for a new password is good, in seconds.
    pub reset_secs: u64,
    /// Takes audit events.
    pub audit: Arc<Audit>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

/// Sends links.
pub struct LinkWriter {
    sources: LinkSources,
    mails: Meter,
}

/// Why a link was not sent.
#[derive(Debug, thiserror::Error)]
enum LinkError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error("there is no key to make a link with")]
    NoKey,
}

impl LinkWriter {
    /// Makes links of this.
    pub fn new(sources: LinkSources) -> Self {
        let mails = Meter::hourly(MAILS_PER_HOUR, Arc::clone(&sources.clock));
        Self { sources, mails }
    }

    /// Goes on until nobody can ask any more.
    pub async fn run(self, mut waiting: LinksWaiting) {
        while let Some(wanted) = waiting.0.recv().await {
            if let Err(error) = self.answer(&wanted).await {
                tracing::warn!(event = "mail_not_sent", %error);
            }
        }
    }

    /// Sends the owner a link, if there is one who reads mails and has not been sent too many.
    async fn answer(&self, wanted: &LinkWanted) -> Result<(), LinkError> {
        let at = &self.sources;
        let owner = at.owners.find_at_equal_cost(&wanted.owner).await?;
        let Some(owner) = owner.filter(|owner| !owner.disabled) else {
            return Ok(());
        };
        let kept = at.password_changes.kept(&owner).await?;
        let Some(email) = kept.and_then(|kept| kept.email) else {
            return Ok(());
        };
        if self.mails.count(&owner.name).is_err() {
            return Ok(());
        }
        let sent = self.send(&owner, email, wanted).await;
        // What did not arrive is none that somebody was sent.
        sent.inspect_err(|_| self.mails.take_back(&owner.name))?;
        at.audit.record(&AuditEvent::PasswordResetAsked {
            owner: &owner.name,
            address: &wanted.address,
        });
        Ok(())
    }

    async fn send(
        &self,
        owner: &ResourceOwner,
        email: EmailAddress,
        wanted: &LinkWanted,
    ) -> Result<(), LinkError> {
        let secret = self.keep_link(owner, &email).await?;
        let mail = self.mail(owner, email, wanted, &secret);
        Ok(self.sources.mailer.send(&mail).await?)
    }

    async fn keep_link(
        &self,
        owner: &ResourceOwner,
        email: &EmailAddress,
    ) -> Result<Secret, LinkError> {
        let at = &self.sources;
        let ring = at.keys.current();
        let random = at.random.as_ref();
        let id = ring.handles.mint(GrantId::mint(random), random);
        let secret = ring.handles.write(&id).ok_or(LinkError::NoKey)?;
        let mark = owner.mark(|hash| ring.password_mark(hash));
        let link = OneTimeLink {
            purpose: LinkPurpose::PasswordReset,
            owner: owner.name.clone(),
            password_mark: mark.ok_or(LinkError::NoKey)?,
            email: email.clone(),
            expires_at: at.clock.now().plus_secs(at.reset_secs),
        };
        at.store.store_link(&id, &link).await?;
        Ok(secret)
    }

    /// The link leads where the settings say that this server is, whatever a request said.
    fn mail(
        &self,
        owner: &ResourceOwner,
        to: EmailAddress,
        wanted: &LinkWanted,
        secret: &Secret,
    ) -> Mail {
        let at = &self.sources;
        let mut link = at.addresses.login_reset.url.clone();
        let separator = if wanted.query.is_empty() { "" } else { "&" };
        let query = format!("{}{separator}link={}", wanted.query, secret.expose());
        link.set_query(Some(&query));
        let written = PasswordResetMail {
            owner: &owner.name,
            link: link.as_str(),
            life_secs: at.reset_secs,
        };
        let frame = Frame::new(wanted.language, &at.addresses, &at.brand);
        let (subject, text) = written.write(&frame);
        Mail {
            to,
            subject,
            text,
            id: at.random.text::<15>(),
            at: at.clock.now(),
        }
    }
}
