//! An account that somebody makes who has shown that an address is theirs.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use symbolon::clock::Clock;
use symbolon::secret::Secret;

use crate::brakes::Meter;
use crate::passwords::VerificationError;
use crate::records::{EmailAddress, LinkId, NameFault, OwnerRegistration, SignUp, name_faults};
use crate::resource_owners::password_change::PasswordChanges;
use crate::resource_owners::registry::Owners;
use crate::stores::{SignUpOutcome, SignUpStore, StoreError};

/// How many names are looked for with one link in an hour: whoever has it learns by that which ones are taken.
const NAMES_PER_HOUR: NonZeroU32 = match NonZeroU32::new(20) {
    Some(count) => count,
    None => NonZeroU32::MIN,
};

/// How many characters a name may have that somebody chooses who is not known: mails to others quote it.
const LONGEST_CHOSEN: usize = 64;

/// Why nobody can have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountNameFault {
    /// It breaks a rule of all names.
    Name(NameFault),
    /// It holds a character that cannot be seen.
    ControlCharacter,
}

/// Why somebody who has shown a mailbox cannot have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenNameFault {
    /// Nobody can.
    Rule(AccountNameFault),
    /// It is neither plain nor the address that was shown to be theirs: it could look like the name of somebody else, or say
    /// something to whoever is sent a mail with it.
    NotPlain,
}

impl AccountNameFault {
    /// What is wrong with the name of an account, whoever makes it.
    pub fn of(name: &str) -> Option<Self> {
        if name.is_empty() {
            return Some(Self::Name(NameFault::Empty));
        }
        if name.chars().any(char::is_control) {
            return Some(Self::ControlCharacter);
        }
        name_faults(name).into_iter().next().map(Self::Name)
    }
}

impl ChosenNameFault {
    /// What is wrong with a name for whoever reads mails at this address.
    pub fn of(name: &str, email: &EmailAddress) -> Option<Self> {
        let is_own = name.eq_ignore_ascii_case(email.as_str());
        let not_plain = (!is_plain(name) && !is_own).then_some(Self::NotPlain);
        AccountNameFault::of(name).map(Self::Rule).or(not_plain)
    }
}

/// Small letters and digits, and single signs in between: nothing that is read as something else.
fn is_plain(name: &str) -> bool {
    let is_letter = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
    let mut parts = name.split(['.', '_', '-']);
    name.len() <= LONGEST_CHOSEN && parts.all(|it| !it.is_empty() && it.chars().all(is_letter))
}

/// Why there is no account.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// Somebody has the name, here or elsewhere.
    #[error("somebody has the name")]
    Taken,
    /// The address has an account by now.
    #[error("the address has an account")]
    HasAccount,
    /// Too many names were tried with this link.
    #[error("too many names were tried")]
    TooManyNames(Duration),
    /// The link was used meanwhile, or is over.
    #[error("the link is good no more")]
    Over,
    /// The password cannot be hashed now.
    #[error(transparent)]
    Hash(#[from] VerificationError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Slows down whoever tries names with one link. One for all workers.
#[derive(Debug)]
pub struct NameBrake(Meter);

impl NameBrake {
    /// A brake that has seen nobody.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self(Meter::hourly(NAMES_PER_HOUR, clock))
    }
}

/// An account that somebody wants.
#[derive(Debug)]
pub struct WantedAccount<'a> {
    /// Its name, with which [nothing is wrong](ChosenNameFault::of).
    pub name: &'a str,
    /// Its password, which is none to refuse.
    pub password: Secret,
    /// Where who wants it is.
    pub address: &'a str,
}

/// Makes accounts.
#[derive(Clone)]
pub struct SignUps {
    /// Where links are kept.
    pub store: Arc<dyn SignUpStore>,
    /// All accounts.
    pub owners: Owners,
    /// Where accounts are kept, and what hashes passwords.
    pub accounts: PasswordChanges,
    /// Who tries names.
    pub names: Arc<NameBrake>,
    /// What the person may do: the settings say it, and nobody who asks.
    pub authorities: Arc<[String]>,
}

impl std::fmt::Debug for SignUps {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SignUps").finish_non_exhaustive()
    }
}

impl SignUps {
    /// Makes an account with a link, in one step with using that up. Whatever is refused leaves the link good.
    pub async fn complete(
        &self,
        id: &LinkId,
        sign_up: &SignUp,
        wanted: WantedAccount<'_>,
    ) -> Result<(), SignUpError> {
        let tried = self.names.0.count(&id.to_text());
        tried.map_err(SignUpError::TooManyNames)?;
        if self.owners.find_at_equal_cost(wanted.name).await?.is_some() {
            return Err(SignUpError::Taken);
        }
        if self.has_account(&sign_up.email).await? {
            return Err(SignUpError::HasAccount);
        }
        let hash = self.accounts.hash(wanted.password, wanted.address).await?;
        let owner = OwnerRegistration {
            name: wanted.name.to_owned(),
            password: Secret::new(hash.expose()),
            authorities: self.authorities.to_vec(),
            invited: false,
            disabled: false,
            password_mark: None,
            email: Some(sign_up.email.clone()),
        };
        match self.store.complete_sign_up(id, &owner).await? {
            SignUpOutcome::Added => Ok(()),
            SignUpOutcome::Taken => Err(SignUpError::Taken),
            SignUpOutcome::Over => Err(SignUpError::Over),
        }
    }

    async fn has_account(&self, email: &EmailAddress) -> Result<bool, StoreError> {
        let owners = &self.accounts.owners;
        let there = owners.list_owners_by_email(email, None, 1).await?;
        Ok(!there.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_chooses_a_name_that_looks_like_that_of_somebody_else_or_says_something() {
        let email = EmailAddress::parse("wang@example.org").unwrap();
        for own in [
            "wang",
            "wang@example.org",
            "Wang@Example.org",
            "li-lei.2",
            "0_0",
        ] {
            assert_eq!(ChosenNameFault::of(own, &email), None, "{own}");
        }
        for others in [
            "li@example.org",
            "@wang",
            "li＠example.org",
            "Admin",
            "аdmin",
            "admin.",
            "a..b",
            "..",
            "client robot",
            "Unlock it at https://evil.example/",
            &"a".repeat(65),
        ] {
            let fault = ChosenNameFault::of(others, &email);
            assert_eq!(fault, Some(ChosenNameFault::NotPlain), "{others}");
        }
        for (name, fault) in [
            ("", NameFault::Empty),
            (" wang", NameFault::BlankAtAnEnd),
            ("wa\u{200b}ng", NameFault::Unseen('\u{200b}')),
        ] {
            let found = ChosenNameFault::of(name, &email);
            let rule = AccountNameFault::Name(fault);
            assert_eq!(found, Some(ChosenNameFault::Rule(rule)), "{name}");
        }
        let found = ChosenNameFault::of("wa\u{7}ng", &email);
        let rule = AccountNameFault::ControlCharacter;
        assert_eq!(found, Some(ChosenNameFault::Rule(rule)));
    }
}
