//! Accounts that people make for themselves: a key for each link, in the slot of the accounts.

use async_trait::async_trait;

use super::RedisStore;
use super::lists::Listed as _;
use super::records::{damaged, decode, encode, split_time, with_time};
use crate::records::{LinkId, OwnerRegistration, SignUp};
use crate::stores::{SignUpOutcome, SignUpStore, StoreError, or_if_damaged};

#[async_trait]
impl SignUpStore for RedisStore {
    async fn store_sign_up(&self, id: &LinkId, sign_up: &SignUp) -> Result<(), StoreError> {
        let record = with_time(sign_up.expires_at, &encode(sign_up)?);
        let mut command = redis::cmd("SET");
        command.arg(self.keys.sign_up(id)).arg(record);
        command.arg("EX").arg(self.ttl_secs(sign_up.expires_at));
        self.connection.query(&command).await
    }

    async fn find_sign_up(&self, id: &LinkId) -> Result<Option<SignUp>, StoreError> {
        let mut command = redis::cmd("GET");
        command.arg(self.keys.sign_up(id));
        let record: Option<String> = self.connection.query(&command).await?;
        let read = |text: String| decode::<SignUp>(split_time(&text)?.1);
        let found = or_if_damaged(record.map(read).transpose(), || None)?;
        Ok(found.filter(|sign_up| self.now() < sign_up.expires_at))
    }

    async fn complete_sign_up(
        &self,
        id: &LinkId,
        owner: &OwnerRegistration,
    ) -> Result<SignUpOutcome, StoreError> {
        let keys = self.keys.owners();
        let mut script = self.scripts.complete_sign_up.key(self.keys.sign_up(id));
        script.key(&keys.records).key(&keys.names).key(&keys.lists);
        script.arg(self.now().as_secs()).arg(&owner.name);
        script.arg(encode(owner)?).arg(owner.members());
        let answer: String = self.connection.invoke(&script).await?;
        match answer.as_str() {
            "added" => Ok(SignUpOutcome::Added),
            "taken" => Ok(SignUpOutcome::Taken),
            "over" => Ok(SignUpOutcome::Over),
            _ => Err(damaged("an answer that no script gives")),
        }
    }
}
