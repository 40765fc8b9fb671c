//! Changes with what follows from them and with their audit: the same by command, by API and on pages.

use std::sync::Arc;

use symbolon::identifiers::ClientId;

use super::invitations;
use super::{
    Administrator, ApplicationAddition, Applications, Changed, InvitationFault, NewAccount,
    NewApplication, OwnerAccounts, OwnerAddition, PublishedKeys,
};
use crate::audit::{Audit, AuditEvent, ClientChange, OwnerChange};
use crate::outbox::Outbox;
use crate::passwords::PasswordHash;
use crate::records::EmailAddress;
use crate::stores::StoreError;
use crate::tokens::end::{Access, AccessOf};

/// What is done to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplicationAction {
    /// Let in, which waited for that.
    Approve,
    /// Locked.
    Suspend,
    /// And that is taken back.
    Resume,
    /// It is removed.
    Remove,
}

impl ApplicationAction {
    /// What has changed then, for the audit stream.
    pub const fn change(self) -> ClientChange {
        match self {
            Self::Approve => ClientChange::Approved,
            Self::Suspend => ClientChange::Suspended,
            Self::Resume => ClientChange::Resumed,
            Self::Remove => ClientChange::Removed,
        }
    }
}

/// What is done to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnerAction {
    /// Nobody signs in any more.
    Lock,
    /// And that is taken back.
    Unlock,
    /// It gets another password.
    ResetPassword(PasswordHash),
    /// Whoever is to have it is sent another invitation: it has the hash of a password that nobody knows.
    Invite(PasswordHash),
    /// Its owner reads mails there, or nowhere.
    SetEmail(Option<EmailAddress>),
    /// Its password is enough again.
    RemoveSecondFactor,
    /// It is removed, and what it granted ends, and what it registered is nobody's: somebody else may have its name one day.
    Remove,
}

impl OwnerAction {
    /// What has changed then, for the audit stream.
    pub const fn change(&self) -> OwnerChange {
        match self {
            Self::Lock => OwnerChange::Locked,
            Self::Unlock => OwnerChange::Unlocked,
            Self::ResetPassword(_) => OwnerChange::PasswordReset,
            Self::Invite(_) => OwnerChange::Invited,
            Self::SetEmail(_) => OwnerChange::EmailChanged,
            Self::RemoveSecondFactor => OwnerChange::SecondFactorRemoved,
            Self::Remove => OwnerChange::Removed,
        }
    }
}

/// Administers.
#[derive(Clone)]
pub struct Administration {
    /// Lists and changes clients of the store.
    pub applications: Applications,
    /// Lists and changes accounts of the store.
    pub owners: OwnerAccounts,
    /// Lists and ends what was given.
    pub access: Access,
    /// Lists and adds keys.
    pub keys: PublishedKeys,
    /// Where mails wait; `None` where none are sent.
    pub outbox: Option<Outbox>,
    /// Takes audit events.
    pub audit: Arc<Audit>,
}

impl Administration {
    /// Changes an application.
    pub async fn change_application(
        &self,
        who: Administrator<'_>,
        id: &ClientId,
        action: ApplicationAction,
    ) -> Result<Changed<()>, StoreError> {
        let at = &self.applications;
        let changed = match action {
            ApplicationAction::Approve => at.approve(id, None).await?.forget(),
            ApplicationAction::Suspend => at.suspend(id, true).await?.forget(),
            ApplicationAction::Resume => at.suspend(id, false).await?.forget(),
            ApplicationAction::Remove => at.remove(id).await?,
        };
        if changed == Changed::Done(()) {
            self.client_changed(who, id, action.change());
        }
        Ok(changed)
    }

    /// Lets an application in, if it still says what was looked at.
    pub async fn approve_application(
        &self,
        who: Administrator<'_>,
        id: &ClientId,
        seen: &str,
    ) -> Result<Changed<()>, StoreError> {
        let changed = self.applications.approve(id, Some(seen)).await?.forget();
        if changed == Changed::Done(()) {
            self.client_changed(who, id, ClientChange::Approved);
        }
        Ok(changed)
    }

    /// Adds an application.
    pub async fn add_application(
        &self,
        who: Administrator<'_>,
        new: &NewApplication,
    ) -> Result<ApplicationAddition, StoreError> {
        let addition = self.applications.add(new).await?;
        if let ApplicationAddition::Added(client) = &addition {
            self.audit.record(&AuditEvent::ClientRegistered {
                client,
                owner: who.by,
                address: who.address,
            });
        }
        Ok(addition)
    }

    /// Gives an application another secret, of this hash.
    pub async fn rotate_client_secret(
        &self,
        who: Administrator<'_>,
        id: &ClientId,
        hash: &PasswordHash,
    ) -> Result<Changed<()>, StoreError> {
        let changed = self.applications.rotate_secret(id, hash).await?.forget();
        if changed == Changed::Done(()) {
            self.client_changed(who, id, ClientChange::SecretRotated);
        }
        Ok(changed)
    }

    /// Adds an account.
    pub async fn add_owner(
        &self,
        who: Administrator<'_>,
        account: NewAccount<'_>,
    ) -> Result<OwnerAddition, StoreError> {
        let (name, invited) = (account.name, account.invited);
        if invited && account.email.is_none() {
            return Ok(OwnerAddition::NotInvited(InvitationFault::NoAddress));
        }
        let place = invited.then(|| invitations::place(self.outbox.as_ref()));
        let place = match place.transpose() {
            Ok(place) => place,
            Err(fault) => return Ok(OwnerAddition::NotInvited(fault)),
        };
        let addition = self.owners.add(account).await?;
        if addition == OwnerAddition::Added {
            self.owner_changed(who, name, OwnerChange::Added);
            if let Some(place) = place {
                place.put(invitations::wanted(who, name));
                self.owner_changed(who, name, OwnerChange::Invited);
            }
        }
        Ok(addition)
    }

    /// Changes an account.
    pub async fn change_owner(
        &self,
        who: Administrator<'_>,
        name: &str,
        action: &OwnerAction,
    ) -> Result<Changed<()>, StoreError> {
        let at = &self.owners;
        let changed = match action {
            OwnerAction::Lock => at.lock(name, true).await?.forget(),
            OwnerAction::Unlock => at.lock(name, false).await?.forget(),
            OwnerAction::ResetPassword(hash) => at.reset_password(name, hash).await?.forget(),
            OwnerAction::Invite(hash) => self.invite(who, name, hash).await?,
            OwnerAction::SetEmail(email) => at.set_email(name, email.as_ref()).await?.forget(),
            OwnerAction::RemoveSecondFactor => at.remove_second_factor(name).await?,
            OwnerAction::Remove => at.remove(name).await?,
        };
        if changed == Changed::Done(()) {
            if *action == OwnerAction::Remove {
                let all = AccessOf::Owner {
                    name: name.to_owned(),
                    client_id: None,
                };
                self.end_access(who, &all, |_| ()).await?;
                self.applications.forget_owner(name).await?;
            }
            self.owner_changed(who, name, action.change());
        }
        Ok(changed)
    }

    /// Sends another invitation.
    async fn invite(
        &self,
        who: Administrator<'_>,
        name: &str,
        password: &PasswordHash,
    ) -> Result<Changed<()>, StoreError> {
        let place = match invitations::place(self.outbox.as_ref()) {
            Ok(place) => place,
            Err(fault) => return Ok(Changed::NotInvited(fault)),
        };
        let changed = self.owners.renew_invitation(name, password).await?.forget();
        if changed == Changed::Done(()) {
            place.put(invitations::wanted(who, name));
        }
        Ok(changed)
    }

    fn client_changed(&self, who: Administrator<'_>, client: &ClientId, change: ClientChange) {
        self.audit.record(&AuditEvent::ClientChanged {
            client,
            change,
            by: who.by,
            address: who.address,
        });
    }

    fn owner_changed(&self, who: Administrator<'_>, owner: &str, change: OwnerChange) {
        self.audit.record(&AuditEvent::OwnerChanged {
            owner,
            change,
            by: who.by,
            address: who.address,
        });
    }
}
