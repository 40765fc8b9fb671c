//! Inviting whoever is to have an account: a mail with a link, with which the person chooses the first password.

use symbolon::secret::Secret;

use super::{Administrator, Changed, InvitationFault, OwnerAccounts};
use crate::outbox::{InvitationWanted, MailWanted, Outbox, PlaceInOutbox};
use crate::passwords::PasswordHash;
use crate::records::OwnerRegistration;
use crate::stores::StoreError;

/// A place in the queue for an invitation, before anything is changed: who cannot be invited is not made to wait for it.
pub(super) fn place(outbox: Option<&Outbox>) -> Result<PlaceInOutbox, InvitationFault> {
    let outbox = outbox.ok_or(InvitationFault::NoMails)?;
    outbox.place().map_err(|_| InvitationFault::TooMany)
}

/// Who invites whom.
pub(super) fn wanted(who: Administrator<'_>, owner: &str) -> MailWanted {
    MailWanted::Invitation(InvitationWanted {
        owner: owner.to_owned(),
        language: who.language,
        address: who.address.to_owned(),
    })
}

impl OwnerAccounts {
    /// Another password that nobody knows, for an account whose owner was invited: an invitation that was sent before is void.
    pub(super) async fn renew_invitation(
        &self,
        name: &str,
        password: &PasswordHash,
    ) -> Result<Changed<OwnerRegistration>, StoreError> {
        let Some(known) = self.registrar.find_owner(name).await? else {
            return self.not_here(name).await;
        };
        if known.invited && known.email.is_none() {
            return Ok(Changed::NotInvited(InvitationFault::NoAddress));
        }
        let changed = self.change(name, |owner| {
            if owner.invited {
                let hash = Secret::new(password.expose());
                *owner = owner.clone().invited_with(hash);
            }
        });
        let changed = changed.await?;
        if changed == Changed::AlreadySo {
            return Ok(Changed::NotInvited(InvitationFault::HasPassword));
        }
        Ok(changed)
    }
}
