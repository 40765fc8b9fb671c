//! Authorization codes.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use symbolon::identifiers::ClientId;

use super::RedisStore;
use super::records::{damaged, decode, encode, with_time};
use crate::records::{AuthorizationCode, CodeId, Given, GrantId};
use crate::stores::{
    AuthorizationCodeStore, Issuance, LONGEST_LIFE_SECS, MEMORY_OF_THE_ENDED_SECS, Redemption,
    StoreError,
};

/// How scripts compare clients: any character but the one that ends a name.
fn written(client_id: &ClientId) -> String {
    URL_SAFE_NO_PAD.encode(client_id.as_str())
}

#[async_trait]
impl AuthorizationCodeStore for RedisStore {
    /// The entry in the owner's index is in another slot: it is there before the code.
    async fn store_code(&self, id: &CodeId, code: &AuthorizationCode) -> Result<(), StoreError> {
        if let Some((owner, given)) = Given::by_code(code) {
            self.keep_given(owner, &id.grant_id(), &given, code.expires_at)
                .await?;
        }
        let record = format!("{}:{}", written(&code.grant.client_id), encode(code)?);
        let mut command = redis::cmd("SET");
        command
            .arg(self.keys.code(id))
            .arg(with_time(code.expires_at, &record))
            .arg("EX")
            .arg(self.ttl_secs(code.expires_at));
        self.connection.query(&command).await
    }

    async fn redeem_code(
        &self,
        id: &CodeId,
        client_id: &ClientId,
    ) -> Result<Redemption, StoreError> {
        let mut script = self.scripts.redeem_code.key(self.keys.code(id));
        script
            .arg(self.now().as_secs())
            .arg(MEMORY_OF_THE_ENDED_SECS)
            .arg(LONGEST_LIFE_SECS)
            .arg(written(client_id));
        let answer: Vec<String> = self.connection.invoke(&script).await?;
        let answer: Vec<&str> = answer.iter().map(String::as_str).collect();
        match answer.as_slice() {
            ["redeemed", code] => Ok(Redemption::Redeemed(decode(code)?)),
            ["replayed", reused] => Ok(Redemption::Replayed {
                grant_id: id.grant_id(),
                reused: GrantId::from_text(reused),
            }),
            ["other_client"] => Ok(Redemption::OfOtherClient),
            ["unknown"] => Ok(Redemption::Unknown),
            _ => Err(damaged("a code that cannot be read")),
        }
    }

    async fn note_reuse(&self, id: &CodeId, reused: &GrantId) -> Result<Issuance, StoreError> {
        let mut script = self.scripts.note_reuse.key(self.keys.code(id));
        script
            .key(self.keys.revoked(&id.grant_id()))
            .arg(self.now().as_secs())
            .arg(reused.to_string());
        let answer: String = self.connection.invoke(&script).await?;
        match answer.as_str() {
            "noted" => Ok(Issuance::Issued),
            "grant_revoked" => Ok(Issuance::GrantRevoked),
            _ => Err(damaged("an answer about a code")),
        }
    }
}
