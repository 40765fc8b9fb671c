//! Passkeys ([Web Authentication](https://www.w3.org/TR/webauthn-3/)): what an owner signs in with instead of the password. Each is
//! found by its authenticator, which verifies who sits there, so a sign-in with one is as good as one with password and second
//! factor.
//!
//! Formats are read by `ciborium` and `coset`, signatures are checked by `aws-lc-rs`. What remains is here: what is compared with
//! what, in the order of [§7.1](https://www.w3.org/TR/webauthn-3/#sctn-registering-a-new-credential) and
//! [§7.2](https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion).

mod authenticator_data;
mod challenge;
mod client_data;
mod error;
mod messages;
mod public_key;
mod relying_party;
mod sign_in;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use symbolon::clock::Clock;
use symbolon::random::Random;

pub use error::PasskeyError;
pub use relying_party::RelyingParty;
pub use sign_in::{PasskeyRejection, PasskeyShown};

use authenticator_data::AuthenticatorData;
use challenge::{Answered, Bond, Purpose};
use client_data::{Ceremony, challenge_in};
use messages::{NewCredential, creation_options, request_options};
use public_key::PublicKey;

use crate::keys::KeyRing;
use crate::records::{OwnerPasskeys, Passkey, SessionId, UserHandle};
use crate::resource_owners::registry::Owners;
use crate::stores::{PasskeyStore, StoreError};

/// How many an owner may have: one for each device, and some more.
pub const MOST_PASSKEYS: usize = 20;

/// Characters of the longest name of one.
pub const LONGEST_PASSKEY_NAME: usize = 64;

/// How often a change is tried anew when somebody else was faster.
const ATTEMPTS: usize = 3;

/// Adds passkeys and checks them.
#[derive(Clone)]
pub struct Passkeys {
    /// Where they are kept.
    pub store: Arc<dyn PasskeyStore>,
    /// Whose they are may still have an account, or not.
    pub owners: Owners,
    /// Make challenges.
    pub keys: Arc<KeyRing>,
    /// Who asks for them.
    pub relying_party: Arc<RelyingParty>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

impl std::fmt::Debug for Passkeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Passkeys({})", self.relying_party.id)
    }
}

impl Passkeys {
    /// Those of an owner, in the order in which they were added.
    pub async fn of(&self, owner: &str) -> Result<Vec<Passkey>, StoreError> {
        let found = self.store.find_passkeys(owner).await?;
        Ok(found.map(|found| found.passkeys).unwrap_or_default())
    }

    /// What a page of this session asks a browser for, to sign somebody in.
    pub fn ask(&self, session: &SessionId) -> Option<String> {
        let challenge = self.challenge(session, Purpose::SignIn)?;
        Some(request_options(&self.relying_party, &challenge))
    }

    /// What a page of this session asks a browser for, to add a passkey for an owner, who has shown the password just now:
    /// what it asks for is the proof of that. An authenticator is told no handle that is not kept.
    pub async fn begin_addition(
        &self,
        session: &SessionId,
        owner: &str,
    ) -> Result<String, PasskeyError> {
        let known = match self.store.find_passkeys(owner).await? {
            Some(known) => known,
            None => self.with_handle(owner).await?,
        };
        if known.passkeys.len() >= MOST_PASSKEYS {
            return Err(PasskeyError::TooMany);
        }
        let challenge = self.challenge(session, Purpose::Addition { owner });
        let challenge = challenge.ok_or(PasskeyError::NoKey)?;
        Ok(creation_options(&self.relying_party, &known, &challenge))
    }

    async fn with_handle(&self, owner: &str) -> Result<OwnerPasskeys, PasskeyError> {
        let new = OwnerPasskeys {
            owner: owner.to_owned(),
            user_handle: UserHandle::mint(self.random.as_ref()),
            passkeys: Vec::new(),
        };
        if self.store.replace_passkeys(None, &new).await? {
            return Ok(new);
        }
        let known = self.store.find_passkeys(owner).await?;
        known.ok_or(PasskeyError::Contended)
    }

    /// Keeps a passkey that was made for what [`Passkeys::begin_addition`] asked for; answers its id.
    pub async fn add(
        &self,
        session: &SessionId,
        owner: &str,
        name: String,
        sent: &str,
    ) -> Result<String, PasskeyError> {
        let (answered, passkey) = self.made(session, owner, name, sent)?;
        self.spend(&answered).await?;
        let id = passkey.id.clone();
        let is_new = |known: &OwnerPasskeys| {
            known.passkeys.len() < MOST_PASSKEYS && known.passkeys.iter().all(|it| it.id != id)
        };
        let added = self.change(owner, |known| {
            let mut new = known.clone();
            new.passkeys.push(passkey.clone());
            is_new(known).then_some(new)
        });
        if added.await? {
            Ok(id)
        } else {
            Err(PasskeyError::TooMany)
        }
    }

    /// §7.1.
    fn made(
        &self,
        session: &SessionId,
        owner: &str,
        name: String,
        sent: &str,
    ) -> Result<(Answered, Passkey), PasskeyError> {
        let sent = NewCredential::parse(sent)?;
        let challenge = challenge_in(&sent.client_data, Ceremony::Create, &self.relying_party)?;
        let answered = self.answered(&challenge, session, Purpose::Addition { owner })?;
        let data = AuthenticatorData::parse(&sent.authenticator_data)?;
        data.check(&self.relying_party)?;
        let attested = data.attested.ok_or(PasskeyError::Malformed)?;
        if attested.id != sent.id {
            return Err(PasskeyError::Malformed);
        }
        PublicKey::read(attested.public_key)?;
        let passkey = Passkey {
            id: URL_SAFE_NO_PAD.encode(attested.id),
            name,
            added_at: self.clock.now(),
            last_used_at: None,
            public_key: URL_SAFE_NO_PAD.encode(attested.public_key),
            sign_count: data.sign_count,
        };
        Ok((answered, passkey))
    }

    /// Gives a passkey of this owner another name; false when there is none of this id.
    pub async fn rename(&self, owner: &str, id: &str, name: &str) -> Result<bool, PasskeyError> {
        let renamed = self.change(owner, |known| {
            let mut new = known.clone();
            let passkey = new.passkeys.iter_mut().find(|passkey| passkey.id == id)?;
            name.clone_into(&mut passkey.name);
            Some(new)
        });
        renamed.await
    }

    /// Removes a passkey of this owner; false when there is none of this id.
    pub async fn remove(&self, owner: &str, id: &str) -> Result<bool, PasskeyError> {
        let removed = self.change(owner, |known| {
            let mut new = known.clone();
            new.passkeys.retain(|passkey| passkey.id != id);
            (new != *known).then_some(new)
        });
        removed.await
    }

    /// Changes what is kept of an owner; false when `change` finds nothing to be changed there.
    async fn change(
        &self,
        owner: &str,
        change: impl Fn(&OwnerPasskeys) -> Option<OwnerPasskeys> + Send + Sync,
    ) -> Result<bool, PasskeyError> {
        for _ in 0..ATTEMPTS {
            let Some(known) = self.store.find_passkeys(owner).await? else {
                return Ok(false);
            };
            let Some(new) = change(&known) else {
                return Ok(false);
            };
            if self.store.replace_passkeys(Some(&known), &new).await? {
                return Ok(true);
            }
        }
        Err(PasskeyError::Contended)
    }

    fn challenge(&self, session: &SessionId, purpose: Purpose<'_>) -> Option<String> {
        let (random, now) = (self.random.as_ref(), self.clock.now());
        challenge::issue(&self.keys, random, now, Bond { session, purpose })
    }

    fn answered(
        &self,
        challenge: &str,
        session: &SessionId,
        purpose: Purpose<'_>,
    ) -> Result<Answered, PasskeyError> {
        let bond = Bond { session, purpose };
        challenge::read(&self.keys, self.clock.now(), challenge, bond)
    }

    /// Of many who show the same answer one gets its way.
    async fn spend(&self, answered: &Answered) -> Result<(), PasskeyError> {
        let spent = self
            .store
            .spend_challenge(&answered.id, answered.expires_at);
        if spent.await? {
            Ok(())
        } else {
            Err(PasskeyError::Spent)
        }
    }
}
