//! Links that owners are sent, and that are good once: who has forgotten the password chooses a new one.
//!
//! Whoever asks learns nothing: the answer is there before anybody has looked whether there is such an account. What is
//! asked for waits in a [queue](AccountLinks::ask) that nobody waits for, and a [writer](LinkWriter) does it.

mod wanted;
mod writer;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use symbolon::clock::Clock;
use symbolon::secret::Secret;
use tokio::sync::mpsc::Sender;

pub use wanted::{LinkWanted, LinksWaiting, link_queue};
pub use writer::{LinkSources, LinkWriter};

use crate::brakes::{Meter, network_of};
use crate::keys::KeyRing;
use crate::records::{LinkId, OneTimeLink};
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::password_change::{PasswordChangeError, PasswordChanges};
use crate::resource_owners::registry::Owners;
use crate::stores::{OneTimeLinkStore, StoreError};

/// How often one address may ask in a minute, whomever about.
const ASKED_PER_MINUTE: NonZeroU32 = match NonZeroU32::new(10) {
    Some(count) => count,
    None => NonZeroU32::MIN,
};

/// Slows down whoever asks for links. One for all workers.
#[derive(Debug)]
pub struct LinkBrake(Meter);

impl LinkBrake {
    /// A brake that has seen nobody.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self(Meter::new(ASKED_PER_MINUTE, clock))
    }
}

/// Takes wishes for links, and what links that were sent are good for.
#[derive(Clone)]
pub struct AccountLinks {
    /// Where wishes wait.
    pub queue: Sender<LinkWanted>,
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
}

impl AccountLinks {
    /// Takes a wish, or says how long to wait with the next one. What there is no room for is lost, and said in the log: the
    /// answer is the same, and who gets no mail asks again.
    pub fn ask(&self, wanted: LinkWanted) -> Result<(), Duration> {
        self.brake.0.count(&network_of(&wanted.address))?;
        if self.queue.try_send(wanted).is_err() {
            tracing::warn!(event = "mail_queue_full");
        }
        Ok(())
    }

    /// The link of this secret, if it is good: not used, not over, and its account is neither locked nor has another password
    /// or another address since.
    pub async fn find(&self, secret: &Secret) -> Result<Option<GoodLink>, StoreError> {
        let ring = self.keys.current();
        let Some(id) = ring.handles.read(secret) else {
            return Ok(None);
        };
        let Some(link) = self.store.find_link(&id).await? else {
            return Ok(None);
        };
        let OneTimeLink {
            purpose: _,
            owner,
            password_mark,
            email,
            expires_at: _,
        } = link;
        let owner = self.owners.find_at_equal_cost(&owner).await?;
        let is_as_it_was = |owner: &Arc<ResourceOwner>| {
            let mark = owner.mark(|hash| ring.password_mark(hash));
            !owner.disabled && mark == Some(password_mark)
        };
        let Some(owner) = owner.filter(is_as_it_was) else {
            return Ok(None);
        };
        let kept = self.password_changes.kept(&owner).await?;
        let reads_there = kept.is_some_and(|kept| kept.email == Some(email));
        Ok(reads_there.then_some(GoodLink { id, owner }))
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
