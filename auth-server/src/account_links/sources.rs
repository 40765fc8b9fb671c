//! What every mail is made of: to whom it goes, the link in it, and how it leaves.

use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon::random::Random;
use symbolon::secret::Secret;

use crate::addresses::{Addresses, Endpoint};
use crate::audit::Audit;
use crate::keys::KeyRing;
use crate::mail::{Mail, MailError, Mailer};
use crate::pages::{Brand, Frame, Language};
use crate::records::{
    AccountAsItWas, EmailAddress, GrantId, LinkId, LinkPurpose, OneTimeLink, SignUp,
};
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::password_change::PasswordChanges;
use crate::resource_owners::registry::Owners;
use crate::stores::{OneTimeLinkStore, SignUpStore, StoreError};

/// Accounts of one address that one mail is about at most.
const ACCOUNTS: usize = 8;

/// What links are made of, and how they are sent.
pub struct LinkSources {
    /// All accounts.
    pub owners: Owners,
    /// Knows those that are kept here, and where their owners read mails.
    pub password_changes: PasswordChanges,
    /// Where links are kept.
    pub store: Arc<dyn OneTimeLinkStore>,
    /// Where those for new accounts are.
    pub sign_ups: Arc<dyn SignUpStore>,
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
    /// How long one for a new account is, in seconds.
    pub sign_up_secs: u64,
    /// How long an invitation is good, in seconds.
    pub invitation_secs: u64,
    /// Takes audit events.
    pub audit: Arc<Audit>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotSent {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error("there is no key to make a link with")]
    NoKey,
    #[error("an account has been sent too many of these")]
    TooMany,
}

/// An account whose owner reads mails.
pub(super) struct Reader {
    pub(super) owner: Arc<ResourceOwner>,
    pub(super) email: EmailAddress,
    /// Whether this is somebody who was invited and has not chosen a password yet.
    pub(super) is_invited: bool,
}

impl LinkSources {
    /// The account of this name, if it is kept here, is not locked and has an address.
    pub(super) async fn reader(&self, name: &str) -> Result<Option<Reader>, StoreError> {
        let owner = self.owners.find_at_equal_cost(name).await?;
        let Some(owner) = owner.filter(|owner| !owner.disabled) else {
            return Ok(None);
        };
        let kept = self.password_changes.kept(&owner).await?;
        Ok(kept.and_then(|kept| {
            Some(Reader {
                owner,
                email: kept.email?,
                is_invited: kept.invited,
            })
        }))
    }

    /// The accounts that somebody means who types this: the one of that name first, then those whose owners read mails at that
    /// address. Of an address that many share these are the first few.
    pub(super) async fn readers(&self, typed: &str) -> Result<Vec<Reader>, StoreError> {
        let mut found: Vec<Reader> = self.reader(typed).await?.into_iter().collect();
        let Some(email) = EmailAddress::parse(typed) else {
            return Ok(found);
        };
        let mut there = self.names_at(&email).await?;
        there.retain(|name| name != typed);
        found.extend(self.readers_of(&there).await?);
        Ok(found)
    }

    /// The accounts whose owners read mails there, the first few.
    pub(super) async fn names_at(&self, email: &EmailAddress) -> Result<Vec<String>, StoreError> {
        let owners = &self.password_changes.owners;
        let there = owners.list_owners_by_email(email, None, ACCOUNTS).await?;
        Ok(there.into_iter().map(|owner| owner.name).collect())
    }

    /// Those of these accounts that can be sent something.
    pub(super) async fn readers_of(&self, names: &[String]) -> Result<Vec<Reader>, StoreError> {
        let mut found = Vec::with_capacity(names.len());
        for name in names {
            found.extend(self.reader(name).await?);
        }
        Ok(found)
    }

    /// What a link for this account hangs on.
    pub(super) fn as_it_is(&self, owner: &ResourceOwner) -> Result<AccountAsItWas, NotSent> {
        let ring = self.keys.current();
        let mark = owner.mark(|hash| ring.password_mark(hash));
        Ok(AccountAsItWas {
            owner: owner.name.clone(),
            password_mark: mark.ok_or(NotSent::NoKey)?,
        })
    }

    /// Keeps a link that is sent to this address, and returns its secret.
    pub(super) async fn keep_link(
        &self,
        purpose: LinkPurpose,
        email: &EmailAddress,
        life_secs: u64,
    ) -> Result<Secret, NotSent> {
        let (id, secret) = self.new_link()?;
        let link = OneTimeLink {
            purpose,
            email: email.clone(),
            expires_at: self.clock.now().plus_secs(life_secs),
        };
        self.store.store_link(&id, &link).await?;
        Ok(secret)
    }

    /// Keeps a link for a new account that is sent to this address, and returns its secret.
    pub(super) async fn keep_sign_up(&self, email: &EmailAddress) -> Result<Secret, NotSent> {
        let (id, secret) = self.new_link()?;
        let sign_up = SignUp {
            email: email.clone(),
            expires_at: self.clock.now().plus_secs(self.sign_up_secs),
        };
        self.sign_ups.store_sign_up(&id, &sign_up).await?;
        Ok(secret)
    }

    fn new_link(&self) -> Result<(LinkId, Secret), NotSent> {
        let ring = self.keys.current();
        let random = self.random.as_ref();
        let id = ring.handles.mint(GrantId::mint(random), random);
        let secret = ring.handles.write(&id).ok_or(NotSent::NoKey)?;
        Ok((id, secret))
    }

    /// Sends what `written` says in this language: the subject and the text.
    pub(super) async fn send(
        &self,
        to: EmailAddress,
        language: Language,
        written: impl FnOnce(&Frame<'_>) -> (String, String) + Send,
    ) -> Result<(), NotSent> {
        let (subject, text) = written(&Frame::new(language, &self.addresses, &self.brand));
        let mail = Mail {
            to,
            subject,
            text,
            id: self.random.text::<15>(),
            at: self.clock.now(),
        };
        Ok(self.mailer.send(&mail).await?)
    }
}

/// Where a link leads, whatever a request said: to an endpoint of where the settings say that this server is. `query` names the
/// request that waits, where one does.
pub(super) fn link_to(endpoint: &Endpoint, query: &str, secret: &Secret) -> String {
    let mut link = endpoint.url.clone();
    let separator = if query.is_empty() { "" } else { "&" };
    let query = format!("{query}{separator}link={}", secret.expose());
    link.set_query(Some(&query));
    link.into()
}
