//! An owner's new password. It is kept where the account is: only accounts of the store can be changed here, and those of the
//! settings, of tables and of directories stay as whoever keeps them has them.

use std::future::Future;
use std::sync::Arc;

use symbolon::random::Random;
use symbolon::secret::Secret;

use crate::brakes::network_of;
use crate::passwords::{
    HashId, HashKinds, Lane, PasswordHash, PasswordVerifier, Question, Turn, VerificationError,
};
use crate::records::{EmailAddress, OwnerRegistration};
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::registration::register;
use crate::stores::{OwnerRegistrar, StoreError};

/// Characters. NIST SP 800-63B-4 §3.1.1.2 wants 8 where a password is not all there is, and no rules of composition.
const FEWEST: usize = 8;
/// Bytes. A hash of more costs more, and nobody types that.
const MOST_BYTES: usize = 1024;

/// How often a change is tried anew that somebody else was faster with.
const ATTEMPTS: usize = 3;

/// Passwords that are tried first by whoever guesses, of those that are long enough.
const COMMONEST: &str = include_str!("password_change/commonest.txt");

/// Why a password is not changed.
#[derive(Debug, thiserror::Error)]
pub enum PasswordChangeError {
    /// The account is not kept in the store.
    #[error("the account is kept elsewhere")]
    KeptElsewhere,
    /// The account was changed meanwhile.
    #[error("the account was changed meanwhile")]
    ChangedMeanwhile,
    /// What was shown in the place of the old one was used by somebody else meanwhile.
    #[error("what allowed it was used meanwhile")]
    UsedMeanwhile,
    /// The new one cannot be hashed now.
    #[error(transparent)]
    Hash(#[from] VerificationError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a password is none to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer characters than [`PasswordFault::fewest`].
    #[error("it is too short")]
    TooShort,
    /// More bytes than anybody types.
    #[error("it is too long")]
    TooLong,
    /// The name of the account.
    #[error("it is the name of the account")]
    Name,
    /// Many people have it.
    #[error("many people have it")]
    Common,
    /// It is what it was.
    #[error("it is the old one")]
    Same,
}

impl PasswordFault {
    /// How many characters a password has at least.
    pub const fn fewest() -> usize {
        FEWEST
    }

    /// Why this is no password for this account, in the place of that one, if it is none.
    pub fn of(owner: &str, password: &Secret, current: &Secret) -> Option<Self> {
        let is_same = password == current;
        let password = password.expose();
        let plain = password.trim().to_lowercase();
        if password.chars().count() < FEWEST {
            Some(Self::TooShort)
        } else if password.len() > MOST_BYTES {
            Some(Self::TooLong)
        } else if plain == owner.to_lowercase() {
            Some(Self::Name)
        } else if COMMONEST.lines().any(|common| common == plain) {
            Some(Self::Common)
        } else if is_same {
            Some(Self::Same)
        } else {
            None
        }
    }
}

/// Changes passwords of those who have shown the old one, or what is good in its place, and where they read mails.
#[derive(Clone)]
pub struct PasswordChanges {
    /// Where accounts are kept.
    pub owners: Arc<dyn OwnerRegistrar>,
    /// How hashes without an id are read.
    pub hash_without_id: Option<HashId>,
    /// Computes hashes.
    pub passwords: Arc<PasswordVerifier>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

impl PasswordChanges {
    /// Whether the password of this account can be changed here.
    pub async fn can_change(&self, owner: &ResourceOwner) -> Result<bool, StoreError> {
        Ok(self.kept(owner).await?.is_some())
    }

    /// Whether this is the password that the account has, for whoever has not shown it.
    pub async fn is_current(
        &self,
        owner: &ResourceOwner,
        password: &Secret,
        address: &str,
    ) -> Result<bool, VerificationError> {
        let question = Question {
            name: &owner.name,
            presented: password,
            hash: Some(&owner.password),
            kinds: &HashKinds::default(),
        };
        let turn = Turn {
            lane: Lane::FamiliarOwners,
            caller: &network_of(address),
        };
        self.passwords.verify(&question, turn).await
    }

    /// Gives an account a password that is [none to refuse](PasswordFault::of), and returns the account as it is then.
    pub async fn change(
        &self,
        owner: &ResourceOwner,
        new: Secret,
        address: &str,
    ) -> Result<ResourceOwner, PasswordChangeError> {
        self.change_once(owner, new, address, async { Ok(true) })
            .await
    }

    /// The same for whoever shows what is good once: it is `used` up when nothing but the change itself is left to do, and
    /// where it was used before nothing is changed.
    pub async fn change_once(
        &self,
        owner: &ResourceOwner,
        new: Secret,
        address: &str,
        used: impl Future<Output = Result<bool, StoreError>> + Send,
    ) -> Result<ResourceOwner, PasswordChangeError> {
        let known = self.kept(owner).await?;
        let known = known.ok_or(PasswordChangeError::KeptElsewhere)?;
        let hash = self.hash(new, address).await?;
        if !used.await? {
            return Err(PasswordChangeError::UsedMeanwhile);
        }
        // What is used up is not to be so for nothing: somebody else may change what this does not hang on.
        let (mut now, hash) = (known.clone(), Secret::new(hash.expose()));
        for _ in 0..ATTEMPTS {
            let replacement = now.clone().with_password(hash.clone());
            if self.owners.replace_owner(&now, &replacement).await? {
                return register(&replacement, self.hash_without_id)
                    .map_err(|error| StoreError::Damaged(error.to_string()).into());
            }
            now = match self.kept(owner).await? {
                Some(now) if now.email == known.email && now.disabled == known.disabled => now,
                Some(_) | None => break,
            };
        }
        Err(PasswordChangeError::ChangedMeanwhile)
    }

    /// The hash of a password that is none to refuse, for whoever has shown what lets them choose it.
    pub(super) async fn hash(
        &self,
        new: Secret,
        address: &str,
    ) -> Result<PasswordHash, VerificationError> {
        let turn = Turn {
            lane: Lane::FamiliarOwners,
            caller: &network_of(address),
        };
        self.passwords
            .hash(new, Arc::clone(&self.random), turn)
            .await
    }

    /// From now on the owner of an account reads mails there, or nowhere.
    pub async fn change_email(
        &self,
        owner: &ResourceOwner,
        email: Option<EmailAddress>,
    ) -> Result<(), PasswordChangeError> {
        let known = self.kept(owner).await?;
        let known = known.ok_or(PasswordChangeError::KeptElsewhere)?;
        let replacement = OwnerRegistration {
            email,
            ..known.clone()
        };
        if self.owners.replace_owner(&known, &replacement).await? {
            Ok(())
        } else {
            Err(PasswordChangeError::ChangedMeanwhile)
        }
    }

    /// The registration that this account is, if the store has it: one of the settings may hide it.
    pub async fn kept(
        &self,
        owner: &ResourceOwner,
    ) -> Result<Option<OwnerRegistration>, StoreError> {
        let known = self.owners.find_owner(&owner.name).await?;
        Ok(known.filter(|known| {
            let registered = register(known, self.hash_without_id).ok();
            registered.is_some_and(|registered| registered.password == owner.password)
        }))
    }
}

impl std::fmt::Debug for PasswordChanges {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PasswordChanges")
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_is_guessed_first_is_none() {
        for (password, fault) in [
            ("", Some(PasswordFault::TooShort)),
            ("1234567", Some(PasswordFault::TooShort)),
            ("六个字的密码", Some(PasswordFault::TooShort)),
            ("八个汉字组成密码", None),
            ("Xiaoming2", Some(PasswordFault::Name)),
            ("PASSWORD123", Some(PasswordFault::Common)),
            ("12345678 ", Some(PasswordFault::Common)),
            ("correct horse battery staple", None),
        ] {
            let (new, old) = (Secret::new(password), Secret::new("the old one"));
            assert_eq!(
                PasswordFault::of("xiaoming2", &new, &old),
                fault,
                "{password}"
            );
        }
        let same = Secret::new("the old one");
        assert_eq!(
            PasswordFault::of("a", &same, &same),
            Some(PasswordFault::Same)
        );
        let long = Secret::new("x".repeat(MOST_BYTES + 1));
        assert_eq!(
            PasswordFault::of("a", &long, &same),
            Some(PasswordFault::TooLong)
        );
    }

    #[test]
    fn every_common_password_is_long_enough_to_be_chosen_otherwise() {
        assert!(COMMONEST.lines().count() >= 60);
        for common in COMMONEST.lines() {
            assert!(common.chars().count() >= FEWEST, "{common}");
            assert_eq!(common, common.trim().to_lowercase());
        }
    }
}
