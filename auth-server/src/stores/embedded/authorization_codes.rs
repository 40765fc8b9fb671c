//! Authorization codes.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::EmbeddedStore;
use super::keys::Key;
use super::records::{Changes, View, encode};
use crate::records::AuthorizationCode;
use crate::records::CodeId;
use crate::stores::{AuthorizationCodeStore, MEMORY_OF_THE_ENDED_SECS, Redemption, StoreError};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredCode {
    Fresh(Box<AuthorizationCode>),
    /// Only that it was used is remembered.
    Used,
}

#[async_trait]
impl AuthorizationCodeStore for EmbeddedStore {
    async fn store_code(&self, id: &CodeId, code: &AuthorizationCode) -> Result<(), StoreError> {
        let (key, expires_at) = (Key::code(id), code.expires_at);
        let record = encode(&StoredCode::Fresh(Box::new(code.clone())))?;
        self.write(move |view| {
            let mut changes = view.changes();
            changes.put(key, expires_at, record);
            Ok(((), changes))
        })
        .await
    }

    async fn redeem_code(&self, id: &CodeId) -> Result<Redemption, StoreError> {
        let id = *id;
        self.write(move |view| redeem(view, &id)).await
    }
}

fn redeem(view: &View<'_>, id: &CodeId) -> Result<(Redemption, Changes), StoreError> {
    let key = Key::code(id);
    let mut changes = view.changes();
    let redemption = match view.find(&key)? {
        None => Redemption::Unknown,
        Some(StoredCode::Used) => Redemption::Replayed {
            grant_id: id.grant_id(),
        },
        Some(StoredCode::Fresh(code)) => {
            let forget_at = code.expires_at.plus_secs(MEMORY_OF_THE_ENDED_SECS);
            changes.put(key, forget_at, encode(&StoredCode::Used)?);
            Redemption::Redeemed(*code)
        }
    };
    Ok((redemption, changes))
}
