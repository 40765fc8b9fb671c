//! The second factor of owners who have set one up: codes of an authenticator app
//! ([RFC 6238](https://www.rfc-editor.org/rfc/rfc6238)), and recovery codes for whoever has lost it.
//!
//! The secret is kept sealed, recovery codes as digests only. Each code is good once: the write that accepts it replaces
//! the record that it was checked against, so of many at once one gets its way.

mod app_secret;
mod brake;
mod recovery_codes;

use std::sync::Arc;

use symbolon::clock::{Clock, Timestamp};
use symbolon::random::Random;
use symbolon::secret::Secret;

pub use app_secret::{AppSecret, AppSecretError};
pub use brake::CodeBrake;
pub use recovery_codes::RecoveryCodes;

use crate::keys::KeyRing;
use crate::keys::sealing::SealingError;
use crate::records::SecondFactor;
use crate::stores::{SecondFactorStore, StoreError, or_if_damaged};

/// How often a code is checked anew against a record that somebody else was faster to change.
const ATTEMPTS: usize = 3;

/// Under which names secrets are sealed: one in a form is none in the store.
const KEPT: &str = "second factor of ";
const PROPOSED: &str = "proposed second factor of ";

/// Why a second factor is not accepted, or not changed.
#[derive(Debug, thiserror::Error)]
pub enum SecondFactorError {
    /// The code is wrong, too old, or was used before.
    #[error("the code is not good")]
    WrongCode,
    /// Too many wrong ones before it.
    #[error("too many codes")]
    TooManyAttempts {
        /// When it is worth trying again, in seconds.
        retry_after_secs: u64,
    },
    /// The owner has none.
    #[error("there is no second factor")]
    None,
    /// The owner has one already, or others change it all the time.
    #[error("there is another second factor")]
    Another,
    /// The secret cannot be sealed or opened.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// The secret is none.
    #[error(transparent)]
    Secret(#[from] AppSecretError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an owner has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A code of the app.
    Code,
    /// A recovery code, which is good no more.
    RecoveryCode {
        /// How many are left.
        left: usize,
    },
}

/// What an owner may know of the second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnrolledFactor {
    /// Since when it is asked for.
    pub since: Timestamp,
    /// How many recovery codes are left.
    pub recovery_codes: usize,
}

/// A secret that is shown to its owner and not kept before a code of it was typed.
#[derive(Debug)]
pub struct Proposal {
    /// What the app is to take over.
    pub secret: AppSecret,
    /// The same, sealed for its owner: what the form brings back.
    pub sealed: String,
}

/// Sets second factors up and checks them.
#[derive(Clone)]
pub struct SecondFactors {
    /// Where they are kept.
    pub store: Arc<dyn SecondFactorStore>,
    /// Seal secrets.
    pub keys: Arc<KeyRing>,
    /// Slows guesses down.
    pub brake: Arc<CodeBrake>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

impl std::fmt::Debug for SecondFactors {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SecondFactors")
            .finish_non_exhaustive()
    }
}

impl SecondFactors {
    /// The second factor of an owner, as the owner may know it.
    pub async fn of(&self, owner: &str) -> Result<Option<EnrolledFactor>, StoreError> {
        let found = self.store.find_second_factor(owner).await?;
        Ok(found.map(|factor| EnrolledFactor {
            since: factor.enrolled_at,
            recovery_codes: factor.recovery_codes.len(),
        }))
    }

    /// Whether an owner is asked for one: also where what is kept of it cannot be read.
    pub async fn is_asked_of(&self, owner: &str) -> Result<bool, StoreError> {
        let found = self.store.find_second_factor(owner).await;
        or_if_damaged(found.map(|factor| factor.is_some()), || true)
    }

    /// A new secret for an owner.
    pub fn propose(&self, owner: &str) -> Result<Proposal, SecondFactorError> {
        let secret = AppSecret::mint(self.random.as_ref());
        let sealed = self.keys.seal(&proposed(owner), secret.as_bytes())?;
        Ok(Proposal { secret, sealed })
    }

    /// The secret that was proposed to this owner, from what the form brings back; `None` when it is none.
    pub fn proposed(&self, owner: &str, sealed: &str) -> Option<Proposal> {
        let opened = self.keys.open(&proposed(owner), sealed).ok()?;
        let secret = AppSecret::from_bytes(&opened).ok()?;
        let sealed = sealed.to_owned();
        Some(Proposal { secret, sealed })
    }

    /// Whether this is a code of a secret that is proposed. That code is used by enrolling.
    pub fn is_code_of(&self, proposal: &Proposal, typed: &str) -> bool {
        proposal.secret.step_of(typed, self.clock.now()).is_some()
    }

    /// Keeps a proposed secret of which a code was typed, where the owner has none; answers the recovery codes.
    pub async fn enrol(
        &self,
        owner: &str,
        proposal: &Proposal,
        typed: &str,
    ) -> Result<RecoveryCodes, SecondFactorError> {
        let now = self.clock.now();
        let step = proposal.secret.step_of(typed, now);
        let codes = RecoveryCodes::mint(self.random.as_ref());
        let factor = SecondFactor {
            owner: owner.to_owned(),
            secret: self.keys.seal(&kept(owner), proposal.secret.as_bytes())?,
            enrolled_at: now,
            last_step: Some(step.ok_or(SecondFactorError::WrongCode)?),
            recovery_codes: codes.digests(),
        };
        if self.store.add_second_factor(&factor).await? {
            Ok(codes)
        } else {
            Err(SecondFactorError::Another)
        }
    }

    /// Takes a code of the app or a recovery code, once. Who asks has shown the password: nobody else can use up what the
    /// brake lets through.
    pub async fn verify(&self, owner: &str, typed: &Secret) -> Result<Proof, SecondFactorError> {
        let counted = self.brake.count(owner);
        counted.map_err(|wait| SecondFactorError::TooManyAttempts {
            retry_after_secs: wait.as_secs().max(1),
        })?;
        let verified = self.accept(owner, typed.expose()).await;
        match &verified {
            Ok(_) => self.brake.forget(owner),
            Err(SecondFactorError::WrongCode) => self.brake.slow_down(owner),
            Err(_) => self.brake.take_back(owner),
        }
        verified
    }

    async fn accept(&self, owner: &str, typed: &str) -> Result<Proof, SecondFactorError> {
        for _ in 0..ATTEMPTS {
            let known = self.store.find_second_factor(owner).await?;
            let known = known.ok_or(SecondFactorError::None)?;
            let (replacement, proof) = self
                .used(&known, typed)?
                .ok_or(SecondFactorError::WrongCode)?;
            let replaced = self.store.replace_second_factor(&known, &replacement);
            if replaced.await? {
                return Ok(proof);
            }
        }
        Err(SecondFactorError::WrongCode)
    }

    /// The record after this code was used; `None` when it is not good.
    fn used(
        &self,
        known: &SecondFactor,
        typed: &str,
    ) -> Result<Option<(SecondFactor, Proof)>, SecondFactorError> {
        if let Some(left) = recovery_codes::without(&known.recovery_codes, typed) {
            let proof = Proof::RecoveryCode { left: left.len() };
            let replacement = SecondFactor {
                recovery_codes: left,
                ..known.clone()
            };
            return Ok(Some((replacement, proof)));
        }
        let opened = self.keys.open(&kept(&known.owner), &known.secret)?;
        let step = AppSecret::from_bytes(&opened)?.step_of(typed, self.clock.now());
        let is_new = |step: &u64| known.last_step.is_none_or(|last| *step > last);
        Ok(step.filter(is_new).map(|step| {
            let replacement = SecondFactor {
                last_step: Some(step),
                ..known.clone()
            };
            (replacement, Proof::Code)
        }))
    }

    /// New recovery codes in the place of those that are left.
    pub async fn renew_recovery_codes(
        &self,
        owner: &str,
    ) -> Result<RecoveryCodes, SecondFactorError> {
        let codes = RecoveryCodes::mint(self.random.as_ref());
        for _ in 0..ATTEMPTS {
            let known = self.store.find_second_factor(owner).await?;
            let known = known.ok_or(SecondFactorError::None)?;
            let replacement = SecondFactor {
                recovery_codes: codes.digests(),
                ..known.clone()
            };
            let replaced = self.store.replace_second_factor(&known, &replacement);
            if replaced.await? {
                return Ok(codes);
            }
        }
        Err(SecondFactorError::Another)
    }

    /// Removes it; answers whether there was one.
    pub async fn remove(&self, owner: &str) -> Result<bool, StoreError> {
        self.store.remove_second_factor(owner).await
    }
}

fn kept(owner: &str) -> String {
    format!("{KEPT}{owner}")
}

fn proposed(owner: &str) -> String {
    format!("{PROPOSED}{owner}")
}
