//! Authorization codes.

use std::borrow::Cow;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;

use super::EmbeddedStore;
use super::given::NewEntry;
use super::keys::Key;
use super::records::{Changes, View, encode};
use crate::records::{AuthorizationCode, CodeBinding, CodeId, Given, GrantId, ShownWithCode};
use crate::stores::{
    AuthorizationCodeStore, Issuance, MEMORY_OF_THE_ENDED_SECS, Redemption, StoreError,
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StoredCode {
    Fresh(Box<AuthorizationCode>),
    /// Only who may end something by a second use is remembered, and what.
    Used {
        binding: CodeBinding,
        expires_at: Timestamp,
        reused: Option<GrantId>,
    },
}

impl StoredCode {
    fn binding(&self) -> Cow<'_, CodeBinding> {
        match self {
            Self::Fresh(code) => Cow::Owned(code.binding()),
            Self::Used { binding, .. } => Cow::Borrowed(binding),
        }
    }
}

#[async_trait]
impl AuthorizationCodeStore for EmbeddedStore {
    async fn store_code(&self, id: &CodeId, code: &AuthorizationCode) -> Result<(), StoreError> {
        let (key, expires_at) = (Key::code(id), code.expires_at);
        let record = encode(&StoredCode::Fresh(Box::new(code.clone())))?;
        let entry = Given::by_code(code).map(|(owner, given)| NewEntry {
            owner: owner.to_owned(),
            grant_id: id.grant_id(),
            given,
            expires_at,
        });
        self.write(move |view| {
            let mut changes = view.changes();
            changes.put(key, expires_at, record);
            if let Some(entry) = entry {
                entry.write(view, &mut changes)?;
            }
            Ok(((), changes))
        })
        .await
    }

    async fn redeem_code(
        &self,
        id: &CodeId,
        shown: &ShownWithCode,
    ) -> Result<Redemption, StoreError> {
        let (id, shown) = (*id, shown.clone());
        self.write(move |view| redeem(view, &id, &shown)).await
    }

    async fn note_reuse(&self, id: &CodeId, reused: &GrantId) -> Result<Issuance, StoreError> {
        let (id, reused) = (*id, *reused);
        self.write(move |view| note_reuse(view, &id, reused)).await
    }
}

fn redeem(
    view: &View<'_>,
    id: &CodeId,
    shown: &ShownWithCode,
) -> Result<(Redemption, Changes), StoreError> {
    let key = Key::code(id);
    let mut changes = view.changes();
    let Some(code) = view.find::<StoredCode>(&key)? else {
        return Ok((Redemption::Unknown, changes));
    };
    if let Err(mismatch) = code.binding().compare(shown) {
        return Ok((Redemption::NotBoundTo(mismatch), changes));
    }
    let redemption = match code {
        StoredCode::Used { reused, .. } => Redemption::Replayed {
            grant_id: id.grant_id(),
            reused,
        },
        StoredCode::Fresh(code) => {
            let expires_at = code.expires_at;
            let used = StoredCode::Used {
                binding: code.binding(),
                expires_at,
                reused: None,
            };
            changes.put(key, forget_at(expires_at), encode(&used)?);
            Redemption::Redeemed(*code)
        }
    };
    Ok((redemption, changes))
}

fn note_reuse(
    view: &View<'_>,
    id: &CodeId,
    reused: GrantId,
) -> Result<(Issuance, Changes), StoreError> {
    let key = Key::code(id);
    let mut changes = view.changes();
    if view.is_revoked(&id.grant_id())? {
        return Ok((Issuance::GrantRevoked, changes));
    }
    if let Some(mut code) = view.find(&key)?
        && let StoredCode::Used {
            expires_at,
            reused: noted,
            ..
        } = &mut code
    {
        *noted = Some(reused);
        let until = forget_at(*expires_at);
        changes.put(key, until, encode(&code)?);
    }
    Ok((Issuance::Issued, changes))
}

/// Until when a code is remembered that is used.
const fn forget_at(expires_at: Timestamp) -> Timestamp {
    expires_at.plus_secs(MEMORY_OF_THE_ENDED_SECS)
}
