//! Links that owners are sent, and that are good once: who has forgotten the password chooses a new one.
//!
//! Whoever asks learns nothing: the answer is there before anybody has looked whether there is such an account. What is
//! asked for waits in a [queue](crate::outbox) that nobody waits for, and a [writer](LinkWriter) does it.

mod invitation;
mod password_reset;
mod sign_up;
mod sources;
mod writer;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use symbolon::clock::Clock;
use symbolon::secret::Secret;

pub use sources::LinkSources;
pub use writer::LinkWriter;

use crate::brakes::{Meter, network_of};
use crate::keys::KeyRing;
use crate::outbox::{MailWanted, Outbox};
use crate::passwords::VerificationError;
use crate::records::{AccountAsItWas, EmailAddress, LinkId, LinkPurpose, OneTimeLink, SignUp};
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::password_change::{PasswordChangeError, PasswordChanges};
use crate::resource_owners::registry::Owners;
use crate::resource_owners::sign_up::{NameBrake, SignUps};
use crate::stores::{OneTimeLinkStore, StoreError};

/// How often one address may ask in a minute, whomever about.
const ASKED_PER_MINUTE: NonZeroU32 = match NonZeroU32::new(10) {
    Some(count) => count,
    None => NonZeroU32::MIN,
};

/// Slows down whoever asks for links. One for all workers.
#[derive(Debug)]
pub struct LinkBrake {
    asked: Meter,
    /// And whoever tries names with one.
    pub names: Arc<NameBrake>,
}

impl LinkBrake {
    /// A brake that has seen nobody.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            asked: Meter::new(ASKED_PER_MINUTE, Arc::clone(&clock)),
            names: Arc::new(NameBrake::new(clock)),
        }
    }
}

/// Takes wishes for links, and what links that were sent are good for.
#[derive(Clone)]
pub struct AccountLinks {
    /// Where mails wait.
    pub outbox: Outbox,
    /// Who asks too often.
    pub brake: Arc<LinkBrake>,
    /// Where links are kept.
    pub store: Arc<dyn OneTimeLinkStore>,
    /// All accounts.
    pub owners: Owners,
    /// Changes passwords.
    pub password_changes: PasswordChanges,
    /// Make and read the secrets of links.
    pub keys: Arc<KeyRing>,
    /// How long a link for a new password is good, in seconds.
    pub reset_secs: u64,
    /// Makes accounts; `None` where people make none for themselves.
    pub new_accounts: Option<NewAccounts>,
}

/// Makes accounts for people who have shown that an address is theirs.
#[derive(Clone, Debug)]
pub struct NewAccounts {
    /// Makes them.
    pub sign_ups: SignUps,
    /// How long a link for one is good, in seconds.
    pub life_secs: u64,
}

impl std::fmt::Debug for AccountLinks {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("AccountLinks")
            .finish_non_exhaustive()
    }
}

/// A link that is good still, and whose account is as it was.
#[derive(Debug)]
pub struct GoodLink {
    id: LinkId,
    /// Whose it is.
    pub owner: Arc<ResourceOwner>,
    /// Whether it is for the first password of the account.
    pub is_invitation: bool,
}

/// A link for an account that is good still.
#[derive(Debug)]
pub struct GoodSignUp {
    /// Its name in the store.
    pub id: LinkId,
    /// What it stands for.
    pub sign_up: SignUp,
}

impl AccountLinks {
    /// Takes a wish of whoever is at this address, or says how long to wait with the next one. The answer is the same when there
    /// is no room for it: who gets no mail asks again.
    pub fn ask(&self, address: &str, wanted: MailWanted) -> Result<(), Duration> {
        self.brake.asked.count(&network_of(address))?;
        let _ = self.outbox.put(wanted);
        Ok(())
    }

    /// The link for a new password, or a first one, of this secret, if it is good: not used, not over, and its account is neither locked nor has
    /// another password or another address since.
    pub async fn find_reset(&self, secret: &Secret) -> Result<Option<GoodLink>, StoreError> {
        let Some((id, link)) = self.kept(secret).await? else {
            return Ok(None);
        };
        let OneTimeLink { purpose, email, .. } = link;
        let (account, is_invitation) = match purpose {
            LinkPurpose::PasswordReset(account) => (account, false),
            LinkPurpose::Invitation(account) => (account, true),
        };
        let owner = self.as_it_was(account, email).await?;
        Ok(owner.map(|owner| GoodLink {
            id,
            owner,
            is_invitation,
        }))
    }

    /// The link for an account of this secret, if it is neither used nor over.
    pub async fn find_sign_up(&self, secret: &Secret) -> Result<Option<GoodSignUp>, StoreError> {
        let Some(accounts) = &self.new_accounts else {
            return Ok(None);
        };
        let Some(id) = self.keys.current().handles.read(secret) else {
            return Ok(None);
        };
        let sign_up = accounts.sign_ups.store.find_sign_up(&id).await?;
        Ok(sign_up.map(|sign_up| GoodSignUp { id, sign_up }))
    }

    /// A link of any kind that is neither used nor over. What is no secret of one costs no read.
    async fn kept(&self, secret: &Secret) -> Result<Option<(LinkId, OneTimeLink)>, StoreError> {
        let Some(id) = self.keys.current().handles.read(secret) else {
            return Ok(None);
        };
        let link = self.store.find_link(&id).await?;
        Ok(link.map(|link| (id, link)))
    }

    /// The account of a link, if it is as it was: not locked, with that password, and its owner reads mails there.
    async fn as_it_was(
        &self,
        account: AccountAsItWas,
        email: EmailAddress,
    ) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        let ring = self.keys.current();
        let owner = self.owners.find_at_equal_cost(&account.owner).await?;
        let Some(owner) = owner.filter(|owner| {
            let mark = owner.mark(|hash| ring.password_mark(hash));
            !owner.disabled && mark == Some(account.password_mark)
        }) else {
            return Ok(None);
        };
        let kept = self.password_changes.kept(&owner).await?;
        let reads_there = kept.is_some_and(|kept| kept.email == Some(email));
        Ok(reads_there.then_some(owner))
    }

    /// Whether this is the password that the account of a link has.
    pub async fn is_current(
        &self,
        link: &GoodLink,
        password: &Secret,
        address: &str,
    ) -> Result<bool, VerificationError> {
        let changes = &self.password_changes;
        changes.is_current(&link.owner, password, address).await
    }

    /// Gives the account of a link a password that is none to refuse, and uses the link up.
    pub async fn set_password(
        &self,
        link: &GoodLink,
        new: Secret,
        address: &str,
    ) -> Result<ResourceOwner, PasswordChangeError> {
        let used = self.store.redeem_link(&link.id);
        self.password_changes
            .change_once(&link.owner, new, address, used)
            .await
    }
}
