//! Grants as a whole: what was issued from one approval ends together.

use async_trait::async_trait;
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;

use crate::records::{Given, GrantId};
use crate::stores::{Observed, SearchPlace, StoreError};

/// A grant that still opens something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenGrant {
    /// Its id.
    pub grant_id: GrantId,
    /// Who gave it; `None` when the client acts for itself.
    pub owner: Option<String>,
    /// To whom, and what for.
    pub given: Given,
    /// When it is over at the latest.
    pub expires_at: Timestamp,
}

/// A part of what a search comes to: what was found among a bounded number of records, which may be nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchPart {
    /// What was found.
    pub found: Vec<GivenGrant>,
    /// Where to go on; `None` when all records were looked at.
    pub next: Option<SearchPlace>,
}

impl SearchPart {
    /// All there is.
    pub const fn whole(found: Vec<GivenGrant>) -> Self {
        Self { found, next: None }
    }
}

/// Ends grants.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// Ends a grant: every access and refresh token of it is gone when this returns, and nothing can be
    /// issued into it for a day, so that a request under way cannot bring it back. Of all who end it at once the one that has
    /// ended it is told so.
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<bool, StoreError>;

    /// What an owner gave that still opens something: a code, an access token or a refresh token.
    async fn list_grants(&self, owner: &str) -> Result<Vec<GivenGrant>, StoreError>;

    /// The same, a part at a time.
    async fn list_grants_from(
        &self,
        owner: &str,
        from: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError>;

    /// A grant that has an access token or a refresh token. One of which nobody has exchanged the code yet is not found.
    async fn find_grant(&self, grant_id: &GrantId) -> Result<Option<GivenGrant>, StoreError>;

    /// What a client holds that still opens something: what owners gave it, and its own. There is no index by client,
    /// so everything is looked at, a part at a time. A grant that is there from the first part to the last is
    /// found in one of them; one that is issued meanwhile may be missed, and where a store moves its records meanwhile,
    /// one may be found twice.
    async fn search_grants(
        &self,
        client_id: &ClientId,
        from: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError>;
}

#[async_trait]
impl GrantStore for Observed<dyn GrantStore> {
    async fn revoke_grant(&self, grant_id: &GrantId) -> Result<bool, StoreError> {
        self.observe("revoke_grant", self.port.revoke_grant(grant_id))
            .await
    }

    async fn list_grants(&self, owner: &str) -> Result<Vec<GivenGrant>, StoreError> {
        self.observe("list_grants", self.port.list_grants(owner))
            .await
    }

    async fn list_grants_from(
        &self,
        owner: &str,
        from: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError> {
        self.observe("list_grants_from", self.port.list_grants_from(owner, from))
            .await
    }

    async fn find_grant(&self, grant_id: &GrantId) -> Result<Option<GivenGrant>, StoreError> {
        self.observe("find_grant", self.port.find_grant(grant_id))
            .await
    }

    async fn search_grants(
        &self,
        client_id: &ClientId,
        from: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError> {
        self.observe("search_grants", self.port.search_grants(client_id, from))
            .await
    }
}
