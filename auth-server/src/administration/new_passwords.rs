//! Passwords that administrators give to others.

use std::sync::Arc;

use symbolon::random::Random;
use symbolon::secret::Secret;

use crate::brakes::network_of;
use crate::passwords::{
    HashKinds, Lane, PasswordHash, PasswordVerifier, Question, Turn, VerificationError,
};
use crate::records::OwnerRegistration;
use crate::resource_owners::password_change::PasswordFault;

/// Why a password is not given.
#[derive(Debug, thiserror::Error)]
pub enum NewPasswordError {
    /// It is none to choose.
    #[error(transparent)]
    Fault(#[from] PasswordFault),
    /// It cannot be hashed now.
    #[error(transparent)]
    Hash(#[from] VerificationError),
}

/// Makes and hashes them.
#[derive(Clone)]
pub struct NewPasswords {
    /// Computes hashes.
    pub passwords: Arc<PasswordVerifier>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

impl NewPasswords {
    /// One that nobody guesses: 120 random bits.
    pub fn make(&self) -> Secret {
        Secret::new(self.random.text::<15>())
    }

    /// What tells one form that makes a password from another.
    pub fn once(&self) -> String {
        self.random.text::<16>()
    }

    /// Whether this is the password that an account has.
    pub async fn is_of(
        &self,
        owner: &OwnerRegistration,
        password: &Secret,
        address: &str,
    ) -> Result<bool, VerificationError> {
        let Ok(hash) = PasswordHash::read(owner.password.expose(), None) else {
            return Ok(false);
        };
        let question = Question {
            name: &owner.name,
            presented: password,
            hash: Some(&hash),
            kinds: &HashKinds::default(),
        };
        let turn = Turn {
            lane: Lane::FamiliarOwners,
            caller: &network_of(address),
        };
        self.passwords.verify(&question, turn).await
    }

    /// The hash of a password for this account, by the rules of those that people choose for themselves.
    pub async fn hash(
        &self,
        owner: &str,
        password: &Secret,
        address: &str,
    ) -> Result<PasswordHash, NewPasswordError> {
        let nothing = Secret::new("");
        if let Some(fault) = PasswordFault::of(owner, password, &nothing) {
            return Err(fault.into());
        }
        let turn = Turn {
            lane: Lane::FamiliarOwners,
            caller: &network_of(address),
        };
        let random = Arc::clone(&self.random);
        Ok(self.passwords.hash(password.clone(), random, turn).await?)
    }
}
