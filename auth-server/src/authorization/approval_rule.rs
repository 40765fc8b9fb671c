//! What whoever embeds the server says about approvals, beside what owners decide.

use async_trait::async_trait;
use symbolon::scope::Scope;

use crate::clients::client::Client;
use crate::resource_owners::owner::ResourceOwner;
use crate::stores::StoreError;

/// Says for a client and an owner which scopes are approved without asking, and which may not be given. It is asked each
/// time that an authorization request of a signed-in owner goes on, and its last answer counts: on the way to the page, and
/// again when the page's form comes back.
#[async_trait]
pub trait ApprovalRule: Send + Sync {
    /// Rules on the scopes that are asked for. An error ends the request as a store does that is away.
    async fn rule(
        &self,
        client: &Client,
        owner: &ResourceOwner,
        scope: &Scope,
    ) -> Result<ScopeRuling, StoreError>;
}

/// What a rule says. Names that were not asked for count for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeRuling {
    /// Given without asking the owner.
    pub approved: Scope,
    /// Not given, whatever the owner says. When nothing is left, the client is told `access_denied`.
    pub withheld: Scope,
}
