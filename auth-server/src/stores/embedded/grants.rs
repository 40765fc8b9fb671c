//! GrantStore as a whole.

use async_trait::async_trait;

use super::EmbeddedStore;
use super::access_tokens::end_access_tokens;
use super::keys::Key;
use super::records::{Changes, View, encode};
use crate::records::GrantId;
use crate::stores::{GrantStore, MEMORY_OF_THE_ENDED_SECS, StoreError};

#[async_trait]
impl GrantStore for EmbeddedStore {
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<(), StoreError> {
        let grant_id = *grant_id;
        self.write(move |view| {
            let mut changes = view.changes();
            end_grant(view, &grant_id, &mut changes)?;
            Ok(((), changes))
        })
        .await
    }
}

/// Ends every token of a grant, and remembers that it ended.
pub(super) fn end_grant(
    view: &View<'_>,
    grant_id: &GrantId,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    end_access_tokens(view, grant_id, changes)?;
    for key in view.keys(&Key::refresh_tokens_of(grant_id))? {
        changes.remove(key);
    }
    let forget_at = view.now().plus_secs(MEMORY_OF_THE_ENDED_SECS);
    changes.put(Key::revocation(grant_id), forget_at, encode(&())?);
    Ok(())
}

impl View<'_> {
    /// Whether a grant was revoked within the last day.
    pub(super) fn is_revoked(&self, grant_id: &GrantId) -> Result<bool, StoreError> {
        let marker: Option<()> = self.find(&Key::revocation(grant_id))?;
        Ok(marker.is_some())
    }
}
