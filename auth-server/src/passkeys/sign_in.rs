//! Signing in with a passkey.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::authenticator_data::AuthenticatorData;
use super::challenge::{Answered, Purpose};
use super::client_data::{Ceremony, challenge_in};
use super::error::PasskeyError;
use super::messages::Assertion;
use super::public_key::PublicKey;
use super::{ATTEMPTS, Passkeys};
use crate::records::{OwnerPasskeys, Passkey, SessionId};
use crate::resource_owners::owner::ResourceOwner;
use crate::stores::StoreError;

/// An owner who has shown a passkey.
#[derive(Clone, Debug)]
pub struct PasskeyShown {
    /// Who that is.
    pub owner: Arc<ResourceOwner>,
    /// Which passkey.
    pub id: String,
}

/// A passkey that is not accepted.
#[derive(Debug)]
pub struct PasskeyRejection {
    /// Whose it is, as far as that is proved.
    pub owner: Option<String>,
    /// Why.
    pub error: PasskeyError,
}

impl From<PasskeyError> for PasskeyRejection {
    fn from(error: PasskeyError) -> Self {
        Self { owner: None, error }
    }
}

impl From<StoreError> for PasskeyRejection {
    fn from(error: StoreError) -> Self {
        PasskeyError::from(error).into()
    }
}

impl Passkeys {
    /// Whose passkey was shown for what [`Passkeys::ask`] asked for in this session. Where somebody has shown the password
    /// already, it has to be the same owner's. (§7.2)
    pub async fn sign_in(
        &self,
        session: &SessionId,
        awaited: Option<&str>,
        sent: &str,
    ) -> Result<PasskeyShown, PasskeyRejection> {
        let sent = Assertion::parse(sent)?;
        let challenge = challenge_in(&sent.client_data, Ceremony::Get, &self.relying_party)?;
        let answered = self.answered(&challenge, session, Purpose::SignIn)?;
        let data = AuthenticatorData::parse(&sent.authenticator_data)?;
        data.check(&self.relying_party)?;
        let known = self.store.find_passkeys_by_handle(&sent.user_handle);
        let known = known.await?.ok_or(PasskeyError::Unknown)?;
        let passkey = passkey_of(&known, &sent.id)?;
        if !is_signed_by(passkey, &sent)? {
            return Err(PasskeyError::Signature.into());
        }
        let owner = self.let_in(&answered, &known.owner, awaited).await;
        let used = match owner {
            Ok(owner) => self
                .use_up(known.clone(), &sent.id, data.sign_count)
                .await
                .map(|()| owner),
            Err(error) => Err(error),
        };
        match used {
            Ok(owner) => Ok(PasskeyShown { owner, id: sent.id }),
            Err(error) => Err(PasskeyRejection {
                owner: Some(known.owner),
                error,
            }),
        }
    }

    /// The signature is good. The account may be locked or gone, as it is now.
    async fn let_in(
        &self,
        answered: &Answered,
        owner: &str,
        awaited: Option<&str>,
    ) -> Result<Arc<ResourceOwner>, PasskeyError> {
        if awaited.is_some_and(|awaited| awaited != owner) {
            return Err(PasskeyError::OtherOwner);
        }
        let found = self.owners.find_at_equal_cost(owner).await?;
        let found = found.filter(|found| !found.disabled && found.name == owner);
        let found = found.ok_or(PasskeyError::Account)?;
        self.spend(answered).await?;
        Ok(found)
    }

    /// Notes that a passkey was used. An authenticator that counts counts forward (§6.1.1); of two that count alike, one is a
    /// copy.
    async fn use_up(
        &self,
        mut known: OwnerPasskeys,
        id: &str,
        sign_count: u32,
    ) -> Result<(), PasskeyError> {
        for _ in 0..ATTEMPTS {
            let counted = passkey_of(&known, id)?.sign_count;
            if (counted != 0 || sign_count != 0) && sign_count <= counted {
                return Err(PasskeyError::Counter);
            }
            let mut new = known.clone();
            let used = new.passkeys.iter_mut().filter(|passkey| passkey.id == id);
            for passkey in used {
                passkey.sign_count = sign_count;
                passkey.last_used_at = Some(self.clock.now());
            }
            if self.store.replace_passkeys(Some(&known), &new).await? {
                return Ok(());
            }
            let found = self.store.find_passkeys(&known.owner).await?;
            known = found.ok_or(PasskeyError::Unknown)?;
        }
        Err(PasskeyError::Contended)
    }
}

fn passkey_of<'a>(known: &'a OwnerPasskeys, id: &str) -> Result<&'a Passkey, PasskeyError> {
    let mut passkeys = known.passkeys.iter();
    let found = passkeys.find(|passkey| passkey.id == id);
    found.ok_or(PasskeyError::Unknown)
}

fn is_signed_by(passkey: &Passkey, sent: &Assertion) -> Result<bool, PasskeyError> {
    let damaged = || StoreError::Damaged("the public key of a passkey".to_owned());
    let key = URL_SAFE_NO_PAD.decode(&passkey.public_key);
    let key = PublicKey::read(&key.map_err(|_| damaged())?).map_err(|_| damaged())?;
    let hash = Sha256::digest(&sent.client_data);
    let message = [sent.authenticator_data.as_slice(), &hash].concat();
    Ok(key.verify(&message, &sent.signature))
}
