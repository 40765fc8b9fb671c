//! Signing in: name and password, with brakes against guessing. The page and the password grant share
//! them.

use std::sync::Arc;

use symbolon::secret::Secret;

use crate::brakes::network_of;
use crate::passwords::{Lane, PasswordVerifier, Question, Rehash, Turn, VerificationError};
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::registry::Owners;
use crate::resource_owners::throttle::{Caller, SignInThrottle, Throttled};
use crate::stores::{SecondFactorStore, StoreError};

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
    /// Name and password are good, and the account wants a second factor, which cannot be shown here. Nobody is told: the
    /// password would be confirmed.
    #[error("Bad credentials")]
    SecondFactorNeeded {
        /// The account.
        owner: String,
    },
    /// The account cannot be looked up.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An owner who has shown the password.
#[derive(Clone, Debug)]
pub struct PasswordShown {
    /// Who that is.
    pub owner: Arc<ResourceOwner>,
    /// Whether that is not enough: the account wants a second factor too.
    pub needs_second_factor: bool,
}

/// What somebody can show.
#[derive(Clone, Copy)]
enum Enough {
    Password,
    PasswordAndMore,
}

/// Finds out which owner somebody is.
#[derive(Clone)]
pub struct SignIn {
    owners: Owners,
    passwords: Arc<PasswordVerifier>,
    throttle: Arc<SignInThrottle>,
    rehash: Option<Arc<dyn Rehash>>,
    second_factors: Arc<dyn SecondFactorStore>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SignIn").finish_non_exhaustive()
    }
}

impl SignIn {
    /// Looks accounts up in `owners`, checks their passwords by `passwords`, no faster than `throttle` lets.
    /// Who has something in `second_factors` has to show more than the password.
    pub fn new(
        owners: Owners,
        passwords: Arc<PasswordVerifier>,
        throttle: Arc<SignInThrottle>,
        second_factors: Arc<dyn SecondFactorStore>,
    ) -> Self {
        Self {
            owners,
            passwords,
            throttle,
            rehash: None,
            second_factors,
        }
    }

    /// The same, with weak hashes replaced by `rehash`.
    #[must_use]
    pub fn rehashing_by(self, rehash: Option<Arc<dyn Rehash>>) -> Self {
        Self { rehash, ..self }
    }

    /// Checks the name and password of an owner who cannot show more than these: one with a second factor is refused as if
    /// the password was wrong, and the attempt counts.
    pub async fn authenticate(
        &self,
        caller: &Caller<'_>,
        username: &str,
        password: &Secret,
    ) -> Result<Arc<ResourceOwner>, SignInError> {
        let shown = self.admit(caller, username, password, Enough::Password);
        Ok(shown.await?.owner)
    }

    /// Checks an owner's name and password, and says whether they are enough.
    pub async fn check_password(
        &self,
        caller: &Caller<'_>,
        username: &str,
        password: &Secret,
    ) -> Result<PasswordShown, SignInError> {
        self.admit(caller, username, password, Enough::PasswordAndMore)
            .await
    }

    /// An unknown name takes as long as a wrong password, and so does the right one of an account that is locked.
    async fn admit(
        &self,
        caller: &Caller<'_>,
        username: &str,
        password: &Secret,
        enough: Enough,
    ) -> Result<PasswordShown, SignInError> {
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
        let checked = self.with_second_factor(checked, enough).await;
        let is_refused = matches!(
            checked,
            Err(SignInError::BadCredentials { .. } | SignInError::SecondFactorNeeded { .. })
        );
        if !is_refused {
            self.throttle.take_back(&admission);
        }
        if checked.is_ok() {
            self.throttle.remember(&admission);
        }
        checked
    }

    /// The store is asked only about whoever has shown the password.
    async fn with_second_factor(
        &self,
        checked: Result<Arc<ResourceOwner>, SignInError>,
        enough: Enough,
    ) -> Result<PasswordShown, SignInError> {
        let owner = checked?;
        let found = self.second_factors.find_second_factor(&owner.name).await?;
        match (found.is_some(), enough) {
            (true, Enough::Password) => Err(SignInError::SecondFactorNeeded {
                owner: owner.name.clone(),
            }),
            (needs_second_factor, _) => Ok(PasswordShown {
                owner,
                needs_second_factor,
            }),
        }
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
