//! Second factors: one hash of them all, a field for each owner, without a TTL, because one is kept until it is removed.

use async_trait::async_trait;

use super::RedisStore;
use super::records::{decode, encode};
use crate::records::SecondFactor;
use crate::stores::{SecondFactorStore, StoreError};

#[async_trait]
impl SecondFactorStore for RedisStore {
    async fn find_second_factor(&self, owner: &str) -> Result<Option<SecondFactor>, StoreError> {
        let record = self.second_factor_record(owner).await?;
        record.as_deref().map(decode).transpose()
    }

    async fn add_second_factor(&self, factor: &SecondFactor) -> Result<bool, StoreError> {
        let mut command = redis::cmd("HSETNX");
        let key = self.keys.second_factors();
        command.arg(key).arg(&factor.owner).arg(encode(factor)?);
        self.connection.query(&command).await
    }

    async fn replace_second_factor(
        &self,
        known: &SecondFactor,
        replacement: &SecondFactor,
    ) -> Result<bool, StoreError> {
        // As it stands there: an older server may have written it in another order.
        let Some(record) = self.second_factor_record(&known.owner).await? else {
            return Ok(false);
        };
        if decode::<SecondFactor>(&record)? != *known {
            return Ok(false);
        }
        let key = self.keys.second_factors();
        let mut script = self.scripts.replace_registration.key(key);
        script.arg(&known.owner).arg(record);
        script.arg(encode(replacement)?);
        self.connection.invoke(&script).await
    }

    async fn remove_second_factor(&self, owner: &str) -> Result<bool, StoreError> {
        let mut command = redis::cmd("HDEL");
        command.arg(self.keys.second_factors()).arg(owner);
        self.connection.query(&command).await
    }
}

impl RedisStore {
    async fn second_factor_record(&self, owner: &str) -> Result<Option<String>, StoreError> {
        let mut command = redis::cmd("HGET");
        command.arg(self.keys.second_factors()).arg(owner);
        self.connection.query(&command).await
    }
}
