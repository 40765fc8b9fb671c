//! Signing in: name and password, with brakes against guessing. The page and the password grant share
//! them.

use std::sync::Arc;

use symbolon::secret::Secret;

use crate::brakes::network_of;
use crate::passwords::{Lane, PasswordVerifier, Question, Rehash, Turn, VerificationError};
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::registry::Owners;
use crate::resource_owners::throttle::{Caller, SignInThrottle, Throttled};
use crate::stores::StoreError;

/// Why somebody cannot sign in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The name or the password is wrong; the answer does not say which.
    #[error("Bad credentials")]
    BadCredentials {
        /// The account, when there is one of that name.
        owner: Option<String>,
    },
    /// Too many attempts for this account or from this address.
    #[error("too many sign-in attempts")]
    TooManyAttempts(Throttled),
    /// So many passwords wait for their check that this one was not taken.
    #[error("too many sign-ins at the moment")]
    Busy(VerificationError),
    /// The account cannot be looked up.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Finds out which owner somebody is.
#[derive(Clone, Debug)]
pub struct SignIn {
    owners: Owners,
    passwords: Arc<PasswordVerifier>,
    throttle: Arc<SignInThrottle>,
    rehash: Option<Arc<dyn Rehash>>,
}

impl SignIn {
    /// Looks accounts up in `owners`, checks their passwords by `passwords`, no faster than `throttle` lets.
    pub const fn new(
        owners: Owners,
        passwords: Arc<PasswordVerifier>,
        throttle: Arc<SignInThrottle>,
    ) -> Self {
        Self {
            owners,
            passwords,
            throttle,
            rehash: None,
        }
    }

    /// The same, with weak hashes replaced by `rehash`.
    #[must_use]
    pub fn rehashing_by(self, rehash: Option<Arc<dyn Rehash>>) -> Self {
        Self { rehash, ..self }
    }

    /// Checks an owner's name and password. An unknown name takes as long as a wrong password, and so does the
    /// right one of an account that is locked.
    pub async fn authenticate(
        &self,
        caller: &Caller<'_>,
        username: &str,
        password: &Secret,
    ) -> Result<Arc<ResourceOwner>, SignInError> {
        let admission = self.throttle.admit(username, caller);
        let admission = admission.map_err(SignInError::TooManyAttempts)?;
        if let Some(wait) = admission.wait {
            tokio::time::sleep(wait).await;
        }
        let lane = if admission.is_familiar {
            Lane::FamiliarOwners
        } else {
            Lane::Owners
        };
        let turn = Turn {
            lane,
            caller: &network_of(caller.address),
        };
        let checked = self.check(username, password, turn).await;
        if !matches!(checked, Err(SignInError::BadCredentials { .. })) {
            self.throttle.take_back(&admission);
        }
        if checked.is_ok() {
            self.throttle.remember(&admission);
        }
        checked
    }

    async fn check(
        &self,
        username: &str,
        password: &Secret,
        turn: Turn<'_>,
    ) -> Result<Arc<ResourceOwner>, SignInError> {
        let found = self.owners.find_at_equal_cost(username).await?;
        let known = found.as_ref().map(|owner| owner.name.clone());
        let owner = found.filter(|owner| !owner.password.is_elsewhere());
        let is_elsewhere = owner.is_none() && !password.expose().is_empty();
        let question = Question {
            name: username,
            presented: password,
            hash: owner.as_ref().map(|owner| &owner.password),
            kinds: &self.owners.passwords(),
        };
        let verdict = self.passwords.verify(&question, turn).await;
        let owner = match (verdict, owner) {
            (Ok(true), owner) => owner,
            // After the hash that nobody has, so that it takes as long to find out that nobody has the name. What is an
            // account's here is never shown to anybody else.
            (Ok(false), _) if is_elsewhere => self.owners.prove(username, password).await?,
            (Ok(false), _) => None,
            (Err(error), _) => return Err(SignInError::Busy(error)),
        };
        let owner = owner.filter(|owner| !owner.disabled);
        let owner = owner.ok_or(SignInError::BadCredentials { owner: known })?;
        if let Some(rehash) = self
            .rehash
            .as_ref()
            .filter(|_| owner.password.can_be_stronger())
        {
            rehash.begin(&owner.name, password, &owner.password);
        }
        Ok(owner)
    }
}
