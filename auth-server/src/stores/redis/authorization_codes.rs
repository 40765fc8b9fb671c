//! Authorization codes.

use async_trait::async_trait;

use super::RedisStore;
use super::records::{damaged, decode, encode, with_time};
use crate::records::AuthorizationCode;
use crate::records::CodeId;
use crate::stores::{
    AuthorizationCodeStore, LONGEST_LIFE_SECS, MEMORY_OF_THE_ENDED_SECS, Redemption, StoreError,
};

#[async_trait]
impl AuthorizationCodeStore for RedisStore {
    async fn store_code(&self, id: &CodeId, code: &AuthorizationCode) -> Result<(), StoreError> {
        let mut command = redis::cmd("SET");
        command
            .arg(self.keys.code(id))
            .arg(with_time(code.expires_at, &encode(code)?))
            .arg("EX")
            .arg(self.ttl_secs(code.expires_at));
        self.connection.query(&command).await
    }

    async fn redeem_code(&self, id: &CodeId) -> Result<Redemption, StoreError> {
        let mut script = self.scripts.redeem_code.key(self.keys.code(id));
        script
            .arg(self.now().as_secs())
            .arg(MEMORY_OF_THE_ENDED_SECS)
            .arg(LONGEST_LIFE_SECS);
        let answer: Vec<String> = self.connection.invoke(&script).await?;
        let answer: Vec<&str> = answer.iter().map(String::as_str).collect();
        match answer.as_slice() {
            ["redeemed", code] => Ok(Redemption::Redeemed(decode(code)?)),
            ["replayed"] => Ok(Redemption::Replayed {
                grant_id: id.grant_id(),
            }),
            ["unknown"] => Ok(Redemption::Unknown),
            _ => Err(damaged("a code that cannot be read")),
        }
    }
}
