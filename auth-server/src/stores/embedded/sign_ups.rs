//! Accounts that people make for themselves.

use async_trait::async_trait;

use super::EmbeddedStore;
use super::keys::Key;
use super::owners::put;
use super::records::encode;
use crate::records::{LinkId, OwnerRegistration, SignUp};
use crate::stores::{SignUpOutcome, SignUpStore, StoreError, or_if_damaged};

#[async_trait]
impl SignUpStore for EmbeddedStore {
    async fn store_sign_up(&self, id: &LinkId, sign_up: &SignUp) -> Result<(), StoreError> {
        let (key, expires_at, record) = (Key::sign_up(id), sign_up.expires_at, encode(sign_up)?);
        self.write(move |view| {
            let mut changes = view.changes();
            changes.put(key, expires_at, record);
            Ok(((), changes))
        })
        .await
    }

    async fn find_sign_up(&self, id: &LinkId) -> Result<Option<SignUp>, StoreError> {
        or_if_damaged(self.read(|view| view.find(&Key::sign_up(id))), || None)
    }

    async fn complete_sign_up(
        &self,
        id: &LinkId,
        owner: &OwnerRegistration,
    ) -> Result<SignUpOutcome, StoreError> {
        let (key, owner) = (Key::sign_up(id), owner.clone());
        self.write(move |view| {
            let mut changes = view.changes();
            let found: Option<SignUp> = or_if_damaged(view.find(&key), || None)?;
            let outcome = if found.is_none() {
                SignUpOutcome::Over
            } else if view.holds(&Key::owner(&owner.name))? {
                SignUpOutcome::Taken
            } else {
                changes.remove(key);
                put(view, &mut changes, &owner)?;
                SignUpOutcome::Added
            };
            Ok((outcome, changes))
        })
        .await
    }
}
