//! Passkeys: one hash of them all, a field for each owner, and one of whose handle is whose, both without a TTL, because
//! passkeys are kept until they are removed. What an owner has is decided in the first alone: a handle that leads to a record
//! which has another leads nowhere.

use async_trait::async_trait;
use symbolon::clock::Timestamp;

use super::RedisStore;
use super::records::{decode, encode};
use crate::records::{OwnerPasskeys, UserHandle};
use crate::stores::{ChallengeId, PasskeyStore, StoreError, or_if_damaged};

#[async_trait]
impl PasskeyStore for RedisStore {
    async fn find_passkeys(&self, owner: &str) -> Result<Option<OwnerPasskeys>, StoreError> {
        let record = self.passkeys_record(owner).await?;
        record.as_deref().map(decode).transpose()
    }

    async fn find_passkeys_by_handle(
        &self,
        handle: &UserHandle,
    ) -> Result<Option<OwnerPasskeys>, StoreError> {
        let mut command = redis::cmd("HGET");
        command
            .arg(self.keys.passkey_owners())
            .arg(handle.to_string());
        let owner: Option<String> = self.connection.query(&command).await?;
        let Some(owner) = owner else {
            return Ok(None);
        };
        let found = self.find_passkeys(&owner).await?;
        Ok(found.filter(|found| found.user_handle == *handle))
    }

    /// The handle before the record: whoever stops between, or comes too late, leaves one that leads nowhere.
    async fn replace_passkeys(
        &self,
        known: Option<&OwnerPasskeys>,
        new: &OwnerPasskeys,
    ) -> Result<bool, StoreError> {
        let has_handle = known.is_some_and(|known| known.user_handle == new.user_handle);
        if !has_handle {
            let mut command = redis::cmd("HSET");
            command.arg(self.keys.passkey_owners());
            command.arg(new.user_handle.to_string()).arg(&new.owner);
            let _added: i64 = self.connection.query(&command).await?;
        }
        let is_replaced = self.replace_passkeys_record(known, new).await?;
        if let Some(known) = known.filter(|_| is_replaced && !has_handle) {
            self.forget_handle(&known.user_handle).await?;
        }
        Ok(is_replaced)
    }

    async fn remove_passkeys(&self, owner: &str) -> Result<bool, StoreError> {
        let found = or_if_damaged(self.find_passkeys(owner).await, || None)?;
        let mut command = redis::cmd("HDEL");
        command.arg(self.keys.passkeys()).arg(owner);
        let is_removed = self.connection.query(&command).await?;
        if let Some(found) = found {
            self.forget_handle(&found.user_handle).await?;
        }
        Ok(is_removed)
    }

    async fn spend_challenge(
        &self,
        id: &ChallengeId,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut command = redis::cmd("SET");
        command
            .arg(self.keys.spent_challenge(id))
            .arg(expires_at.as_secs());
        command.arg("NX").arg("EX").arg(self.ttl_secs(expires_at));
        let set: Option<String> = self.connection.query(&command).await?;
        Ok(set.is_some())
    }
}

impl RedisStore {
    async fn passkeys_record(&self, owner: &str) -> Result<Option<String>, StoreError> {
        let mut command = redis::cmd("HGET");
        command.arg(self.keys.passkeys()).arg(owner);
        self.connection.query(&command).await
    }

    async fn replace_passkeys_record(
        &self,
        known: Option<&OwnerPasskeys>,
        new: &OwnerPasskeys,
    ) -> Result<bool, StoreError> {
        let Some(known) = known else {
            let mut command = redis::cmd("HSETNX");
            command.arg(self.keys.passkeys()).arg(&new.owner);
            command.arg(encode(new)?);
            return self.connection.query(&command).await;
        };
        // As it stands there: an older server may have written it in another order.
        let Some(record) = self.passkeys_record(&known.owner).await? else {
            return Ok(false);
        };
        if decode::<OwnerPasskeys>(&record)? != *known {
            return Ok(false);
        }
        let key = self.keys.passkeys();
        let mut script = self.scripts.replace_registration.key(key);
        script.arg(&known.owner).arg(record).arg(encode(new)?);
        self.connection.invoke(&script).await
    }

    async fn forget_handle(&self, handle: &UserHandle) -> Result<(), StoreError> {
        let mut command = redis::cmd("HDEL");
        command
            .arg(self.keys.passkey_owners())
            .arg(handle.to_string());
        let _removed: i64 = self.connection.query(&command).await?;
        Ok(())
    }
}
