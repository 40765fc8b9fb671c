//! Signing in: name and password, with brakes against guessing. The page and the password grant share
//! them.

use std::sync::Arc;

use symbolon::secret::Secret;

use crate::passwords::{PasswordVerifier, VerificationError};
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::registry::Owners;
use crate::resource_owners::throttle::{SignInThrottle, Throttled};
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
        }
    }

    /// Checks an owner's name and password, as somebody at `address` presents them. An unknown name takes
    /// as long as a wrong password.
    pub async fn authenticate(
        &self,
        address: &str,
        username: &str,
        password: &Secret,
    ) -> Result<Arc<ResourceOwner>, SignInError> {
        self.throttle
            .admit(username, address)
            .map_err(SignInError::TooManyAttempts)?;
        let owner = self.owners.find_at_equal_cost(username).await?;
        let hash = owner.as_ref().map(|owner| &owner.password);
        let verdict = self.passwords.verify(password, hash).await;
        match (verdict, owner) {
            (Ok(true), Some(owner)) => Ok(owner),
            (Ok(true | false), owner) => Err(SignInError::BadCredentials {
                owner: owner.map(|owner| owner.name.clone()),
            }),
            (Err(error), _) => Err(SignInError::Busy(error)),
        }
    }
}
