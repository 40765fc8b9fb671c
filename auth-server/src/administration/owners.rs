//! Accounts of owners: those of the store.

use std::sync::Arc;

use symbolon::secret::Secret;

use super::{ATTEMPTS, Changed, InvitationFault, Page};
use crate::passwords::PasswordHash;
use crate::records::{EmailAddress, LONGEST_NAME, NameFault, OwnerRegistration};
use crate::resource_owners::registry::Owners;
use crate::resource_owners::sign_up::AccountNameFault;
use crate::stores::{OwnerRegistrar, PasskeyStore, SecondFactorStore, StoreError, or_if_damaged};

/// What came of adding an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerAddition {
    /// It is there.
    Added,
    /// Somebody has that name, here or elsewhere.
    Taken,
    /// Nobody can have that name.
    Name(NameFault),
    /// The name holds a character that cannot be seen.
    ControlCharacter,
    /// An authority is empty, longer than a name may be, or holds such a character.
    Authority,
    /// Nobody can be invited to it.
    NotInvited(InvitationFault),
}

impl OwnerAddition {
    /// Why none was added, where none was.
    pub fn not_added(self) -> Option<String> {
        match self {
            Self::Added => None,
            Self::Taken => Some("there is an account of that name, here or elsewhere".to_owned()),
            Self::Name(fault) => Some(format!(
                "the name {}; accepted: {}",
                fault.found(),
                fault.accepted()
            )),
            Self::NotInvited(fault) => Some(fault.as_str().to_owned()),
            Self::ControlCharacter => Some("the name holds a control character".to_owned()),
            Self::Authority => Some(format!(
                "an authority is empty, holds a control character or has more than {LONGEST_NAME} bytes"
            )),
        }
    }
}

impl From<AccountNameFault> for OwnerAddition {
    fn from(fault: AccountNameFault) -> Self {
        match fault {
            AccountNameFault::Name(fault) => Self::Name(fault),
            AccountNameFault::ControlCharacter => Self::ControlCharacter,
        }
    }
}

/// An account that is to be.
#[derive(Clone, Debug)]
pub struct NewAccount<'a> {
    /// Its name.
    pub name: &'a str,
    /// The hash of its password.
    pub password: &'a PasswordHash,
    /// Whether nobody knows that password, and the person is invited to choose one.
    pub invited: bool,
    /// What the person may do.
    pub authorities: Vec<String>,
    /// Where the person reads mails.
    pub email: Option<EmailAddress>,
}

/// Lists and changes accounts.
#[derive(Clone)]
pub struct OwnerAccounts {
    /// Where they are kept.
    pub registrar: Arc<dyn OwnerRegistrar>,
    /// All that there are, wherever.
    pub owners: Owners,
    /// What owners show besides their passwords.
    pub second_factors: Arc<dyn SecondFactorStore>,
    /// What they sign in with instead.
    pub passkeys: Arc<dyn PasskeyStore>,
}

impl OwnerAccounts {
    /// A page of them, in the order of their names.
    pub async fn list(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<OwnerRegistration>, StoreError> {
        let found = self.registrar.list_owners(after, limit.saturating_add(1));
        Ok(Page::of(found.await?, limit, |owner| owner.name.clone()))
    }

    /// The one of this name, if it is kept in the store.
    pub async fn find(&self, name: &str) -> Result<Option<OwnerRegistration>, StoreError> {
        self.registrar.find_owner(name).await
    }

    /// Adds an account.
    pub async fn add(&self, account: NewAccount<'_>) -> Result<OwnerAddition, StoreError> {
        let NewAccount {
            name,
            password,
            invited,
            authorities,
            email,
        } = account;
        if let Some(fault) = AccountNameFault::of(name) {
            return Ok(fault.into());
        }
        if !authorities.iter().all(|it| is_authority(it)) {
            return Ok(OwnerAddition::Authority);
        }
        if self.owners.find_at_equal_cost(name).await?.is_some() {
            return Ok(OwnerAddition::Taken);
        }
        let owner = OwnerRegistration {
            name: name.to_owned(),
            password: Secret::new(password.expose()),
            authorities,
            disabled: false,
            password_mark: None,
            email,
            invited,
        };
        // Somebody may have taken the name since.
        Ok(if self.registrar.add_owner(&owner).await? {
            OwnerAddition::Added
        } else {
            OwnerAddition::Taken
        })
    }

    /// Locks an account or takes that back.
    pub async fn lock(
        &self,
        name: &str,
        locked: bool,
    ) -> Result<Changed<OwnerRegistration>, StoreError> {
        self.change(name, |owner| owner.disabled = locked).await
    }

    /// From now on its owner reads mails there, or nowhere.
    pub async fn set_email(
        &self,
        name: &str,
        email: Option<&EmailAddress>,
    ) -> Result<Changed<OwnerRegistration>, StoreError> {
        self.change(name, |owner| owner.email = email.cloned())
            .await
    }

    /// Another password: sessions end, and what was granted, where the settings say so. Passkeys go: whoever had the account
    /// in their hands may have added one.
    pub async fn reset_password(
        &self,
        name: &str,
        password: &PasswordHash,
    ) -> Result<Changed<OwnerRegistration>, StoreError> {
        let changed = self.change(name, |owner| {
            let hash = Secret::new(password.expose());
            *owner = owner.clone().with_password(hash);
        });
        let changed = changed.await?;
        if let Changed::Done(_) = &changed {
            self.passkeys.remove_passkeys(name).await?;
        }
        Ok(changed)
    }

    /// Removes an account: what it granted is good for nothing from now on.
    pub async fn remove(&self, name: &str) -> Result<Changed<()>, StoreError> {
        if self.registrar.remove_owner(name).await? {
            // After the account: until it is gone its password alone opens nothing.
            self.second_factors.remove_second_factor(name).await?;
            self.passkeys.remove_passkeys(name).await?;
            return Ok(Changed::Done(()));
        }
        self.not_here(name).await
    }

    /// Removes the second factor of an account and its passkeys, wherever that is kept: for somebody who has lost the app and
    /// the recovery codes, or the devices. The password is enough again, and nothing else is.
    pub async fn remove_second_factor(&self, name: &str) -> Result<Changed<()>, StoreError> {
        let had_passkeys = self.passkeys.remove_passkeys(name).await?;
        if self.second_factors.remove_second_factor(name).await? || had_passkeys {
            return Ok(Changed::Done(()));
        }
        Ok(match self.owners.find_at_equal_cost(name).await? {
            Some(_) => Changed::AlreadySo,
            None => Changed::Unknown,
        })
    }

    /// How many passkeys an account has, wherever that is kept. What cannot be read is one: there is something to be removed.
    pub async fn count_passkeys(&self, name: &str) -> Result<usize, StoreError> {
        let found = self.passkeys.find_passkeys(name).await;
        let count = found.map(|found| found.map_or(0, |found| found.passkeys.len()));
        or_if_damaged(count, || 1)
    }

    pub(super) async fn change(
        &self,
        name: &str,
        change: impl Fn(&mut OwnerRegistration) + Send + Sync,
    ) -> Result<Changed<OwnerRegistration>, StoreError> {
        for _ in 0..ATTEMPTS {
            let Some(known) = self.registrar.find_owner(name).await? else {
                return self.not_here(name).await;
            };
            let mut new = known.clone();
            change(&mut new);
            if new == known {
                return Ok(Changed::AlreadySo);
            }
            if self.registrar.replace_owner(&known, &new).await? {
                return Ok(Changed::Done(new));
            }
        }
        Ok(Changed::Contended)
    }

    pub(super) async fn not_here<T>(&self, name: &str) -> Result<Changed<T>, StoreError> {
        Ok(match self.owners.find_at_equal_cost(name).await? {
            Some(_) => Changed::KeptElsewhere,
            None => Changed::Unknown,
        })
    }
}

fn is_authority(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= LONGEST_NAME && !text.chars().any(char::is_control)
}
